"""What the stack itself answers: tokens, versions, and how it says no."""

import msgspec


class TokenResponse(msgspec.Struct, frozen=True, gc=False):
    """The answer of the token endpoint. `expires_in` is in seconds."""

    access_token: str
    token_type: str
    expires_in: int | None = None


class ServerInfo(msgspec.Struct, frozen=True, gc=False):
    """The answer of a service's `_info`; it is not wrapped in `data`."""

    version: str = ""


class Version(msgspec.Struct, frozen=True, gc=False):
    """One service as the gateway sees it."""

    name: str
    version: str | None = None
    health: bool | None = None


class Versions(msgspec.Struct, frozen=True, gc=False):
    """The answer of `/versions`, in no order."""

    versions: tuple[Version, ...] = ()


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """An error body of a service (`errorCode`) or of the token endpoint (`error`). Both lists of codes are open."""

    error_code: str | None = msgspec.field(name="errorCode", default=None)
    error: str | None = None
    error_message: object = msgspec.field(name="errorMessage", default=None)
