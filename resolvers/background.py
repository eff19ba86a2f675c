"""Work that goes on when its client has left, owned by the app: it is waited for when the server stops."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from providers.domain import Ref
from providers.errors import DirectoryUnavailable, ProviderError
from resolvers.problems import BadInput, InProgress

T = TypeVar("T")

log = logging.getLogger("tributary.background")

EXPECTED = (ProviderError, DirectoryUnavailable, InProgress, BadInput)

PATIENCE = 20.0
"""Seconds that work is given to end when the server stops."""


class Background:
    """Lives as long as the app."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[Any], Ref | None] = {}

    @property
    def about(self) -> frozenset[Ref]:
        """What the work under way is about, where that was said."""
        return frozenset(filter(None, self._tasks.values()))

    def start(self, work: Coroutine[Any, Any, T], about: Ref | None = None) -> "asyncio.Task[T]":
        """Begin work. Whoever waits for its result may leave without ending it: wait with `asyncio.wait`."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks[task] = about
        task.add_done_callback(self._ended)
        return task

    async def drain(self, patience: float = PATIENCE) -> None:
        """Wait for all work, also for what it starts; after `patience` seconds cancel what is left and see it end."""
        try:
            async with asyncio.timeout(patience):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        except TimeoutError:
            log.warning("work was cut short", extra={"tasks": len(self._tasks)})
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks)

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.pop(task, None)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, EXPECTED):
            log.error("work failed in an unforeseen way", exc_info=error)
