"""Work that outlives its request, as the server's workflow engine does it: it goes on when the client leaves."""

import asyncio
from collections.abc import Coroutine


class Workflows:
    """Runs and owns the work. `seconds` is how long a provider takes for what it is asked."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running: set[asyncio.Task[None]] = set()

    async def provider(self) -> None:
        """Wait for the provider."""
        await asyncio.sleep(self._seconds)

    def begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Let it run in the background. How it ends is nobody's concern."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._end)
        return task

    async def finish(self, work: Coroutine[None, None, None]) -> None:
        """Let it run to its end, and raise what it raises. Whoever waits may be cancelled, the work is not."""
        await asyncio.shield(self.begin(work))

    def _end(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, so that the loop does not report it once more
