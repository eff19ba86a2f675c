"""The parent with workers of ten lines each, and a worker with a parent of two."""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from serving.draining import Drain
from serving.guard import Limits, guarded
from serving.workers import Worker, channel, channel_in, lead, parent
from serving.workers.parent import Parent
from tests.serving.test_workers import on_linux, until

ANSWERS = """
import socket, struct, sys
channel, received = socket.socket(fileno=int(sys.argv[2])), 0
while True:
    channel.send(struct.pack("=II", received, 0))
    _, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
    if not descriptors:
        break
    received += 1
    socket.socket(fileno=descriptors[0]).send(b"here")
"""
DIES_AT_ONCE = """
import socket, struct, sys
socket.socket(fileno=int(sys.argv[2])).send(struct.pack("=II", 0, 0))
sys.exit(7)
"""
HOST = "127.0.0.1"


@pytest.fixture
def listening() -> Iterator[list[socket.socket]]:
    sockets = parent.listeners(HOST, 0)
    yield sockets
    for each in sockets:
        each.close()


@pytest.fixture(autouse=True)
async def signals() -> AsyncIterator[None]:
    """What tells a parent to stop is not to reach this process afterwards."""
    yield
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().remove_signal_handler(sign)


def program(text: str) -> list[str]:
    return [sys.executable, "-c", text]


@asynccontextmanager
async def leading(text: str, listening: list[socket.socket], *, count: int = 2) -> AsyncIterator[None]:
    """A parent that is told to stop at the end."""
    running = asyncio.create_task(Parent(program(text), listening, count).run())
    yield
    os.kill(os.getpid(), signal.SIGTERM)
    assert await running == 0


async def said(port: int) -> bytes:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        return await reader.read(100)
    finally:
        writer.close()


async def test_what_comes_before_the_workers_are_ready_waits_for_them(listening: list[socket.socket]) -> None:
    port = listening[0].getsockname()[1]
    async with asyncio.timeout(60), leading(ANSWERS, listening):
        answers = await asyncio.gather(*(said(port) for _ in range(20)))

    assert answers == [b"here"] * 20
    with pytest.raises(ConnectionRefusedError):
        await said(port)


async def test_workers_that_die_right_at_their_start_are_replaced_ever_more_seldom(
    listening: list[socket.socket], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parent, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(parent, "LONGEST_PAUSE", 0.04)

    def pauses() -> list[float]:
        ended = [vars(record) for record in caplog.records if record.message == "a worker has ended"]
        assert {record["status"] for record in ended} <= {7}
        return [record["replaced_in"] for record in ended]

    async with asyncio.timeout(60), leading(DIES_AT_ONCE, listening, count=1):
        await until(lambda: len(pauses()) >= 6)

    assert pauses()[:6] == [0.0, 0.01, 0.02, 0.04, 0.04, 0.04]


@on_linux
async def test_a_successor_that_cannot_be_started_is_tried_again(
    listening: list[socket.socket], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parent, "FIRST_PAUSE", 0.01)
    usual, failures = asyncio.create_subprocess_exec, 0

    async def no_memory(*_: object, **__: object) -> asyncio.subprocess.Process:
        nonlocal failures
        failures += 1
        raise OSError(12, "Cannot allocate memory")

    async with asyncio.timeout(60), leading(ANSWERS, listening, count=1):
        port = listening[0].getsockname()[1]
        assert await said(port) == b"here"
        monkeypatch.setattr(asyncio, "create_subprocess_exec", no_memory)
        [worker] = children()
        os.kill(worker, signal.SIGKILL)
        await until(lambda: failures >= 3)
        monkeypatch.setattr(asyncio, "create_subprocess_exec", usual)
        assert await said(port) == b"here"

    assert "a worker cannot be started" in caplog.messages


@pytest.mark.parametrize(("text", "status"), [("raise SystemExit(5)", 5), ("raise SystemExit(0)", 3)])
async def test_a_first_worker_that_does_not_start_gives_its_status(
    listening: list[socket.socket], text: str, status: int
) -> None:
    assert await Parent(program(text), listening, 3).run() == status


@on_linux
async def test_a_stop_before_any_worker_is_ready_is_a_success(listening: list[socket.socket]) -> None:
    running = asyncio.create_task(Parent(program("import time; time.sleep(600)"), listening, 2).run())
    await until(lambda: len(children()) > 0)
    os.kill(os.getpid(), signal.SIGINT)

    assert await running == 0


def test_an_address_that_is_taken_gives_the_status_of_a_start_that_failed(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server((HOST, 0)) as taken:
        assert lead(HOST, taken.getsockname()[1], 2) == 3

    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def children() -> list[int]:
    """Of all threads: it is one of them that starts a child."""
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text(encoding="utf-8").split()]


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The parent's end of a channel, and the worker's, as its command line names it."""
    own, theirs = socket.socketpair()
    named = channel_in(["--worker", str(theirs.detach())])
    assert named is not None
    with own, named:
        yield own, named


@pytest.fixture
def worker(ends: tuple[socket.socket, socket.socket]) -> Worker:
    drain = Drain()
    config = uvicorn.Config(
        PlainTextResponse("here"), log_config=None, lifespan="off", http=guarded(Limits()), ws="none"
    )
    return Worker(config, drain=drain, seconds=0, channel=ends[1])


async def heard(own: socket.socket, handed: int, held: int) -> None:
    """Wait for a report that says so."""
    own.settimeout(0)
    wanted = channel.packed(handed, held)
    while wanted not in await asyncio.get_running_loop().sock_recv(own, 4096):
        pass


async def test_a_worker_serves_what_it_is_handed_and_reports_it(
    worker: Worker, ends: tuple[socket.socket, socket.socket]
) -> None:
    own, _ = ends
    serving = asyncio.create_task(worker.serve())
    client, handed = socket.socketpair()
    with client:
        client.settimeout(0)
        async with asyncio.timeout(60):
            await heard(own, 0, 0)
            socket.send_fds(own, [channel.PASSED], [handed.fileno()])
            handed.close()
            await heard(own, 1, 1)
            await asyncio.get_running_loop().sock_sendall(client, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            answer = await asyncio.get_running_loop().sock_recv(client, 1000)
            client.close()
            await heard(own, 1, 0)
            own.close()
            await serving

    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")


async def test_what_was_handed_over_when_it_is_told_to_stop_is_served(
    worker: Worker, ends: tuple[socket.socket, socket.socket]
) -> None:
    """The parent has not heard of it yet. Its end of the channel closes when it has."""
    own, _ = ends
    serving = asyncio.create_task(worker.serve())
    client, handed = socket.socketpair()
    with client:
        client.settimeout(0)
        async with asyncio.timeout(60):
            await heard(own, 0, 0)
            worker.handle_exit(signal.SIGUSR1, None)
            worker._captured_signals.clear()
            while await asyncio.get_running_loop().sock_recv(own, 4096):
                pass
            await asyncio.get_running_loop().sock_sendall(client, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            socket.send_fds(own, [channel.PASSED], [handed.fileno()])
            handed.close()
            own.close()
            answer = await asyncio.get_running_loop().sock_recv(client, 1000)
            await serving

    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("arguments", [[], ["--worker"], ["tests/serving", "7"]])
def test_a_command_line_without_a_channel_starts_no_worker(arguments: list[str]) -> None:
    assert channel_in(arguments) is None


@pytest.mark.parametrize(
    ("received", "held", "handed", "connections"), [(0, 0, 0, 0), (5, 2, 7, 4), (2**32 - 1, 3, 2**32 + 1, 5)]
)
def test_a_report_counts_what_is_on_its_way(received: int, held: int, handed: int, connections: int) -> None:
    assert channel.unpacked(channel.packed(received, held), handed) == connections
