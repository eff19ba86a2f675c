"""A time-out that counts the time in which an answer could have been taken, not that in which the loop stood still."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PARTS = 20


@asynccontextmanager
async def patience(seconds: float) -> AsyncIterator[None]:
    """Raise `TimeoutError` when the block takes longer, as `asyncio.timeout` does.

    The time is counted in parts, and one that the loop was late for counts as its own length: a process that was busy
    with itself for a while finds the answer that has come meanwhile, rather than blaming whoever it asked.
    """
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as limit:
        parts = _Parts(loop, seconds / PARTS, limit)
        try:
            yield
        finally:
            parts.timer.cancel()


class _Parts:
    """Counts them. A timer that was cancelled refers to nothing, so that no garbage is left."""

    __slots__ = ("_left", "_limit", "_loop", "_seconds", "timer")

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float, limit: asyncio.Timeout) -> None:
        self._loop, self._seconds, self._limit = loop, seconds, limit
        self._left = PARTS
        self.timer = loop.call_later(seconds, self._tick)

    def _tick(self) -> None:
        self._left -= 1
        if self._left:
            self.timer = self._loop.call_later(self._seconds, self._tick)
        else:
            self._limit.reschedule(self._loop.time())
