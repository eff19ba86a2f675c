"""A token that many calls share: fetched once, renewed before it expires, dropped when it is refused.

Replicas may share it, too: then it is fetched by one of them, and how a fetch failed is known to all.
"""

import math
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import msgspec

from providers import errors
from providers.domain import Provider
from providers.errors import BreakerOpen, ProviderError, Unauthorized
from providers.flight import Flights, again
from providers.operation import Operation


class Token(msgspec.Struct, frozen=True):
    """`renew_at` is in the clock of the cache that holds it, in seconds."""

    value: str
    renew_at: float


class Failure(msgspec.Struct, frozen=True):
    """How a fetch failed, told to another replica."""

    kind: str
    provider: Provider
    operation: str
    message: str
    status: int | None
    vendor_code: str | None
    retry_after: int | None

    @classmethod
    def of(cls, error: ProviderError) -> "Failure":
        """What is told of an error."""
        return cls(
            type(error).__name__,
            error.provider,
            error.operation,
            error.message,
            error.status,
            error.vendor_code,
            error.retry_after,
        )

    def error(self) -> ProviderError:
        """The same error, here."""
        kind = getattr(errors, self.kind, None)
        known = kind if isinstance(kind, type) and issubclass(kind, ProviderError) else ProviderError
        return known(
            self.provider,
            self.operation,
            self.message,
            status=self.status,
            vendor_code=self.vendor_code,
            retry_after=self.retry_after,
        )


class Left(msgspec.Struct, frozen=True):
    """What a replica leaves for the others, good for `seconds`: a token, or the reason why there is none."""

    seconds: float
    token: str | None = None
    failure: Failure | None = None

    def lasting(self, seconds: float) -> "Left":
        """The same with another time left."""
        return msgspec.structs.replace(self, seconds=seconds)


class Turn(msgspec.Struct, frozen=True):
    """What was found; if it is None it is our turn to fetch, and to `leave` for others how that ended."""

    found: Left | None
    leave: Callable[[Left], Awaitable[None]]


class TokenStore(Protocol):
    """Where replicas leave a token for each other. It raises nothing: without it each has a token of its own."""

    def turn(self, refused: str | None) -> AbstractAsyncContextManager[Turn]:
        """What another replica has left, other than the token `refused`, or the turn to fetch."""


class TokenCache:
    """The current token of one credential.

    One fetch at a time, whoever asks. After the vendor has refused the credential itself, nobody tries again for
    `pause` seconds and everybody gets the same error: vendors lock accounts that keep failing. A credential that was
    good before is tried again after `pause_if_known` seconds. After a fetch whose outcome is not known it is
    `pause_after_loss` seconds; 0 for none. These two are twice as many each time, up to `pause`.

    A token that is refused is fetched anew, but at most once in `spacing` seconds: a vendor that refuses fresh tokens
    too does not get better by being asked for more of them.
    """

    def __init__(
        self,
        fetch: Callable[[Operation], Awaitable[Token]],
        *,
        pause: float = 60.0,
        pause_if_known: float = 1.0,
        pause_after_loss: float = 0.0,
        spacing: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
        store: TokenStore | None = None,
    ) -> None:
        self._fetch, self._clock, self._store = fetch, clock, store
        self._refused: str | None = None
        self._pause, self._pause_after_loss, self._spacing = pause, pause_after_loss, spacing
        # A fetch goes on when nobody waits any more: how it ended decides when the next one may start.
        self._flights: Flights[Token, None] = Flights(lasting=True)
        self._token: Token | None = None
        self._failure: ProviderError | None = None
        self._pause_if_known = pause_if_known
        self._next_pause = pause_after_loss
        self._next_pause_if_refused = pause
        self._try_again_at = -math.inf
        self._drop_again_at = -math.inf

    async def current(self, operation: Operation) -> str:
        """A token that is still good. Raises the vendor's `ProviderError` when none can be had."""
        if self._token is not None and self._clock() < self._token.renew_at:
            return self._token.value
        if self._failure is not None and self._clock() < self._try_again_at:
            raise again(self._failure)
        flight, _ = self._flights.join("token", trail=lambda: None, work=lambda _: self._renew(operation))
        return (await self._flights.landed(flight)).value

    def drop(self, value: str) -> None:
        """The vendor refused this token. A newer one stays, and so does one that came for another refused one."""
        if self._token is not None and self._token.value == value and self._clock() >= self._drop_again_at:
            self._token, self._refused = None, value
            self._drop_again_at = self._clock() + self._spacing

    async def _renew(self, operation: Operation) -> Token:
        if self._store is None:
            return await self._fetched(operation)
        async with self._store.turn(self._refused) as turn:
            if turn.found is not None:
                return self._taken(turn.found)
            try:
                token = await self._fetched(operation)
            except BreakerOpen:
                raise
            except ProviderError as error:
                await turn.leave(Left(self._try_again_at - self._clock(), failure=Failure.of(error)))
                raise
            await turn.leave(Left(token.renew_at - self._clock(), token.value))
            return token

    def _taken(self, left: Left) -> Token:
        if left.failure is not None:
            error = left.failure.error()
            self._hold(error, left.seconds)
            raise error
        return self._held(Token(left.token or "", self._clock() + left.seconds))

    async def _fetched(self, operation: Operation) -> Token:
        try:
            return self._held(await self._fetch(operation))
        except BreakerOpen:
            raise  # the vendor was not asked
        except Unauthorized as error:
            self._hold(error, self._next_pause_if_refused)
            self._next_pause_if_refused = min(self._pause, self._next_pause_if_refused * 2)
            raise
        except ProviderError as error:
            self._hold(error, self._next_pause)
            self._next_pause = min(self._pause, self._next_pause * 2)
            raise

    def _held(self, token: Token) -> Token:
        self._token, self._failure = token, None
        self._next_pause, self._next_pause_if_refused = self._pause_after_loss, self._pause_if_known
        return token

    def _hold(self, error: ProviderError, seconds: float) -> None:
        self._failure, self._try_again_at = again(error), self._clock() + seconds
