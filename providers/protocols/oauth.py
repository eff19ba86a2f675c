"""What may be asked of who may have a provider's tokens. The rules are those of `providers.protocols.reads`."""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from providers.domain import OAuthClient, OAuthDiscovery, OAuthUser, Page, PageRequest, Ref
from providers.errors import Outcome
from providers.operation import Operation


@runtime_checkable
class ReadsOAuth(Protocol):
    """Has clients and users of its own."""

    async def oauth_clients_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[OAuthClient]]:
        """Clients by identity."""

    async def list_oauth_clients(self, page: PageRequest, operation: Operation) -> Page[OAuthClient]:
        """All clients. Raises a `ProviderError`."""

    async def oauth_users_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[OAuthUser]]:
        """Users by identity."""

    async def list_oauth_users(self, page: PageRequest, operation: Operation) -> Page[OAuthUser]:
        """All users. Raises a `ProviderError`."""

    async def oauth_discovery(self, operation: Operation) -> OAuthDiscovery:
        """Where tokens are to be had, and which. Raises a `ProviderError`."""
