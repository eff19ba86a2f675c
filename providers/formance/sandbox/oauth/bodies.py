"""Request bodies of the auth module. A body that is left out is as good as an empty one."""

from typing import TypeVar

import msgspec
from starlette.requests import Request

from providers.formance.sandbox.errors import invalid
from providers.formance.sandbox.oauth.records import Client

Body = TypeVar("Body")


class NewClient(msgspec.Struct, rename="camel"):
    """All of a client that can be chosen: a change replaces all of it."""

    name: str = ""
    public: bool = False
    description: str = ""
    trusted: bool = False
    redirect_uris: list[str] | None = None
    post_logout_redirect_uris: list[str] | None = None
    metadata: dict[str, object] | None = None
    scopes: list[str] | None = None

    def apply(self, client: Client) -> None:
        """Let a client be as chosen."""
        client.name, client.description = self.name, self.description
        client.public, client.trusted = self.public, self.trusted
        client.redirect_uris = self.redirect_uris or []
        client.post_logout_redirect_uris = self.post_logout_redirect_uris or []
        client.metadata = self.metadata or {}
        client.scopes = self.scopes or []


class NewSecret(msgspec.Struct):
    """A secret to be made."""

    name: str = ""
    metadata: dict[str, object] | None = None


async def body(request: Request, kind: type[Body]) -> Body:
    """The body as this type. Raises VALIDATION."""
    try:
        return msgspec.json.decode(await request.body() or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise invalid(str(error)) from error
