"""The module that the vendor calls auth: clients, their secrets, users."""

import msgspec

from providers.formance.models import Data
from providers.formance.models.oauth import (
    Discovery,
    NewOAuthSecret,
    OAuthClient,
    OAuthClientRequest,
    OAuthSecretRequest,
    OAuthUser,
)
from providers.http import Endpoint, Upstream
from providers.operation import Operation

_CLIENT = "/api/auth/clients/{clientId}"

LIST_CLIENTS = Endpoint("list_clients", "GET", "/api/auth/clients")
CREATE_CLIENT = Endpoint("create_client", "POST", "/api/auth/clients")
READ_CLIENT = Endpoint("read_client", "GET", _CLIENT)
UPDATE_CLIENT = Endpoint("update_client", "PUT", _CLIENT)
DELETE_CLIENT = Endpoint("delete_client", "DELETE", _CLIENT)
CREATE_SECRET = Endpoint("create_secret", "POST", f"{_CLIENT}/secrets")
DELETE_SECRET = Endpoint("delete_secret", "DELETE", f"{_CLIENT}/secrets/{{secretId}}")
LIST_USERS = Endpoint("list_users", "GET", "/api/auth/users")
READ_USER = Endpoint("read_user", "GET", "/api/auth/users/{userId}")
GET_DISCOVERY = Endpoint("get_oidc_well_knowns", "GET", "/api/auth/.well-known/openid-configuration")

_CLIENTS: "msgspec.json.Decoder[Data[tuple[OAuthClient, ...] | None]]" = msgspec.json.Decoder(
    Data[tuple[OAuthClient, ...] | None]
)
_ONE = msgspec.json.Decoder(Data[OAuthClient])
_SECRET = msgspec.json.Decoder(Data[NewOAuthSecret])
_USERS: "msgspec.json.Decoder[Data[tuple[OAuthUser, ...] | None]]" = msgspec.json.Decoder(
    Data[tuple[OAuthUser, ...] | None]
)
_USER = msgspec.json.Decoder(Data[OAuthUser])
_DISCOVERY = msgspec.json.Decoder(Discovery)


class OAuthService:
    """One method for each operation. What is not there is answered with an empty body."""

    def __init__(self, upstream: Upstream, *, own_id: str | None = None) -> None:
        self._upstream = upstream
        self.own_id = own_id
        """Of the client by which the stack is asked."""

    async def list_clients(self, operation: Operation) -> tuple[OAuthClient, ...]:
        """All clients."""
        return (await self._upstream.read(LIST_CLIENTS, _CLIENTS, operation)).data or ()

    async def read_client(self, client_id: str, operation: Operation) -> OAuthClient:
        """One client."""
        return (await self._upstream.read(READ_CLIENT, _ONE, operation, path={"clientId": client_id})).data

    async def create_client(self, body: OAuthClientRequest, operation: Operation) -> str:
        """Make a client, and give its id."""
        content = msgspec.json.encode(body)
        return (await self._upstream.write(CREATE_CLIENT, _ONE, operation, content=content)).data.id

    async def update_client(self, client_id: str, body: OAuthClientRequest, operation: Operation) -> None:
        """Replace a client, but for its secrets."""
        content = msgspec.json.encode(body)
        await self._upstream.command(UPDATE_CLIENT, operation, path={"clientId": client_id}, content=content)

    async def delete_client(self, client_id: str, operation: Operation) -> None:
        """Delete a client."""
        await self._upstream.command(DELETE_CLIENT, operation, path={"clientId": client_id})

    async def create_secret(self, client_id: str, body: OAuthSecretRequest, operation: Operation) -> NewOAuthSecret:
        """Make a secret, which is told this once."""
        path, content = {"clientId": client_id}, msgspec.json.encode(body)
        return (await self._upstream.write(CREATE_SECRET, _SECRET, operation, path=path, content=content)).data

    async def delete_secret(self, client_id: str, secret_id: str, operation: Operation) -> None:
        """Delete a secret."""
        path = {"clientId": client_id, "secretId": secret_id}
        await self._upstream.command(DELETE_SECRET, operation, path=path)

    async def list_users(self, operation: Operation) -> tuple[OAuthUser, ...]:
        """All users."""
        return (await self._upstream.read(LIST_USERS, _USERS, operation)).data or ()

    async def read_user(self, user_id: str, operation: Operation) -> OAuthUser:
        """One user."""
        return (await self._upstream.read(READ_USER, _USER, operation, path={"userId": user_id})).data

    async def get_oidc_well_knowns(self, operation: Operation) -> Discovery:
        """Where tokens are to be had, and which."""
        return await self._upstream.read(GET_DISCOVERY, _DISCOVERY, operation)
