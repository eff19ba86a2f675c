"""The token on every call: OAuth2 client credentials, one token for all callers, renewed before it expires."""

import time
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import msgspec

from providers.domain import Provider
from providers.errors import Garbled
from providers.formance.config import Config
from providers.formance.models import TokenResponse
from providers.http import Endpoint, Upstream
from providers.operation import Operation
from providers.token import Token, TokenCache, TokenStore

TOKEN = Endpoint("get_token", "POST", "/api/auth/oauth/token")
_TOKEN = msgspec.json.Decoder(TokenResponse)
_FORM = {"content-type": "application/x-www-form-urlencoded"}

_MODULES = ("auth", "ledger", "orchestration", "payments", "reconciliation", "search", "wallets", "webhooks")

SCOPES = tuple(f"{module}:{right}" for module in _MODULES for right in ("read", "write"))
"""What the used operations need. A scope that the client may not have is dropped from the token without a word."""

MARGIN = 60.0
"""Seconds before its expiry at which a token is renewed, as the vendor's own clients do."""

SHORTEST_LIFETIME = 300.0
"""Seconds that a token is taken to live when the answer does not say: the auth service gives none a shorter life."""


class ClientCredentials:
    """Puts the bearer token on calls. An `Authenticator`."""

    def __init__(
        self,
        config: Config,
        upstream: Upstream,
        *,
        clock: Callable[[], float] = time.monotonic,
        store: TokenStore | None = None,
    ) -> None:
        self._config, self._upstream, self._clock = config, upstream, clock
        self._tokens = TokenCache(self._fetch, clock=clock, store=store)

    async def headers(self, operation: Operation) -> Mapping[str, str]:
        """Raises a `ProviderError` when no token can be had."""
        return {"authorization": f"Bearer {await self._tokens.current(operation)}"}

    def refused(self, headers: Mapping[str, str]) -> None:
        """The stack refused this token: it expired early, or its key was turned."""
        self._tokens.drop(headers["authorization"].removeprefix("Bearer "))

    async def _fetch(self, operation: Operation) -> Token:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._config.client_id,
            "client_secret": self._config.client_secret.reveal(),
            "scope": " ".join(SCOPES),
        }
        answer = await self._upstream.fetch_token(
            TOKEN, _TOKEN, operation, content=urlencode(form).encode(), headers=_FORM
        )
        if answer.token_type != "Bearer" or not answer.access_token.isascii():  # noqa: S105 - a word, not a secret
            raise Garbled(Provider.FORMANCE, TOKEN.operation, "The provider's token is of an unknown type.")
        return Token(answer.access_token, self._clock() + _good_for(answer.expires_in))


def _good_for(expires_in: int | None) -> float:
    """Seconds until a token is renewed. One that lives very shortly is used for half of its life."""
    lifetime = SHORTEST_LIFETIME if expires_in is None else float(expires_in)
    return max(lifetime - MARGIN, lifetime / 2)
