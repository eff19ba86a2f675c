"""The stack's auth service, as far as client credentials need it, and the bearer check before every other service."""

import base64
import binascii
import secrets
from collections.abc import Callable
from urllib.parse import parse_qs, unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.routing import Endpoint, answer, route

CREDENTIALS: dict[str, str] = {
    "FORMANCE_CLIENT_ID": "sandbox-formance-client",
    "FORMANCE_CLIENT_SECRET": "sandbox-formance-secret",
}
"""The only client that the sandbox's auth service knows."""

LIFETIME = 3599
"""Seconds that a client's token is accepted."""

_MODULES = ("auth", "ledger", "payments", "search", "webhooks", "wallets", "orchestration", "reconciliation")
_SCOPES = frozenset(f"{module}:{right}" for module in _MODULES for right in ("read", "write")) | {"openid"}


class Auth:
    """Issues tokens and knows which of them are still good. Tokens of another instance are not."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._expiries: dict[str, float] = {}

    def routes(self) -> list[Route]:
        """The token endpoint."""
        return [route("POST", "/api/auth/oauth/token", self._token)]

    def protect(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint behind the bearer check, which refuses with an empty body."""

        async def protected(request: Request) -> Response:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or self._expiries.get(token.strip(), 0) <= self._clock():
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
        if not _is_known(*_client(request, form)):
            return answer({"error": "invalid_client"}, 401)
        token = self._issue(form.get("scope", ""))
        return answer({"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME})

    def _issue(self, scope: str) -> str:
        now = self._clock()
        self._expiries = {token: expiry for token, expiry in self._expiries.items() if expiry > now}
        claims = {
            "sub": CREDENTIALS["FORMANCE_CLIENT_ID"],
            "iat": int(now),
            "exp": int(now) + LIFETIME,
            "jti": secrets.token_hex(8),
            "scope": " ".join(word for word in scope.split() if word in _SCOPES),
        }
        token = f"{ids.encode({'alg': 'RS256', 'typ': 'JWT'})}.{ids.encode(claims)}.{secrets.token_urlsafe(32)}"
        self._expiries[token] = now + LIFETIME
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


def _is_known(client: str, secret: str) -> bool:
    expected = CREDENTIALS["FORMANCE_CLIENT_ID"], CREDENTIALS["FORMANCE_CLIENT_SECRET"]
    return (client, secret) == expected


def _refusal(error: str, description: str) -> Response:
    return answer({"error": error, "error_description": description}, 400)
