"""Replicas that stop, are restarted and are killed, under load and behind a load balancer that asks `/readyz`."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import pytest

from tests.chaos.run import database
from tests.faults.live import at
from tests.process import Process, serving
from tests.replicas.balancer import Balancer
from tests.services import NoService

RATE = 20.0
"""Requests a second."""
AT_ONCE = 10

T = TypeVar("T")
PEOPLE = "{ customers(first: 1) { nodes { name accounts { nodes { id balances { money { amount } } } } } } }"
ACCOUNTS = "{ customers(first: 5) { nodes { accounts { nodes { id provider } } } } }"
CREATE = "mutation ($input: CreatePoolInput!) { createPool(input: $input) { pool { id name } userErrors { code } } }"
NAMES = "{ pools(first: 100) { nodes { name } } }"


class Replicas:
    """Vendors, a database, and any number of replicas of a Tributary that asks them."""

    def __init__(self, folder: Path, url: str, vendors: Process, stack: ExitStack) -> None:
        self._folder, self._url, self._vendors, self._stack = folder, url, vendors, stack

    def start(self, **variables: str) -> Process:
        """One more replica."""
        folder = self._folder / uuid4().hex
        folder.mkdir()
        patience = {"OPERATION_TIMEOUT": "30", "UPSTREAM_TIMEOUT": "20", "DRAIN_SECONDS": "600"}
        own = {**at(self._vendors.url), **patience, **variables}
        return self._stack.enter_context(serving(folder, DATABASE_URL=self._url, **own))

    @property
    def vendors(self) -> str:
        """The URL of whoever acts as the vendors."""
        return self._vendors.url


@pytest.fixture
def replicas(tmp_path: Path) -> Iterator[Replicas]:
    vendors = tmp_path / "vendors"
    vendors.mkdir()
    try:
        with database() as url, serving(vendors, DATABASE_URL=url) as process, ExitStack() as stack:
            yield Replicas(tmp_path, url, process, stack)
    except NoService as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


@asynccontextmanager
async def balancing(*processes: Process) -> AsyncIterator[Balancer]:
    """A balancer over these, once all are ready."""
    async with httpx.AsyncClient(timeout=60) as client:
        balancer = Balancer(client, (process.url for process in processes))
        watching = asyncio.create_task(balancer.watch())
        await balancer.knows(balancer.urls)
        yield balancer
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def pool(balancer: Balancer, account: str, key: str) -> str | None:
    """Have a pool of this name made under this key; its name when it was acknowledged."""
    given = {"name": key, "accountIds": [account], "idempotencyKey": key}
    data = await balancer.post(CREATE, input=given)
    return str(data["createPool"]["pool"]["name"]) if data else None


async def an_account(balancer: Balancer) -> str:
    data = await balancer.post(ACCOUNTS)
    assert data
    nodes = [node for customer in data["customers"]["nodes"] for node in customer["accounts"]["nodes"]]
    return next(str(node["id"]) for node in nodes if node["provider"] == "FORMANCE")


async def load(balancer: Balancer, account: str, until: asyncio.Event) -> list[str]:
    """Ask at a steady rate, every fifth time for a new pool. The pools that were acknowledged.

    A machine that is too slow for the rate is asked less often.
    """
    slots, reads, writes = asyncio.Semaphore(AT_ONCE), [], []

    async def one(work: Coroutine[Any, Any, T]) -> T:
        try:
            return await work
        finally:
            slots.release()

    while not until.is_set():
        await slots.acquire()
        if len(reads) < 4 * (len(writes) + 1):
            reads.append(asyncio.create_task(one(balancer.post(PEOPLE))))
        else:
            writes.append(asyncio.create_task(one(pool(balancer, account, uuid4().hex))))
        await asyncio.sleep(1 / RATE)
    await asyncio.gather(*reads)
    return [name for name in await asyncio.gather(*writes) if name]


async def test_a_rolling_restart_of_all_replicas_fails_no_request(replicas: Replicas) -> None:
    """Each says that it stops, answers on until nobody asks it any more, and only then closes its port."""
    first, second = [await asyncio.to_thread(replicas.start) for _ in range(2)]
    async with asyncio.timeout(240), balancing(first, second) as balancer:
        account, done = await an_account(balancer), asyncio.Event()
        loading = asyncio.create_task(load(balancer, account, done))
        for old in (first, second):
            old.tell_to_stop()
            await balancer.has_left(old.url)
            old.tell_to_stop()
            assert await asyncio.to_thread(old.wait) == 0
            balancer.urls.discard(old.url)
            new = await asyncio.to_thread(replicas.start)
            balancer.urls.add(new.url)
            await balancer.knows(balancer.urls)
        done.set()
        acknowledged = await loading
        data = await balancer.post(NAMES)

    assert balancer.failed == []
    assert balancer.answered > 20
    assert data
    names = [node["name"] for node in data["pools"]["nodes"]]
    assert len(acknowledged) > 5
    assert [names.count(name) for name in acknowledged] == [1] * len(acknowledged)


async def test_a_replica_that_is_killed_takes_nothing_with_it(replicas: Replicas) -> None:
    """What it had acknowledged is there, and what was under way is settled by the same key at the other one."""
    lease = {"WRITE_LEASE": "2", "WRITE_SETTLE": "2"}
    mortal, other = [await asyncio.to_thread(replicas.start, **lease) for _ in range(2)]
    async with asyncio.timeout(240), balancing(mortal) as doomed, balancing(other) as balancer:
        account = await an_account(balancer)
        keys = [uuid4().hex for _ in range(12)]
        acknowledged = [await pool(doomed, account, key) for key in keys[:3]]
        asked = [asyncio.create_task(pool(doomed, account, key)) for key in keys[3:]]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        mortal.process.kill()
        acknowledged += await asyncio.gather(*asked)
        data = await balancer.post(NAMES)
        settled = [await settle(balancer, account, key) for key in keys]
        after = await balancer.post(NAMES)

    assert data
    names = [node["name"] for node in data["pools"]["nodes"]]
    told = [name for name in acknowledged if name]
    assert len(told) >= 4
    assert [names.count(name) for name in told] == [1] * len(told)
    assert settled == keys
    assert after
    assert sorted(key for key in keys for node in after["pools"]["nodes"] if node["name"] == key) == sorted(keys)


async def settle(balancer: Balancer, account: str, key: str) -> str:
    """Ask with the same key until there is an outcome: the lease of the one that died has to run out first."""
    while True:
        name = await pool(balancer, account, key)
        if name:
            return name
        await asyncio.sleep(0.3)


def test_a_server_that_drains_says_so_answers_for_its_time_and_ends(tmp_path: Path) -> None:
    query = {"query": "{ customers(first: 1) { nodes { name } } }"}
    with serving(tmp_path, DRAIN_SECONDS="3") as process, httpx.Client(base_url=process.url, timeout=60) as client:
        client.post("/graphql", json=query)
        before = client.get("/readyz")
        process.tell_to_stop()
        while (after := client.get("/readyz")).status_code == 200:
            pass
        alive = client.get("/livez")
        answer = client.post("/graphql", json=query)
        status = process.wait()

    assert (before.status_code, before.json()["status"], before.headers.get("connection")) == (200, "ok", None)
    assert (after.status_code, after.json()["status"]) == (503, "draining")
    assert (alive.status_code, alive.headers["connection"]) == (200, "close")
    assert (answer.status_code, answer.headers["connection"]) == (200, "close")
    assert "errors" not in answer.json()
    assert status == 0


def test_who_says_it_twice_does_not_wait_for_the_drain(tmp_path: Path) -> None:
    with serving(tmp_path, DRAIN_SECONDS="600") as process:
        process.tell_to_stop()
        while httpx.get(f"{process.url}/readyz").status_code == 200:
            pass
        process.tell_to_stop()

        assert process.wait() == 0


def test_who_stops_it_by_hand_does_not_wait_for_the_drain(tmp_path: Path) -> None:
    with serving(tmp_path, DRAIN_SECONDS="600") as process:
        process.process.send_signal(signal.SIGINT)

        assert process.wait() == 0
