"""The clients and users of the stack: who may ask its auth module for tokens."""

import re
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, TypeVar

from providers.config import Secret
from providers.domain import OAuthClient, OAuthDiscovery, OAuthUser, Page, PageRequest, Provider, Ref
from providers.errors import NotFound, Outcome, ProviderError, Rejected
from providers.formance.client.oauth import (
    CREATE_SECRET,
    DELETE_CLIENT,
    DELETE_SECRET,
    READ_CLIENT,
    READ_USER,
    UPDATE_CLIENT,
    OAuthService,
)
from providers.formance.models import oauth as models
from providers.formance.part import known
from providers.formance.translate import oauth as translate
from providers.http import Endpoint
from providers.operation import Operation
from providers.orders.oauth import OAuthClientOrder, OAuthSecretOrder

_ID = re.compile(r"[^\s/?#%\\]{1,255}")
_ITSELF = "By this client the server itself asks the provider. It has to be deleted elsewhere."

NodeT = TypeVar("NodeT", OAuthClient, OAuthUser)


class OAuth:
    """Implements `ReadsOAuth` and `WritesOAuth`. Ids are any words: operators choose those of some clients."""

    def __init__(self, service: OAuthService) -> None:
        self._service = service

    async def oauth_clients_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[OAuthClient]]:
        """One call: for one client alone, or for all."""
        asked = list(dict.fromkeys(refs))
        if len(asked) == 1:
            return await _found(asked, _listed(self._client(asked[0], operation)))
        return await _found(asked, self._clients(operation))

    async def list_oauth_clients(self, page: PageRequest, operation: Operation) -> Page[OAuthClient]:
        """One call."""
        clients = await self._clients(operation)
        return Page(items=clients, token=page.token, total=len(clients))

    async def oauth_users_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[OAuthUser]]:
        """One call: for one user alone, or for all."""
        asked = list(dict.fromkeys(refs))
        if len(asked) == 1:
            return await _found(asked, _listed(self._user(asked[0], operation)))
        return await _found(asked, self._users(operation))

    async def list_oauth_users(self, page: PageRequest, operation: Operation) -> Page[OAuthUser]:
        """One call."""
        users = await self._users(operation)
        return Page(items=users, token=page.token, total=len(users))

    async def oauth_discovery(self, operation: Operation) -> OAuthDiscovery:
        """One call."""
        return translate.oauth_discovery(await self._service.get_oidc_well_knowns(operation))

    async def create_oauth_client(self, order: OAuthClientOrder, operation: Operation) -> Ref:
        """One call."""
        body = translate.oauth_client_request(order)
        return translate.oauth_client_ref(await self._service.create_client(body, operation))

    async def find_oauth_client(self, notes: Mapping[str, str], operation: Operation) -> Ref | None:
        """One call."""
        clients = await self._clients(operation)
        return next((client.ref for client in clients if _holds(client.metadata, notes)), None)

    async def update_oauth_client(self, client: Ref, order: OAuthClientOrder, operation: Operation) -> None:
        """One call."""
        await self._service.update_client(
            _known(client, UPDATE_CLIENT), translate.oauth_client_request(order), operation
        )

    async def is_oauth_client_so(self, client: Ref, order: OAuthClientOrder, operation: Operation) -> bool:
        """One call."""
        found = await self._client(client, operation)
        now = OAuthClientOrder(
            name=found.name,
            description=found.description or "",
            is_public=found.is_public,
            is_trusted=found.is_trusted,
            redirect_uris=found.redirect_uris,
            post_logout_redirect_uris=found.post_logout_redirect_uris,
            metadata=translate.notes_of(found.metadata),
            scopes=found.scopes,
        )
        return now == order

    async def delete_oauth_client(self, client: Ref, operation: Operation) -> None:
        """One call; none for the client by which the stack is asked, which would be the last one."""
        if client.native_id == self._service.own_id:
            raise Rejected(Provider.FORMANCE, DELETE_CLIENT.operation, _ITSELF)
        await self._service.delete_client(_known(client, DELETE_CLIENT), operation)

    async def create_oauth_secret(self, order: OAuthSecretOrder, operation: Operation) -> Secret:
        """One call."""
        client_id, body = _known(order.client, CREATE_SECRET), models.OAuthSecretRequest(order.name, order.metadata)
        return Secret((await self._service.create_secret(client_id, body, operation)).clear)

    async def find_oauth_secret(self, client: Ref, notes: Mapping[str, str], operation: Operation) -> str | None:
        """One call."""
        found = await self._client(client, operation)
        return next((each.provider_id for each in found.secrets if _holds(each.metadata, notes)), None)

    async def has_oauth_secret(self, client: Ref, secret_id: str, operation: Operation) -> bool:
        """One call."""
        found = await self._client(client, operation)
        return any(each.provider_id == secret_id for each in found.secrets)

    async def delete_oauth_secret(self, client: Ref, secret_id: str, operation: Operation) -> None:
        """One call."""
        client_id = _known(client, DELETE_SECRET)
        if not _ID.fullmatch(secret_id):
            raise NotFound(Provider.FORMANCE, DELETE_SECRET.operation)
        await self._service.delete_secret(client_id, secret_id, operation)

    async def _client(self, ref: Ref, operation: Operation) -> OAuthClient:
        return translate.oauth_client(await self._service.read_client(_known(ref, READ_CLIENT), operation))

    async def _clients(self, operation: Operation) -> tuple[OAuthClient, ...]:
        return tuple(map(translate.oauth_client, await self._service.list_clients(operation)))

    async def _user(self, ref: Ref, operation: Operation) -> OAuthUser:
        return translate.oauth_user(await self._service.read_user(_known(ref, READ_USER), operation))

    async def _users(self, operation: Operation) -> tuple[OAuthUser, ...]:
        return tuple(map(translate.oauth_user, await self._service.list_users(operation)))


def _known(ref: Ref, endpoint: Endpoint) -> str:
    return known(ref, _ID.fullmatch, endpoint)


async def _listed(one: Awaitable[NodeT]) -> tuple[NodeT, ...]:
    return (await one,)


async def _found(refs: Sequence[Ref], reading: Awaitable[tuple[NodeT, ...]]) -> Mapping[Ref, Outcome[NodeT]]:
    try:
        return {node.ref: node for node in await reading}
    except NotFound:
        return {}
    except ProviderError as error:
        return dict.fromkeys(refs, error)


def _holds(metadata: Any, notes: Mapping[str, str]) -> bool:  # noqa: ANN401 - the provider's own JSON
    return notes.items() <= translate.notes_of(metadata).items()
