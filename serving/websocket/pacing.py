"""How long one operation may take for what it does, of which waiting for events may take any time."""

import asyncio
import time
from collections.abc import Callable

from resolvers.caller import Caller
from resolvers.screening import Refused
from serving.auth.callers import LEEWAY
from serving.guard.refusal import TOOK_TOO_LONG
from serving.websocket.outlet import Outlet

TAKING = 20.0
"""Seconds in which a client has to take the result of an event."""


class Pacing:
    """Implements `resolvers.streaming.Stream`. `leave` is called once: when it begins to wait for events, or ends."""

    def __init__(
        self, outlet: Outlet, *, seconds: float, caller: Caller, last_seen: str | None, leave: Callable[[], None]
    ) -> None:
        self.outlet, self.last_seen = outlet, last_seen
        self.clock = asyncio.timeout(seconds)
        self.cursor: str | None = None
        """Of the event that the next result is about."""
        self._seconds, self._caller, self._leave = seconds, caller, leave
        self._is_subscription = self._has_left = self._is_delivering = self._is_waiting = False

    async def wait(self) -> None:
        """Events may come at any time from here on, as long as the caller's token is good."""
        self._is_subscription = self._is_waiting = True
        self._is_delivering = False
        self.leave()
        await self.outlet.begin()
        ends_at = self._caller.expires_at
        self._wind(None if ends_at is None else ends_at + LEEWAY - time.time())

    def work(self, cursor: str) -> None:
        """A result is made."""
        self.cursor, self._is_delivering, self._is_waiting = cursor, False, False
        self._wind(self._seconds)

    def deliver(self) -> None:
        """A result is sent."""
        self._is_delivering, self._is_waiting = True, False
        self._wind(TAKING if self._is_subscription else None)

    def leave(self) -> None:
        """It takes no place among those at work any more."""
        if not self._has_left:
            self._has_left = True
            self._leave()

    def is_too_slow(self, error: Exception) -> bool:
        """Whether it ended because its client did not take a result."""
        return self._is_late(error) and self._is_delivering

    def explained(self, error: Exception) -> Exception:
        """What is told of why it ended."""
        if not self._is_late(error):
            return error
        if self._is_waiting:
            return Refused("UNAUTHENTICATED", "The token has expired.", status=401)
        return Refused("OPERATION_TIMEOUT", TOOK_TOO_LONG)

    def _is_late(self, error: Exception) -> bool:
        return isinstance(error, TimeoutError) and self.clock.expired()

    def _wind(self, seconds: float | None) -> None:
        if not self.clock.expired():
            loop = asyncio.get_running_loop()
            self.clock.reschedule(None if seconds is None else loop.time() + seconds)
