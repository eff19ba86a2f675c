"""Identical work is done once, and nobody's leaving or failing harms another waiter."""

import asyncio
import gc
import traceback
from collections.abc import AsyncIterator

import pytest

from providers.domain import Provider
from providers.errors import Broken, ProviderError, Rejected
from providers.flight import Flights, again


class Work:
    """Something that takes until it is told to end."""

    def __init__(self) -> None:
        self.starts = 0
        self.cancelled = 0
        self.ending: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def __call__(self, trail: list[str]) -> str:
        self.starts += 1
        trail.append("started")
        try:
            return await asyncio.shield(self.ending)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


@pytest.fixture
async def complaints() -> AsyncIterator[list[str]]:
    """What the loop reports as nobody's: lost exceptions above all."""
    heard: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: heard.append(context["message"]))
    yield heard
    await asyncio.sleep(0)
    gc.collect()
    assert heard == []


def wait(flights: Flights[str, list[str]], work: Work, key: str = "k") -> "asyncio.Task[str]":
    async def waiter() -> str:
        flight, _ = flights.join(key, trail=list, work=work)
        return await flights.landed(flight)

    return asyncio.create_task(waiter())


async def test_a_hundred_waiters_share_one_piece_of_work() -> None:
    flights, work = Flights[str, list[str]](), Work()
    waiters = [wait(flights, work) for _ in range(100)]
    await asyncio.sleep(0)
    work.ending.set_result("done")
    assert await asyncio.gather(*waiters) == ["done"] * 100
    assert work.starts == 1


async def test_another_key_is_other_work() -> None:
    flights, work = Flights[str, list[str]](), Work()
    work.ending.set_result("done")
    await asyncio.gather(wait(flights, work, "a"), wait(flights, work, "b"))
    assert work.starts == 2


async def test_work_that_has_ended_is_not_remembered() -> None:
    flights, work = Flights[str, list[str]](), Work()
    work.ending.set_result("done")
    await wait(flights, work)
    await wait(flights, work)
    assert work.starts == 2


async def test_a_joiner_learns_that_it_joined_and_reads_the_same_trail() -> None:
    flights, work = Flights[str, list[str]](), Work()
    work.ending.set_result("done")
    first, was_there = flights.join("k", trail=list, work=work)
    second, is_there = flights.join("k", trail=list, work=work)
    assert (was_there, is_there) == (False, True)
    assert first is second
    await flights.landed(first)
    assert second.trail == ["started"]


async def test_a_waiter_that_leaves_harms_nobody(complaints: list[str]) -> None:
    flights, work = Flights[str, list[str]](), Work()
    waiters = [wait(flights, work) for _ in range(3)]
    await asyncio.sleep(0)
    waiters[0].cancel()
    await asyncio.sleep(0)
    work.ending.set_result("done")
    assert await asyncio.gather(*waiters[1:]) == ["done", "done"]
    assert waiters[0].cancelled()
    assert work.cancelled == 0


async def test_the_last_waiter_takes_the_work_with_it(complaints: list[str]) -> None:
    flights, work = Flights[str, list[str]](), Work()
    waiters = [wait(flights, work) for _ in range(3)]
    await asyncio.sleep(0.001)
    for waiter in waiters:
        waiter.cancel()
    await asyncio.wait(waiters)
    await asyncio.sleep(0)
    assert work.cancelled == 1
    assert len(asyncio.all_tasks()) == 1


async def test_who_comes_after_the_last_one_left_starts_anew() -> None:
    """The abandoned work may still be cleaning up: it must not be joined, and its end must not forget the new one."""
    flights, work = Flights[str, list[str]](), Work()
    abandoned = wait(flights, work)
    await asyncio.sleep(0.001)
    abandoned.cancel()
    await asyncio.wait([abandoned])
    late = wait(flights, work)
    await asyncio.sleep(0.001)
    later = wait(flights, work)
    work.ending.set_result("done")
    assert await asyncio.gather(late, later) == ["done", "done"]
    assert (work.starts, work.cancelled) == (2, 1)


async def test_work_that_nobody_awaited_long_enough_to_start_is_stopped_too(complaints: list[str]) -> None:
    flights, work = Flights[str, list[str]](), Work()
    flight, _ = flights.join("k", trail=list, work=work)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await flights.landed(flight)
    await asyncio.wait([flight.task])
    assert flight.task.cancelled()


async def test_every_waiter_gets_the_error_of_a_failed_flight(complaints: list[str]) -> None:
    flights, work = Flights[str, list[str]](), Work()
    waiters = [wait(flights, work) for _ in range(3)]
    await asyncio.sleep(0)
    work.ending.set_exception(Broken(Provider.PLUGGY, "get_thing", status=503, vendor_code="X1", retry_after=7))
    errors = await asyncio.gather(*waiters, return_exceptions=True)
    assert {type(error) for error in errors} == {Broken}
    assert {(error.status, error.vendor_code, error.retry_after) for error in errors} == {(503, "X1", 7)}  # type: ignore[union-attr]


async def test_each_waiter_has_an_error_of_its_own() -> None:
    """Nothing that one caller's handling adds (traceback, context, notes) reaches another."""
    flights, work = Flights[str, list[str]](), Work()
    flight, _ = flights.join("k", trail=list, work=work)
    work.ending.set_exception(Broken(Provider.PLUGGY, "get_thing"))
    caught: list[ProviderError] = []

    async def waiter(name: str) -> None:
        try:
            try:
                raise LookupError(name)
            except LookupError:
                await flights.landed(flight)
        except ProviderError as error:
            error.add_note(name)
            caught.append(error)

    await asyncio.gather(*(waiter(f"caller {number}") for number in range(20)))
    assert len({id(error) for error in caught}) == 20
    assert [error.__notes__ for error in caught] == [[f"caller {number}"] for number in range(20)]
    assert [str(error.__context__) for error in caught] == [f"caller {number}" for number in range(20)]
    depths = {len(traceback.extract_tb(error.__traceback__)) for error in caught}
    assert len(depths) == 1
    shared = caught[0].__cause__
    assert shared is not None
    assert shared.__context__ is None
    assert len(traceback.extract_tb(shared.__traceback__)) < 10


async def test_a_failure_after_everybody_left_is_nobodys_surprise(complaints: list[str]) -> None:
    """The waiter is cancelled in the same turn of the loop in which the work fails."""
    flights, work = Flights[str, list[str]](), Work()
    waiter = wait(flights, work)
    await asyncio.sleep(0.001)
    work.ending.set_exception(Broken(Provider.PLUGGY, "get_thing"))
    asyncio.get_running_loop().call_soon(waiter.cancel)
    await asyncio.wait([waiter])
    del waiter, work


async def test_a_bug_in_the_work_reaches_its_waiters_as_it_is() -> None:
    flights = Flights[str, None]()

    async def work(_: None) -> str:
        raise ZeroDivisionError

    flight, _ = flights.join("k", trail=lambda: None, work=work)
    with pytest.raises(ZeroDivisionError):
        await flights.landed(flight)


async def test_work_that_is_stopped_from_outside_stops_its_waiters() -> None:
    flights, work = Flights[str, list[str]](), Work()
    flight, _ = flights.join("k", trail=list, work=work)
    waiter = asyncio.create_task(flights.landed(flight))
    await asyncio.sleep(0.001)
    flight.task.cancel()
    await asyncio.wait([waiter])
    assert waiter.cancelled()


def test_a_copied_error_is_the_same_to_its_reader() -> None:
    error = Rejected(Provider.FORMANCE, "list_pools", "No.", status=422, vendor_code="VALIDATION", retry_after=3)
    copy = again(error)
    assert type(copy) is Rejected
    assert copy is not error
    assert (str(copy), vars(copy)) == (str(error), vars(error))
