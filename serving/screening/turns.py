"""One thread for work that would hold up the event loop, and a fair order in which callers get it."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from resolvers.screening import Refused

T = TypeVar("T")
Waiting = tuple[Callable[[], Any], "asyncio.Future[Any]"]

RESTS, LONGEST_REST = 4, 0.2


class Overloaded(Refused):
    """503. This caller has too much waiting."""

    def __init__(self) -> None:
        message = "Too many documents that are new here wait to be read. Try again soon."
        super().__init__("OVERLOADED", message, status=503, retryable=True, retryAfter=1)
        self.headers = {"retry-after": "1"}


class Turns:
    """Callers take turns: one with much work waits behind itself alone. Each may have `most` pieces of it waiting.

    Only one thread runs Python at a time, so this one rests after each piece, `RESTS` times as long as that took: the
    event loop has the processor for itself most of the time, whatever comes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lines: OrderedDict[str, deque[Waiting]] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")
        self._is_busy = False  # or at rest

    async def take(self, who: str, work: Callable[[], T]) -> T:
        """What `work` returns or raises, which runs in the thread. Raises `Overloaded`.

        Work of those who have left meanwhile is not begun.
        """
        line = self._lines.setdefault(who, deque())
        if len(line) >= self._most:
            raise Overloaded
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        line.append((work, result))
        self._next()
        try:
            return await result
        finally:
            self._drop(who, result)

    def _next(self) -> None:
        while self._lines and not self._is_busy:
            who, line = self._lines.popitem(last=False)
            work, result = line.popleft()
            if line:
                self._lines[who] = line
            if result.cancelled():
                continue
            self._is_busy = True
            began = time.monotonic()
            done = result.get_loop().run_in_executor(self._thread, work)
            done.add_done_callback(partial(self._end, result, began))

    def _end(self, result: "asyncio.Future[Any]", began: float, done: "asyncio.Future[Any]") -> None:
        rest = min(LONGEST_REST, (time.monotonic() - began) * RESTS)
        done.get_loop().call_later(rest, self._rested)
        error = done.exception()
        if not result.done():
            if error is None:
                result.set_result(done.result())
            else:
                result.set_exception(error)

    def _rested(self) -> None:
        self._is_busy = False
        self._next()

    def _drop(self, who: str, result: "asyncio.Future[Any]") -> None:
        """Take out what is no longer waited for, so that it counts no more."""
        line = self._lines.get(who)
        if result.cancelled() and line is not None:
            self._lines[who] = kept = deque(each for each in line if each[1] is not result)
            if not kept:
                del self._lines[who]
