"""Large requests take turns, so that all of them together leave the event loop to the small ones.

A client without pauses keeps a socket full. Each turn of the loop would read from every such socket, and an operation
that calls vendors needs many turns.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from uvicorn.protocols.http.flow_control import FlowControl

SMALL = 64 * 1024
"""Bytes of a request that are taken without a turn, and after each turn until the next."""
REST = 0.002
"""Seconds from one turn to the next. A turn is one read from a socket, 256 KB at most, or one body that is let in."""
SHARE = 4
"""How often the time that large work took is the rest after it."""
LONGEST = 0.1
"""Seconds of rest at most. Clients that always come anew are charged without a turn, and must not stop all others."""
TICK = 0.001
"""Seconds by which a loop's clock may go wrong."""


class Turns:
    """Lets one after another go on, first come, first served, with a rest after each."""

    def __init__(self) -> None:
        self._waiting: dict[object, Callable[[], None]] = {}
        self._rested = 0.0
        self._clock: asyncio.TimerHandle | None = None

    def ask(self, who: object, go_on: Callable[[], None]) -> None:
        """Call `go_on` once, when it is their turn."""
        self._waiting[who] = go_on
        self._wind()

    def withdraw(self, who: object) -> None:
        """They want no turn any more."""
        self._waiting.pop(who, None)

    async def taken(self) -> None:
        """Wait for a turn."""
        come = asyncio.Event()
        self.ask(come, come.set)
        try:
            await come.wait()
        finally:
            self.withdraw(come)

    @contextmanager
    def charged(self) -> Iterator[None]:
        """For work that is done meanwhile, the next turn comes later."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.charge(time.monotonic() - began)

    def charge(self, seconds: float) -> None:
        """Put the next turn off, because large work has taken so long."""
        now = time.monotonic()
        self._rested = min(max(self._rested, now) + SHARE * seconds, now + LONGEST)

    def _wind(self) -> None:
        if self._clock is None and self._waiting:
            seconds = max(0.0, self._rested - time.monotonic())
            self._clock = asyncio.get_running_loop().call_later(seconds, self._next)

    def _next(self) -> None:
        self._clock = None
        now = time.monotonic()
        if self._waiting and self._rested - now < TICK:
            go_on = self._waiting.pop(next(iter(self._waiting)))
            self._rested = now + REST
            go_on()
        self._wind()


class Flow(FlowControl):
    """Uvicorn's, with a second reason not to read from a connection: that it waits for its turn."""

    def __init__(self, transport: asyncio.Transport, turns: Turns) -> None:
        super().__init__(transport)
        self._turns = turns
        self._is_resting = False

    def rest(self, go_on: Callable[[], None]) -> None:
        """Read no more until it is this connection's turn. `go_on` is called then, and has to call the other."""
        self._is_resting = True
        self._transport.pause_reading()
        self._turns.ask(self, go_on)

    def go_on(self) -> None:
        """Wait no longer, and read, unless the app has not taken what was read before."""
        self._turns.withdraw(self)
        self._is_resting = False
        if not self.read_paused:
            self._transport.resume_reading()

    def leave(self) -> None:
        """The connection is gone."""
        self._turns.withdraw(self)

    def resume_reading(self) -> None:
        """The app wants more: it gets it in its turn."""
        if self._is_resting:
            self.read_paused = False
        else:
            super().resume_reading()
