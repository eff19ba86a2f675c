"""Client keys → `POST /auth` → an API key for two hours, sent as `X-API-KEY`."""

import base64
import binascii
import time
from collections.abc import Callable, Mapping

import msgspec

from providers.http import Endpoint, Upstream
from providers.operation import Operation
from providers.pluggy.config import Config
from providers.pluggy.models import ApiKeyClaims, AuthRequest, AuthResponse
from providers.token import Token, TokenCache, TokenStore

AUTH_CREATE = Endpoint("auth_create", "POST", "/auth")
API_KEY_SECONDS = 2 * 60 * 60.0
"""How long the vendor says that a key is good; the key's own claims, when they can be read, know better."""

_EARLY_SECONDS = 300.0
_HEADER = "X-API-KEY"
_ANSWER = msgspec.json.Decoder(AuthResponse)
_CLAIMS = msgspec.json.Decoder(ApiKeyClaims)


class ApiKeys:
    """The `Authenticator` of Pluggy: one key for all calls, renewed before it ends or when it is refused."""

    def __init__(
        self,
        upstream: Upstream,
        config: Config,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        store: TokenStore | None = None,
    ) -> None:
        self._upstream, self._config = upstream, config
        self._clock, self._wall_clock = clock, wall_clock
        self._keys = TokenCache(self._auth_create, clock=clock, store=store)

    async def headers(self, operation: Operation) -> Mapping[str, str]:
        """The header that authenticates a call. Raises a `ProviderError` when no key can be had."""
        return {_HEADER: await self._keys.current(operation)}

    def refused(self, headers: Mapping[str, str]) -> None:
        """Forget the key that was refused; the next call asks for another."""
        self._keys.drop(headers[_HEADER])

    async def _auth_create(self, operation: Operation) -> Token:
        keys = AuthRequest(client_id=self._config.client_id, client_secret=self._config.client_secret.reveal())
        answer = await self._upstream.fetch_token(
            AUTH_CREATE,
            _ANSWER,
            operation,
            content=msgspec.json.encode(keys),
            headers={"content-type": "application/json"},
        )
        seconds = lifetime(answer.api_key, now=self._wall_clock())
        return Token(answer.api_key, self._clock() + seconds - min(_EARLY_SECONDS, seconds / 10))


def lifetime(api_key: str, *, now: float) -> float:
    """Seconds for which a new key is good, by its claims.

    A key that tells both its ends needs no clock of ours. `now` is epoch seconds, for a key that tells only when it
    ends. What cannot be read, or is senseless, counts as two hours: a refused key is renewed anyway.
    """
    claims = _claims(api_key)
    if claims is None:
        return API_KEY_SECONDS
    seconds = claims.exp - (now if claims.iat is None else claims.iat)
    return min(seconds, API_KEY_SECONDS) if seconds > 0 else API_KEY_SECONDS


def _claims(api_key: str) -> ApiKeyClaims | None:
    try:
        payload = api_key.split(".")[1]
        return _CLAIMS.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, binascii.Error, ValueError):
        return None
