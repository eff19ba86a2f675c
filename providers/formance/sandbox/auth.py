"""The stack's tokens: who gets one for which scopes, and the check of both before every service."""

import base64
import binascii
import secrets
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, unquote

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.oauth.records import Client
from providers.formance.sandbox.routing import Endpoint, answer, route

CREDENTIALS: dict[str, str] = {
    "FORMANCE_CLIENT_ID": "sandbox-formance-client",
    "FORMANCE_CLIENT_SECRET": "sandbox-formance-secret",
}
"""The client that every sandbox's auth module is set up with. It may have all scopes, and is in no list."""

LIFETIME = 3599
"""Seconds that a client's token is accepted."""

MODULES = ("auth", "ledger", "payments", "search", "webhooks", "wallets", "orchestration", "reconciliation")
RIGHTS = ("read", "write")
SCOPES = frozenset(f"{module}:{right}" for module in MODULES for right in RIGHTS) | {"openid"}
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Grant(msgspec.Struct, frozen=True):
    """What a token is good for, and until when."""

    expires_at: float
    scopes: frozenset[str]

    def lets(self, request: Request) -> bool:
        """Whether one of its scopes is enough for a call. The right to write is the right to read, too."""
        module = request.scope["path"].removeprefix(request.scope.get("root_path", "")).split("/")[2]
        rights = RIGHTS if request.method in _READING else ("write",)
        return any(f"{module}:{right}" in self.scopes for right in rights)


class Auth:
    """Issues tokens and knows which of them are still good. Tokens of another instance are not.

    With `check_scopes`, as servers can be set up, a token is also refused where none of its scopes is enough.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        clients: Mapping[str, Client] | None = None,
        *,
        check_scopes: bool = True,
    ) -> None:
        self._clock, self._check_scopes = clock, check_scopes
        self._clients = {} if clients is None else clients
        self._grants: dict[str, Grant] = {}

    def routes(self) -> list[Route]:
        """The token endpoint."""
        return [route("POST", "/api/auth/oauth/token", self._token)]

    def protect(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint behind the bearer check, which refuses with an empty body."""

        async def protected(request: Request) -> Response:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            grant = self._grants.get(token.strip())
            if scheme.lower() != "bearer" or grant is None or grant.expires_at <= self._clock():
                return Response(status_code=401)
            if self._check_scopes and not grant.lets(request):
                return Response(status_code=401)
            return await endpoint(request)

        return protected

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode("latin-1")).items()}
        grant = form.get("grant_type", "")
        if not grant:
            return _refusal("invalid_request", "grant_type missing")
        if grant != "client_credentials":
            return _refusal("unsupported_grant_type", f"{grant} not supported")
        client, secret = _client(request, form)
        allowed = self._allowed(client, secret)
        if allowed is None:
            return answer({"error": "invalid_client"}, 401)
        token = self._issue(client, [word for word in form.get("scope", "").split() if word in allowed])
        return answer({"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME})

    def _allowed(self, client: str, secret: str) -> frozenset[str] | None:
        """The scopes that a client may have; None when it or its secret is not known."""
        if (client, secret) == tuple(CREDENTIALS.values()):
            return SCOPES
        known = self._clients.get(client)
        if known is None or not known.has(secret):
            return None
        return SCOPES if known.trusted else SCOPES & frozenset(known.scopes)

    def _issue(self, client: str, scopes: list[str]) -> str:
        """Scopes that the client may not have were dropped without a word."""
        now = self._clock()
        self._grants = {token: grant for token, grant in self._grants.items() if grant.expires_at > now}
        claims = {
            "sub": client,
            "iat": int(now),
            "exp": int(now) + LIFETIME,
            "jti": secrets.token_hex(8),
            "scope": " ".join(scopes),
        }
        token = f"{ids.encode({'alg': 'RS256', 'typ': 'JWT'})}.{ids.encode(claims)}.{secrets.token_urlsafe(32)}"
        self._grants[token] = Grant(now + LIFETIME, frozenset(scopes))
        return token


def _client(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """Client id and secret, from the Basic header or the form."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote(name), unquote(secret)


def _refusal(error: str, description: str) -> Response:
    return answer({"error": error, "error_description": description}, 400)
