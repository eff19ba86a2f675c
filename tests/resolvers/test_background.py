"""Work that outlives its client, and the end of the server."""

import asyncio
import logging

import pytest

from providers.domain import Provider
from providers.errors import Unreachable
from resolvers.background import Background


async def test_draining_waits_for_work_and_for_what_it_starts() -> None:
    background, done = Background(), list[str]()

    async def second() -> None:
        await asyncio.sleep(0.01)
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0.01)
        background.start(second())
        done.append("first")

    background.start(first())
    await background.drain()

    assert done == ["first", "second"]


async def test_what_outlasts_the_patience_is_cut_and_may_tidy_up() -> None:
    background, tidied = Background(), asyncio.Event()

    async def stuck() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.01)
            tidied.set()

    task = background.start(stuck())
    await background.drain(0.01)

    assert task.cancelled()
    assert tidied.is_set()


async def test_only_unforeseen_failures_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    background = Background()

    async def fail(error: Exception) -> None:
        raise error

    with caplog.at_level(logging.INFO):
        background.start(fail(Unreachable(Provider.PLUGGY, "x")))
        background.start(fail(KeyError("x")))
        await background.drain()

    assert [record.message for record in caplog.records] == ["work failed in an unforeseen way"]
