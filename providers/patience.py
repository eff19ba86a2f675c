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
        timer = loop.call_later(seconds / PARTS, lambda: tick(PARTS - 1))

        def tick(left: int) -> None:
            nonlocal timer
            if left:
                timer = loop.call_later(seconds / PARTS, lambda: tick(left - 1))
            else:
                limit.reschedule(loop.time())

        try:
            yield
        finally:
            timer.cancel()
