"""One thread for work that would hold up the event loop, and a fair order in which callers get it."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from resolvers.screening import Refused

T = TypeVar("T")
Waiting = tuple[Callable[[], Any], "asyncio.Future[Any]"]


class Overloaded(Refused):
    """503. This caller has too much waiting."""

    def __init__(self) -> None:
        message = "Too many documents that are new here wait to be read. Try again soon."
        super().__init__("OVERLOADED", message, status=503, retryable=True, retryAfter=1)
        self.headers = {"retry-after": "1"}


class Turns:
    """Callers take turns: one with much work waits behind itself alone. Each may have `most` pieces of it waiting."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lines: OrderedDict[str, deque[Waiting]] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")
        self._is_busy = False

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
            done = result.get_loop().run_in_executor(self._thread, work)
            done.add_done_callback(lambda done, result=result: self._end(done, result))  # type: ignore[misc]

    def _end(self, done: "asyncio.Future[Any]", result: "asyncio.Future[Any]") -> None:
        self._is_busy = False
        error = done.exception()
        if not result.done():
            if error is None:
                result.set_result(done.result())
            else:
                result.set_exception(error)
        self._next()

    def _drop(self, who: str, result: "asyncio.Future[Any]") -> None:
        """Take out what is no longer waited for, so that it counts no more."""
        line = self._lines.get(who)
        if result.cancelled() and line is not None:
            self._lines[who] = kept = deque(each for each in line if each[1] is not result)
            if not kept:
                del self._lines[who]
