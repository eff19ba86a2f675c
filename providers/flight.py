"""Identical work in flight is done once. Whoever leaves early harms nobody; when all have left, the work stops."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

from providers.errors import ProviderError

T = TypeVar("T")
TrailT = TypeVar("TrailT")


class Flight(Generic[T, TrailT]):
    """One piece of work under way, and how many wait for it. `trail` is what the work notes about itself."""

    def __init__(self, key: Hashable, task: "asyncio.Task[T]", trail: TrailT) -> None:
        self.key = key
        self.task = task
        self.trail = trail
        self.waiters = 0


class Flights(Generic[T, TrailT]):
    """Work by key. The key must hold everything that the result depends on, the credential's identity included.

    `lasting` work goes on to its end when all who waited have left.
    """

    def __init__(self, *, lasting: bool = False) -> None:
        self._lasting = lasting
        self._under_way: dict[Hashable, Flight[T, TrailT]] = {}

    def join(
        self,
        key: Hashable,
        *,
        trail: Callable[[], TrailT],
        work: Callable[[TrailT], Coroutine[Any, Any, T]],
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> tuple[Flight[T, TrailT], bool]:
        """The flight for this key and whether somebody else had started it. Wait for it with `landed` at once."""
        flight = self._under_way.get(key)
        if flight is not None:
            return flight, True
        notes = trail()
        started = Flight(key, (loop or asyncio.get_running_loop()).create_task(work(notes)), notes)
        self._under_way[key] = started
        started.task.add_done_callback(lambda task: self._done(started, task))
        return started, False

    async def landed(self, flight: Flight[T, TrailT], *, deadline: float | None = None) -> T:
        """The result. A waiter that is cancelled leaves the others waiting; the last one takes the work with it.

        Each waiter gets a `ProviderError` of its own. `deadline` is in the loop's clock: raises `TimeoutError` then.
        """
        task, loop = flight.task, flight.task.get_loop()
        flight.waiters += 1
        landing: asyncio.Future[bool] = loop.create_future()
        clock = None if deadline is None else loop.call_at(deadline, _tell, landing, False)  # noqa: FBT003 - a result

        def told(_task: object) -> None:
            _tell(landing, True)  # noqa: FBT003 - a result

        task.add_done_callback(told)
        try:
            if not await landing:
                raise TimeoutError
        finally:
            task.remove_done_callback(told)
            if clock is not None:
                clock.cancel()
            flight.waiters -= 1
            if not flight.waiters and not task.done() and not self._lasting:
                self._forget(flight)
                task.cancel()
        return _result(task)

    def _done(self, flight: Flight[T, TrailT], task: "asyncio.Task[T]") -> None:
        self._forget(flight)
        if not task.cancelled():
            task.exception()  # the waiters raise it; when none is left, it must not be reported as lost

    def _forget(self, flight: Flight[T, TrailT]) -> None:
        if self._under_way.get(flight.key) is flight:
            del self._under_way[flight.key]


def _tell(landing: "asyncio.Future[bool]", has_landed: bool) -> None:  # noqa: FBT001 - called by the loop
    if not landing.done():
        landing.set_result(has_landed)


def again(error: ProviderError) -> ProviderError:
    """The same failure for another caller: a raised exception gathers a traceback and a context, so none is shared."""
    copy = type(error).__new__(type(error), *error.args)
    copy.__dict__.update(error.__dict__)
    return copy


def _result(task: "asyncio.Task[T]") -> T:
    error = None if task.cancelled() else task.exception()
    if isinstance(error, ProviderError):
        raise again(error) from error
    return task.result()
