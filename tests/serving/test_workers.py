"""`WORKERS=2`: two processes on one port, as operators and clients meet them."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.faults.live import at
from tests.process import PATIENCE, ROOT, Process, environment, serving
from tests.replicas.balancer import Balancer
from tests.replicas.test_restarts import balancing

on_linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells a process's children")
pytestmark = [pytest.mark.alone, on_linux]

PEOPLE = "{ customers(first: 1) { nodes { name accounts { nodes { id balances { money { amount } } } } } } }"
AT_ONCE = 8
Start = Callable[..., AbstractContextManager[Process]]


@contextmanager
def _started(folder: Path, vendors: Process, **variables: str) -> Iterator[Process]:
    own = folder / uuid4().hex
    own.mkdir()
    database = f"sqlite:///{folder}/directory.sqlite3"
    # The vendors share a core with all others here: their time-outs are a slow machine's.
    patience = {"OPERATION_TIMEOUT": "30", "UPSTREAM_TIMEOUT": "20"}
    settings = {**at(vendors.url), **patience, "DATABASE_URL": database, "WORKERS": "2", **variables}
    with serving(own, **settings) as process:
        yield process


@contextmanager
def _vendors(folder: Path, **variables: str) -> Iterator[Process]:
    own = folder / uuid4().hex
    own.mkdir()
    with serving(own, DATABASE_URL=f"sqlite:///{folder}/directory.sqlite3", **variables) as process:
        yield process


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts a Tributary with two workers, whose vendors answer at once."""
    folder = tmp_path_factory.mktemp("workers")
    with _vendors(folder) as vendors:
        yield partial(_started, folder, vendors)


def workers_of(process: Process) -> set[int]:
    pid = process.process.pid
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()))


def sockets_of(pid: int) -> int:
    return sum(_is_socket(each) for each in Path(f"/proc/{pid}/fd").iterdir())


def _is_socket(descriptor: Path) -> bool:
    try:
        return os.readlink(descriptor).startswith("socket:")
    except FileNotFoundError:  # closed since it was listed
        return False


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - what other processes do sets no event
            await asyncio.sleep(0.02)


def is_there(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked for its status does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def ask(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": PEOPLE})
    assert response.status_code == 200
    assert "errors" not in response.json()


async def status_of(url: str) -> int:
    """What a new connection is answered with."""
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        return (await client.get(url)).status_code


@pytest.mark.parametrize("connections", [32, 64])
async def test_connections_are_spread_evenly_and_all_are_answered(start: Start, connections: int) -> None:
    with start() as process, ExitStack() as stack:
        workers = workers_of(process)
        before = {pid: sockets_of(pid) for pid in workers}
        opened = [
            stack.enter_context(socket.create_connection(("127.0.0.1", process.port))) for _ in range(connections)
        ]
        for each in opened:
            each.settimeout(PATIENCE)
            each.sendall(b"GET /livez HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
        answers = [each.recv(100) for each in opened]
        taken = [sockets_of(pid) - before[pid] for pid in workers]

    assert {answer.partition(b"\r\n")[0] for answer in answers} == {b"HTTP/1.1 200 OK"}
    assert taken == [connections // 2] * 2


async def test_who_has_lost_its_clients_gets_the_next_ones(start: Start) -> None:
    with start() as process, ExitStack() as stack:
        workers = workers_of(process)
        before = {pid: sockets_of(pid) for pid in workers}

        def taken() -> list[int]:
            return sorted(sockets_of(pid) - before[pid] for pid in workers)

        def dial() -> socket.socket:
            return stack.enter_context(socket.create_connection(("127.0.0.1", process.port)))

        opened = [dial() for _ in range(8)]
        await until(lambda: taken() == [4, 4])
        for each in opened[::2]:  # they were handed out in turns
            each.close()
        await until(lambda: taken() == [0, 4])
        await asyncio.sleep(0.3)  # for the report
        for _ in range(4):
            dial()
        await until(lambda: sum(taken()) == 8)

        assert taken() == [4, 4]


async def test_a_worker_that_is_killed_loses_what_it_had_under_way_and_is_replaced(start: Start) -> None:
    failed: list[float] = []
    with start() as process:
        before = workers_of(process)
        async with httpx.AsyncClient(base_url=process.url, timeout=PATIENCE) as client:
            done, answered = asyncio.Event(), 0

            async def load() -> None:
                nonlocal answered
                while not done.is_set():
                    began = time.monotonic()
                    try:
                        await ask(client)
                        answered += 1
                    except httpx.TransportError:
                        failed.append(began)

            loading = [asyncio.create_task(load()) for _ in range(AT_ONCE)]
            await until(lambda: answered > 20)
            killed, at_ = min(before), time.monotonic()
            os.kill(killed, signal.SIGKILL)
            await until(lambda: len(workers_of(process) - {killed}) == 2)
            until_then = answered
            await until(lambda: answered > until_then + 50)
            done.set()
            await asyncio.gather(*loading)
        after = workers_of(process)
        [told] = [line for line in process.lines if line["message"] == "a worker has ended"]

    assert len(failed) <= AT_ONCE
    assert all(began <= at_ + 0.5 for began in failed)
    assert before - after == {killed}
    assert len(after) == 2
    assert (told["worker"], told["status"], told["replaced_in"]) == (killed, -signal.SIGKILL, 0.0)


async def test_a_stop_under_load_fails_no_request(start: Start) -> None:
    """Another server takes over as soon as a load balancer knows, which asks one of the workers at a time."""

    async def load(balancer: Balancer, done: asyncio.Event) -> None:
        while not done.is_set():
            await balancer.post(PEOPLE)

    with start(DRAIN_SECONDS="600") as old, start(WORKERS="1") as new:
        async with asyncio.timeout(240), balancing(old, new) as balancer:
            done = asyncio.Event()
            loading = [asyncio.create_task(load(balancer, done)) for _ in range(AT_ONCE)]
            await asyncio.sleep(1)
            old.tell_to_stop()
            await balancer.has_left(old.url)
            statuses = [await status_of(f"{old.url}/readyz") for _ in range(4)]
            alive = await status_of(f"{old.url}/livez")
            old.tell_to_stop()
            status = await asyncio.to_thread(old.wait)
            done.set()
            await asyncio.gather(*loading)

    assert balancer.failed == []
    assert balancer.answered > 20
    assert (statuses, alive, status) == ([503] * 4, 200, 0)


async def test_what_is_under_way_at_both_is_finished_before_the_end(tmp_path: Path) -> None:
    """Without a drain the port is closed at once, and nothing that was asked is lost."""
    with _vendors(tmp_path, SANDBOX_DELAY_MS="700") as vendors, _started(tmp_path, vendors) as process:
        async with httpx.AsyncClient(base_url=process.url, timeout=PATIENCE) as client:
            asked = [asyncio.create_task(ask(client)) for _ in range(AT_ONCE)]
            await asyncio.sleep(0.5)
            process.tell_to_stop()
            await asyncio.sleep(0.4)
            with pytest.raises(httpx.ConnectError):
                await status_of(f"{process.url}/livez")
            assert not any(task.done() for task in asked)
            await asyncio.gather(*asked)
        assert await asyncio.to_thread(process.wait) == 0


def test_who_stops_it_by_hand_does_not_wait_for_the_drain(start: Start) -> None:
    with start(DRAIN_SECONDS="600") as process:
        workers = workers_of(process)
        process.process.send_signal(signal.SIGINT)

        assert process.wait() == 0
        assert not any(map(is_there, workers))
        assert "Traceback" not in process.text


async def test_a_worker_that_is_told_to_stop_by_itself_is_replaced(start: Start) -> None:
    with start() as process:
        told, other = workers_of(process)
        os.kill(told, signal.SIGTERM)
        await until(lambda: told not in workers_of(process))
        await until(lambda: len(workers_of(process)) == 2)

        assert other in workers_of(process)
        assert await status_of(f"{process.url}/livez") == 200


async def test_workers_end_with_their_parent(start: Start) -> None:
    with start(DRAIN_SECONDS="600") as process:
        workers = workers_of(process)
        process.process.kill()
        await until(lambda: not any(map(is_there, workers)))

        with pytest.raises(httpx.ConnectError):
            await status_of(f"{process.url}/livez")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_keeps_it_from_starting_is_told_once_with_the_usual_status(tmp_path: Path, workers: str) -> None:
    live = {**at("http://127.0.0.1:9"), "WORKERS": workers}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        in_use = run(tmp_path, PORT=str(taken.getsockname()[1]), **live)
    no_database = run(tmp_path, **{**live, "DATABASE_URL": "postgresql://somebody:hunter2@127.0.0.1:9/nowhere"})

    assert (in_use.returncode, no_database.returncode) == (3, 3)
    assert in_use.stdout.count("ddress already in use") == 1
    assert no_database.stdout.count("cannot start: ") == 1
    assert in_use.stderr + no_database.stderr == ""


def run(folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """A server that does not start."""
    return subprocess.run(
        [sys.executable, "server.py"],
        cwd=ROOT,
        env=environment(folder, **variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


async def test_what_workers_count_is_told_together(start: Start) -> None:
    """Whichever of them is asked, and after one of them has ended, too."""
    with start() as process:
        await _ask_both(process)
        before = _operations(process)
        assert before == AT_ONCE
        os.kill(min(workers_of(process)), signal.SIGKILL)
        await until(lambda: len(workers_of(process)) == 2)
        assert _operations(process) == before


async def _ask_both(process: Process) -> None:
    """On a connection each, so that each worker has some."""
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        asking = (client.post(f"{process.url}/graphql", json={"query": "{ __typename }"}) for _ in range(AT_ONCE))
        assert all(answer.status_code == 200 for answer in await asyncio.gather(*asking))


def _operations(process: Process) -> float:
    lines = httpx.get(f"{process.url}/metrics", timeout=PATIENCE).text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("tributary_operations_total{"))
