"""Turns of large requests: in their order, with rests that grow with the work, and none for those who are gone."""

import asyncio
import time

import pytest

from serving.guard.turns import LONGEST, REST, SHARE, Turns

SLACK = 0.002
"""Seconds by which clocks may differ."""


async def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    turns, come = Turns(), list[int]()
    for number in range(5):
        turns.ask(number, lambda number=number: come.append(number))  # type: ignore[misc]
    await turns.taken()

    assert come == [0, 1, 2, 3, 4]


async def test_there_is_a_rest_between_two_turns() -> None:
    turns = Turns()
    await turns.taken()
    began = time.monotonic()
    await asyncio.gather(*(turns.taken() for _ in range(5)))

    assert time.monotonic() - began > 5 * (REST - 0.001) - SLACK


async def test_work_puts_the_next_turn_off() -> None:
    turns = Turns()
    await turns.taken()
    with turns.charged():
        time.sleep(0.01)  # noqa: ASYNC251 - as decoding does
    began = time.monotonic()
    await turns.taken()

    assert time.monotonic() - began > SHARE * 0.01 - SLACK


async def test_work_of_clients_that_never_wait_does_not_put_a_turn_off_for_long() -> None:
    turns = Turns()
    turns.charge(3600)

    async with asyncio.timeout(100 * LONGEST):
        await turns.taken()


async def test_a_turn_that_is_not_wanted_any_more_goes_to_the_next() -> None:
    turns, come = Turns(), list[str]()
    turns.ask("gone", lambda: come.append("gone"))
    waiting = asyncio.create_task(turns.taken())
    await asyncio.sleep(0)
    waiting.cancel()
    turns.withdraw("gone")
    turns.ask("here", lambda: come.append("here"))
    await turns.taken()

    assert come == ["here"]
    with pytest.raises(asyncio.CancelledError):
        await waiting
