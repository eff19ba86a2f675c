"""What may be ordered of who may ask for tokens. The rules are those of `providers.orders.money`."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import msgspec

from providers.config import Secret
from providers.domain import Ref
from providers.operation import Operation


class OAuthClientOrder(msgspec.Struct, frozen=True, kw_only=True):
    """All of a client that can be chosen."""

    name: str
    description: str = ""
    is_public: bool = False
    is_trusted: bool = False
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    metadata: Mapping[str, str] = {}
    scopes: tuple[str, ...] = ()


class OAuthSecretOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A secret to be made for a client."""

    client: Ref
    name: str
    metadata: Mapping[str, str] = {}


@runtime_checkable
class WritesOAuth(Protocol):
    """Makes, changes and deletes clients and their secrets."""

    async def create_oauth_client(self, order: OAuthClientOrder, operation: Operation) -> Ref:
        """Make a client."""

    async def find_oauth_client(self, notes: Mapping[str, str], operation: Operation) -> Ref | None:
        """A client whose notes hold these."""

    async def update_oauth_client(self, client: Ref, order: OAuthClientOrder, operation: Operation) -> None:
        """Let a client be as ordered; its secrets stay."""

    async def is_oauth_client_so(self, client: Ref, order: OAuthClientOrder, operation: Operation) -> bool:
        """Whether a client is as ordered. Raises `NotFound`."""

    async def delete_oauth_client(self, client: Ref, operation: Operation) -> None:
        """Delete a client."""

    async def create_oauth_secret(self, order: OAuthSecretOrder, operation: Operation) -> Secret:
        """Make a secret. It can never be read again."""

    async def find_oauth_secret(self, client: Ref, notes: Mapping[str, str], operation: Operation) -> str | None:
        """The provider's id of a client's secret whose notes hold these. Raises `NotFound`."""

    async def has_oauth_secret(self, client: Ref, secret_id: str, operation: Operation) -> bool:
        """Whether a client has a secret of this id. Raises `NotFound`."""

    async def delete_oauth_secret(self, client: Ref, secret_id: str, operation: Operation) -> None:
        """Delete a secret."""
