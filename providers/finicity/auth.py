"""Finicity's two keys: the App-Key, sent always, and a partner token that it is exchanged for.

Five failed exchanges lock the partner until support unlocks it, so a refused exchange is never tried again at once:
`TokenCache` answers everybody with the same error for a while. An exchange whose answer was lost may have been refused
too, so that it is not tried again at once either.
https://developer.mastercard.com/open-banking-us/documentation/
"""

import time
from collections.abc import Callable, Mapping

import msgspec

from providers.finicity.config import Config
from providers.finicity.models import AccessToken
from providers.http import Endpoint, Upstream
from providers.operation import Operation
from providers.token import Token, TokenCache, TokenStore

CREATE_TOKEN = Endpoint("CreateToken", "POST", "/aggregation/v2/partners/authentication")
RENEW_AFTER = 90 * 60
"""Seconds. A token lives for 120 minutes; the vendor asks partners to renew it after 90."""

PAUSE = 60.0
"""Seconds without another exchange after the vendor refused one."""

PAUSE_AFTER_LOSS = 5.0
"""Seconds without another exchange after one that ended without an answer; twice as many after the next."""

_TOKEN = msgspec.json.Decoder(AccessToken)


class PartnerAuthenticator:
    """One token for all calls of the partner, as the vendor demands. `clock` is monotonic, in seconds."""

    def __init__(
        self,
        config: Config,
        upstream: Upstream,
        *,
        clock: Callable[[], float] = time.monotonic,
        store: TokenStore | None = None,
    ) -> None:
        self._config, self._upstream, self._clock = config, upstream, clock
        self._app_key = {"finicity-app-key": config.app_key.reveal()}
        self._tokens = TokenCache(
            self._fetch,
            pause=PAUSE,
            pause_if_known=PAUSE,
            pause_after_loss=PAUSE_AFTER_LOSS,
            clock=clock,
            store=store,
        )

    async def headers(self, operation: Operation) -> Mapping[str, str]:
        """The App-Key and a token that is good for at least another half hour."""
        return {**self._app_key, "finicity-app-token": await self._tokens.current(operation)}

    def refused(self, headers: Mapping[str, str]) -> None:
        """Forget the token of these headers; the next call fetches another."""
        self._tokens.drop(headers["finicity-app-token"])

    async def _fetch(self, operation: Operation) -> Token:
        asked_at = self._clock()
        body = {"partnerId": self._config.partner_id, "partnerSecret": self._config.partner_secret.reveal()}
        answer = await self._upstream.fetch_token(
            CREATE_TOKEN,
            _TOKEN,
            operation,
            content=msgspec.json.encode(body),
            headers=self._app_key,
            is_retried=False,
        )
        return Token(answer.token, asked_at + RENEW_AFTER)
