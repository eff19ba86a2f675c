"""`/api/auth`: clients and their secrets, users, and where tokens are to be had."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import MODULES, RIGHTS, Auth
from providers.formance.sandbox.oauth.bodies import NewClient, NewSecret, body
from providers.formance.sandbox.oauth.records import Accounts, Client, Secret, new_id
from providers.formance.sandbox.routing import answer, route

_ROOT = "/api/auth"
_CLIENT = f"{_ROOT}/clients/{{id}}"


class OAuth:
    """The auth module but for its token endpoint. What is not there is a 404 with an empty body."""

    def __init__(self, accounts: Accounts) -> None:
        self._clients, self._users = accounts.clients, accounts.users

    def routes(self, auth: Auth) -> list[Route]:
        """Its discovery document needs no token."""
        return [
            route("GET", f"{_ROOT}/.well-known/openid-configuration", discovery),
            route("GET", f"{_ROOT}/clients", auth.protect(self._list)),
            route("POST", f"{_ROOT}/clients", auth.protect(self._create)),
            route("GET", _CLIENT, auth.protect(self._read)),
            route("PUT", _CLIENT, auth.protect(self._update)),
            route("DELETE", _CLIENT, auth.protect(self._delete)),
            route("POST", f"{_CLIENT}/secrets", auth.protect(self._create_secret)),
            route("DELETE", f"{_CLIENT}/secrets/{{secret}}", auth.protect(self._delete_secret)),
            route("GET", f"{_ROOT}/users", auth.protect(self._list_users)),
            route("GET", f"{_ROOT}/users/{{id}}", auth.protect(self._read_user)),
        ]

    async def _list(self, _request: Request) -> Response:
        return answer({"data": [client.wire() for client in self._clients.values()]})

    async def _create(self, request: Request) -> Response:
        new = await body(request, NewClient)
        client = Client(id=new_id())
        new.apply(client)
        self._clients[client.id] = client
        return answer({"data": client.wire()}, 201)

    async def _read(self, request: Request) -> Response:
        client = self._found(request)
        return answer({"data": client.wire()}) if client else _missing()

    async def _update(self, request: Request) -> Response:
        client = self._found(request)
        if client is None:
            return _missing()
        (await body(request, NewClient)).apply(client)
        return answer({"data": client.wire()})

    async def _delete(self, request: Request) -> Response:
        """Tokens that it has got stay good until they expire."""
        gone = self._clients.pop(request.path_params["id"], None)
        return Response(status_code=204) if gone else _missing()

    async def _create_secret(self, request: Request) -> Response:
        client = self._found(request)
        if client is None:
            return _missing()
        new = await body(request, NewSecret)
        secret = Secret(id=new_id(), name=new.name, clear=new_id(), metadata=new.metadata or {})
        client.secrets.append(secret)
        return answer({"data": {**secret.wire(), "clear": secret.clear}})

    async def _delete_secret(self, request: Request) -> Response:
        client = self._found(request)
        left = [secret for secret in client.secrets if secret.id != request.path_params["secret"]] if client else []
        if client is None or len(left) == len(client.secrets):
            return _missing()
        client.secrets = left
        return Response(status_code=204)

    async def _list_users(self, _request: Request) -> Response:
        return answer({"data": list(self._users.values())})

    async def _read_user(self, request: Request) -> Response:
        user = self._users.get(request.path_params["id"])
        return answer({"data": user}) if user else _missing()

    def _found(self, request: Request) -> Client | None:
        return self._clients.get(request.path_params["id"])


async def discovery(request: Request) -> Response:
    """Where each thing is asked for, at the address by which the stack was reached."""
    issuer = f"{str(request.base_url).rstrip('/')}{_ROOT}"
    return answer(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/oauth/token",
            "introspection_endpoint": f"{issuer}/oauth/introspect",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "revocation_endpoint": f"{issuer}/revoke",
            "end_session_endpoint": f"{issuer}/end_session",
            "jwks_uri": f"{issuer}/keys",
            "scopes_supported": ["openid", *(f"{module}:{right}" for module in MODULES for right in RIGHTS)],
            "response_types_supported": ["code", "id_token", "id_token token"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
    )


def _missing() -> Response:
    return Response(status_code=404)
