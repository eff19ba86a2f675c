"""A client that leaves: what was done for it alone stops, down to the vendor; nothing that others wait for does."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from providers.config import Environment
from providers.domain import NodeType, Provider, Ref
from resolvers.ids import encode
from serving.app import create
from serving.settings import Settings
from tests.hostile.wire import posted
from tests.providers.vendor import Asked, Listening, Reply, Vendor, listening, until

READ = "{ accounts(provider: PLUGGY, first: 1) { totalCount } }"
MANY = (
    "{ a: accounts(provider: PLUGGY, first: 1) { totalCount } b: accounts(provider: PLUGGY, first: 2) { totalCount } }"
)
PAGE = Reply(body=b'{"results": [], "total": 0, "totalPages": 0, "page": 1}')
ACCOUNT = encode(Ref(NodeType.SMART_ACCOUNT, ("0b0e5f9b-4b7e-4b36-9d3c-0d4a3d6f2c11",), Provider.PLUGGY))
LOADED = f'{{ node(id: "{ACCOUNT}") {{ id }} }}'
"""By a loader, which reads in a task of its own."""
KEY = Reply(body=b'{"apiKey": "key"}')


class Slow(Vendor):
    """Pluggy, which gives keys at once, and everything else when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    @property
    def reads(self) -> int:
        """How often it was asked for something."""
        return sum(asked.method == "GET" for asked in self.asked)

    def reply(self, asked: Asked) -> Reply:
        return KEY if asked.method == "POST" else Reply(body=PAGE.body, gate=self.gate)


class Scene:
    """A server and its vendor, both on sockets, in this loop."""

    def __init__(self, server: Listening, vendor: Slow) -> None:
        self.server, self.vendor = server, vendor

    async def asks(self, query: str) -> asyncio.StreamWriter:
        """A client that has asked, and can leave."""
        _, writer = await self._connected(query)
        return writer

    async def answer(self, query: str) -> object:
        """A client that stays to the end."""
        reader, writer = await self._connected(query)
        raw = await reader.read()
        writer.close()
        return json.loads(raw.partition(b"\r\n\r\n")[2])

    async def _connected(self, query: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(*self.server.url.removeprefix("http://").split(":"))
        writer.write(posted(json.dumps({"query": query}).encode()))
        return reader, writer


@pytest.fixture(params=[(READ,), (READ, MANY, LOADED)], ids=["others are new", "all are known"])
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    """Warm: one operation was answered, or each. What is known is answered by a way of its own."""
    async with _served(tmp_path) as scene:
        scene.vendor.gate.set()
        for query in request.param:
            await scene.answer(query)
        scene.vendor.gate.clear()
        scene.vendor.asked.clear()
        yield scene


@asynccontextmanager
async def _served(folder: Path) -> AsyncIterator[Scene]:
    vendor = Slow()
    async with listening(vendor) as theirs:
        environment = Environment(
            {
                "DATABASE_URL": f"sqlite:///{folder}/directory.sqlite3",
                "AUTH": "none",
                "PLUGGY_BASE_URL": theirs.url,
                "PLUGGY_CLIENT_ID": "id",
                "PLUGGY_CLIENT_SECRET": "secret",
            }
        )
        app = create(environment, Settings.read(environment))
        async with app.router.lifespan_context(app), listening(app) as ours:
            yield Scene(ours, vendor)


@pytest.mark.parametrize("query", [READ, MANY, LOADED], ids=["one read", "two reads", "by a loader"])
async def test_a_client_that_leaves_ends_its_vendor_calls_and_leaves_nothing_behind(scene: Scene, query: str) -> None:
    """The vendor sees its own client leave. The server's tasks are as many as before."""
    before = asyncio.all_tasks()
    client = await scene.asks(query)
    await until(lambda: scene.vendor.busy == (2 if query is MANY else 1))
    client.close()
    await until(lambda: scene.vendor.busy == 0)
    await until(lambda: asyncio.all_tasks() <= before)

    assert not scene.vendor.gate.is_set()


async def test_a_read_that_another_waits_for_goes_on(scene: Scene) -> None:
    first = await scene.asks(READ)
    await until(lambda: scene.vendor.busy == 1)
    second = asyncio.create_task(scene.answer(MANY))
    await until(lambda: scene.vendor.busy == 2)  # one is shared, the other is its own
    first.close()
    await until(lambda: scene.server.connections == 1)
    await scene.answer("{ __typename }")
    scene.vendor.gate.set()

    assert await second == {"data": {"a": {"totalCount": 0}, "b": {"totalCount": 0}}}
    assert scene.vendor.reads == 2


async def test_a_read_that_all_have_left_is_begun_anew_for_the_next(scene: Scene) -> None:
    clients = [await scene.asks(READ) for _ in range(3)]
    await until(lambda: scene.vendor.busy == 1 and scene.server.connections == 3)
    for client in clients:
        client.close()
    await until(lambda: scene.vendor.busy == 0)
    scene.vendor.gate.set()

    assert await scene.answer(READ) == {"data": {"accounts": {"totalCount": 0}}}
    assert scene.vendor.reads == 2


async def test_a_hundred_clients_that_leave_leave_nothing_behind(scene: Scene) -> None:
    """At whatever moment each does."""
    before = asyncio.all_tasks()
    for number in range(100):
        client = await scene.asks((READ, MANY, LOADED)[number % 3])
        for _ in range(number % 25):
            await asyncio.sleep(0)
        client.close()
    await until(lambda: scene.vendor.busy == 0 and scene.server.connections == 0)
    await until(lambda: asyncio.all_tasks() <= before)
    scene.vendor.gate.set()

    assert await scene.answer(READ) == {"data": {"accounts": {"totalCount": 0}}}


async def test_a_write_that_is_under_way_is_finished_without_its_client(tmp_path: Path) -> None:
    """The vendor was asked once, and whoever sends it again is told what came of it."""
    environment = Environment({"DATABASE_URL": f"sqlite:///{tmp_path}/directory.sqlite3"})
    app = create(environment, Settings.read(environment))
    async with (
        app.router.lifespan_context(app),
        listening(app) as server,
        httpx.AsyncClient(base_url=server.url) as client,
    ):
        scene = Scene(server, Slow())
        of = await client.post(
            "/graphql", json={"query": "{ accounts(provider: FORMANCE, first: 50) { nodes { id kind } } }"}
        )
        account = next(each for each in of.json()["data"]["accounts"]["nodes"] if each["kind"] == "INTERNAL")
        given = f'{{name: "Left", accountIds: ["{account["id"]}"], idempotencyKey: "left"}}'
        write = f"mutation {{ createPool(input: {given}) {{ pool {{ name }} userErrors {{ code }} }} }}"
        fault = {"vendor": "formance", "path": "*/pools", "method": "POST", "delay_ms": 300}
        (await client.post("/sandbox/_faults", json=fault)).raise_for_status()
        leaving = await scene.asks(write)
        while not await _writes(client):
            pass
        leaving.close()
        again = await scene.answer(write)

        assert again == {"data": {"createPool": {"pool": {"name": "Left"}, "userErrors": []}}}
        assert await _writes(client) == 1


async def _writes(client: httpx.AsyncClient) -> int:
    calls = (await client.get("/sandbox/_calls")).json()
    return sum(call["method"] == "POST" and call["path"].endswith("/pools") for call in calls)
