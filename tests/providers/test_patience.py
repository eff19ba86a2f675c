"""A wait that ends in time, and that the process does not end by being late itself; on both event loops."""

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import uvloop

from providers.patience import patience

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    def run(work: Coroutine[Any, Any, Any]) -> Any:
        with asyncio.Runner(loop_factory=request.param) as runner:
            return runner.run(work)

    return run


def test_what_takes_too_long_is_ended(run: Run) -> None:
    async def wait() -> None:
        async with patience(0.05):
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        run(wait())


def test_what_ends_in_time_is_not_disturbed_later(run: Run) -> None:
    async def wait() -> str:
        async with patience(0.02):
            await asyncio.sleep(0)
        await asyncio.sleep(0.1)
        return "done"

    assert run(wait()) == "done"


def test_an_answer_that_came_while_the_loop_stood_still_is_taken(run: Run) -> None:
    """Several answers, one after the other, each with the loop held up for longer than the whole time-out."""

    async def ask() -> bytes:
        near, far = socket.socketpair()
        near.setblocking(False)  # noqa: FBT003 - its only parameter
        heard = b""
        loop = asyncio.get_running_loop()
        with near, far:
            async with patience(0.1):
                for word in (b"a", b"b", b"c"):
                    loop.call_soon(time.sleep, 0.15)
                    far.send(word)
                    heard += await loop.sock_recv(near, 1)
        return heard

    assert run(ask()) == b"abc"


def test_a_cancelled_wait_is_cancelled_and_no_time_out(run: Run) -> None:
    async def wait() -> None:
        async with patience(10):
            await asyncio.Event().wait()

    async def cancel() -> None:
        task = asyncio.create_task(wait())
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        run(cancel())
