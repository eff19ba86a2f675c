"""More operations at once than there is room for, and operations that take too long."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests import services
from tests.conftest import Start
from tests.hostile.wire import connected, exchanged, got, is_well, posted
from tests.inside import Inside, inside

ROOM = 3


def payments(first: int) -> bytes:
    """A query of its own, which shares no read with the others."""
    return posted(b'{"query": "{ payments(first: %d) { nodes { id } } }"}' % first)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    with inside(tmp_path_factory.mktemp("room"), MAX_CONCURRENCY=str(ROOM)) as process:
        assert exchanged(process, payments(1)).status == 200
        yield process


def hold(server: Inside, calls: int) -> None:
    """Let the vendor keep so many readers of payments waiting, longer than this test lasts."""
    fault = {"vendor": "formance", "path": "*/payments", "times": calls, "delay_ms": 600_000}
    httpx.post(f"{server.url}/sandbox/_faults", json=fault).raise_for_status()


def under_way(server: Inside) -> int:
    """Reads of payments that the vendor has not answered."""
    calls = httpx.get(f"{server.url}/sandbox/_calls").json()
    return sum(call["path"].endswith("/payments") and not call["ended_ms"] for call in calls)


def test_one_operation_too_many_is_refused_at_once_and_nothing_else_is(server: Inside) -> None:
    """Room is free again as soon as one of them is done, and be it because its client has left."""
    hold(server, ROOM)
    with ExitStack() as stack:
        busy = [stack.enter_context(connected(server)) for _ in range(ROOM)]
        for number, each in enumerate(busy):
            each.sendall(payments(number + 2))
        while under_way(server) < ROOM:
            pass
        refused = exchanged(server, payments(1))
        others = [exchanged(server, got(path)).status for path in ("/livez", "/readyz", "/graphql", "/nothing")]
        busy[0].close()
        while under_way(server) == ROOM:
            pass

        assert is_well(server)

    assert (refused.status, refused.code) == (503, "OVERLOADED")
    assert refused.error["extensions"] == {
        "code": "OVERLOADED",
        "retryable": True,
        "retryAfter": 1,
        "requestId": refused.headers["x-request-id"],
    }
    assert refused.headers["retry-after"] == "1"
    assert others == [200, 200, 200, 404]


@pytest.fixture
async def database_url() -> AsyncIterator[str]:
    """URL of an empty PostgreSQL database that ends with the test."""
    name = f"tributary_{uuid4().hex}"
    with services.postgresql() as server:
        await services.execute(server, f"CREATE DATABASE {name} TEMPLATE template0")
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        await services.execute(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def test_an_operation_that_goes_on_beyond_its_time_is_ended(start: Start, database_url: str) -> None:
    """The vendors' calls keep to the deadline by themselves; a table that somebody has locked knows of none."""
    query = {"query": "{ customers(first: 1) { nodes { name } } }"}
    locker = create_async_engine(database_url)
    async with start(DATABASE_URL=database_url, OPERATION_TIMEOUT="0.1") as graph:
        async with locker.begin() as connection:
            await connection.execute(text("LOCK TABLE customers IN ACCESS EXCLUSIVE MODE"))
            late = await graph.client.post("/graphql", json=query)
        in_time = await graph.client.post("/graphql", json=query)
    await locker.dispose()

    assert late.status_code == 504
    (error,) = late.json()["errors"]
    assert error["extensions"] == {"code": "OPERATION_TIMEOUT", "requestId": late.headers["x-request-id"]}
    assert in_time.json() == {"data": {"customers": {"nodes": [{"name": "Ada Lovelace"}]}}}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("api.example.com", 200),
        ("API.example.com:8443", 200),
        ("a.b.example.org", 200),
        ("[::1]:8000", 200),
        ("example.org", 421),
        ("notexample.org", 421),
        ("evil.com", 421),
        ("api.example.com.evil.com", 421),
        ("api.example.com@evil.com", 421),
        ("api.example.com:8443:evil.com", 421),
        ("", 421),
    ],
)
async def test_only_the_names_that_are_set_are_answered(start: Start, host: str, status: int) -> None:
    async with start(ALLOWED_HOSTS="api.example.com, *.example.org, [::1]") as graph:
        answer = await graph.client.post("/graphql", json={"query": "{ __typename }"}, headers={"host": host})
        probe = await graph.client.get("/livez", headers={"host": host})

    assert answer.status_code == status
    assert probe.status_code == 200
    if status == 421:
        assert answer.json()["errors"][0]["extensions"]["code"] == "MISDIRECTED_REQUEST"


def test_two_hosts_are_none(tmp_path: Path) -> None:
    """A proxy may have looked at the other one."""
    with inside(tmp_path, ALLOWED_HOSTS="tributary") as server:
        head, _, body = posted(b'{"query": "{ __typename }"}').partition(b"\r\n\r\n")
        replies = [exchanged(server, head + more + b"\r\n\r\n" + body) for more in (b"", b"\r\nhost: evil.com")]

    assert [reply.status for reply in replies] == [200, 421]
