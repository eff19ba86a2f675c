"""A database that fails, hangs or comes back."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import make_url

from providers.config import Environment
from providers.directory import Config, SqlDirectory, connect, seed
from providers.directory.engine import create, transaction
from providers.domain import (
    Customer,
    CustomerLink,
    LinkKind,
    Message,
    NodeType,
    Occurrence,
    PageRequest,
    Provider,
    Ref,
    Topic,
    customer_ref,
)
from providers.errors import DirectoryUnavailable
from providers.seed import customers
from tests import services

PEOPLE = customers(3)
CHANGE = Occurrence(Topic.PAYMENT_CHANGED, Ref(NodeType.PAYMENT, ("p",), Provider.FORMANCE))
EVENT_TABLES = ("DROP TABLE events", "DROP TABLE messages", "DROP TABLE event_counter")
MESSAGE = Message(provider=Provider.FORMANCE, id="m", occurrences=(CHANGE,))
CALLS: dict[str, Callable[[SqlDirectory], Awaitable[object]]] = {
    "customers_by_id": lambda directory: directory.customers_by_id(["a"]),
    "list_customers": lambda directory: directory.list_customers(PageRequest()),
    "links_by_customer": lambda directory: directory.links_by_customer(["a"]),
    "customers_by_link": lambda directory: directory.customers_by_link([(Provider.PLUGGY, "account", "a")]),
    "add": lambda directory: directory.add([Customer(customer_ref("a"), None)], []),
    "events.append": lambda directory: directory.events.append(MESSAGE),
    "events.after": lambda directory: directory.events.after(0),
    "events.latest": lambda directory: directory.events.latest(),
    "events.origin": lambda directory: directory.events.origin(),
    "events.oldest": lambda directory: directory.events.oldest(),
    "events.prune": lambda directory: directory.events.prune(datetime.now(UTC)),
    "ping": lambda directory: directory.ping(),
}


def config_of(url: str, **changes: float) -> Config:
    return msgspec.structs.replace(Config.read(Environment({"DATABASE_URL": url})), **changes)


async def lose_tables(url: str) -> None:
    driver_url = make_url(config_of(url).url.reveal()).render_as_string(hide_password=False)
    await services.execute(driver_url, "DROP TABLE links", "DROP TABLE customers", *EVENT_TABLES)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
async def test_trouble_is_one_error_that_tells_nothing(
    directory: SqlDirectory, database_url: str, call: Callable[[SqlDirectory], Awaitable[object]]
) -> None:
    await lose_tables(database_url)

    with pytest.raises(DirectoryUnavailable) as caught:
        await call(directory)

    assert str(caught.value) == DirectoryUnavailable.summary


async def test_a_database_that_goes_away(postgresql: str, postgresql_url: str) -> None:
    directory = await connect(config_of(postgresql_url))
    name = make_url(postgresql_url).database
    await services.execute(postgresql, f"DROP DATABASE {name} WITH (FORCE)")

    for call in CALLS.values():
        with pytest.raises(DirectoryUnavailable):
            await call(directory)
    await directory.aclose()


async def test_a_restarted_database_is_not_noticed_by_readers(postgresql: str, postgresql_url: str) -> None:
    """All pooled connections die; each read still answers."""
    directory = await connect(config_of(postgresql_url))
    await seed(directory, PEOPLE, {})
    await asyncio.gather(*(directory.ping() for _ in range(5)))
    name = make_url(postgresql_url).database
    await services.execute(
        postgresql, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    )

    answers = await asyncio.gather(*(directory.customers_by_id([person.id]) for person in PEOPLE))

    assert [len(answer) for answer in answers] == [1, 1, 1]
    await directory.aclose()


async def test_a_server_that_is_not_there() -> None:
    with pytest.raises(DirectoryUnavailable) as caught:
        await connect(config_of("postgresql://somebody:hunter2@127.0.0.1:1/tributary"))

    assert str(caught.value) == DirectoryUnavailable.summary


@pytest.fixture
async def silent_port() -> AsyncIterator[int]:
    """A server that takes connections and never says a word."""
    writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _reader, writer: writers.append(writer), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for writer in writers:
        writer.close()
        await writer.wait_closed()


async def test_a_silent_server_is_given_up(silent_port: int) -> None:
    config = config_of(f"postgresql://somebody@127.0.0.1:{silent_port}/tributary", timeout=0.2)

    async with asyncio.timeout(3):
        with pytest.raises(DirectoryUnavailable):
            await connect(config)


async def test_a_statement_that_waits_for_a_lock_is_given_up(postgresql_url: str) -> None:
    """Both by us and by the server, so that nothing is left running there."""
    directory = await connect(config_of(postgresql_url, timeout=0.2))
    holder = create(config_of(postgresql_url))
    async with transaction(holder) as connection:
        await connection.exec_driver_sql("LOCK TABLE customers IN ACCESS EXCLUSIVE MODE")
        for name in ("customers_by_id", "add"):
            with pytest.raises(DirectoryUnavailable):
                await CALLS[name](directory)

    await directory.ping()
    await directory.aclose()
    await holder.dispose()


async def test_readers_of_a_file_do_not_wait_for_its_writer_and_writers_give_up(tmp_path: Path) -> None:
    path = tmp_path / "directory.sqlite3"
    directory = await connect(config_of(f"sqlite:///{path}", timeout=0.1))
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    await CALLS["customers_by_id"](directory)
    with pytest.raises(DirectoryUnavailable):
        await CALLS["add"](directory)

    writer.execute("ROLLBACK")
    writer.close()
    await CALLS["add"](directory)
    await directory.aclose()


async def test_a_link_of_nobody_is_refused_and_nothing_is_stored(directory: SqlDirectory) -> None:
    link = CustomerLink(Provider.PLUGGY, LinkKind.SMART_ACCOUNT, "p", "nobody")
    with pytest.raises(DirectoryUnavailable):
        await directory.add([Customer(customer_ref("a"), None)], [link])

    assert await directory.customers_by_id(["a"]) == {}


@pytest.mark.parametrize("place", ["file", "memory"])
async def test_cancelled_reads_cost_no_data(tmp_path: Path, place: str) -> None:
    config = Config.in_memory() if place == "memory" else config_of(f"sqlite:///{tmp_path}/directory.sqlite3")
    directory = await connect(config)
    await seed(directory, PEOPLE, {})
    for step in range(12):
        task = asyncio.create_task(directory.customers_by_id([PEOPLE[0].id]))
        await asyncio.sleep(0.0002 * step)
        task.cancel()
        await asyncio.wait([task])

    assert len(await directory.customers_by_id([person.id for person in PEOPLE])) == 3
    await directory.aclose()


def hog(seconds: float) -> None:
    """Keep the event loop from everything else."""
    time.sleep(seconds)


async def test_a_process_that_is_busy_with_itself_does_not_blame_the_database(
    postgresql_url: str, tmp_path: Path
) -> None:
    """The loop stands still for longer than the time-out, at each step of a cold read and of a write."""
    for url in (postgresql_url, f"sqlite:///{tmp_path}/directory.sqlite3"):
        directory = await connect(config_of(url))
        await seed(directory, PEOPLE, {})
        await directory.aclose()
        cold = SqlDirectory(create(config_of(url, timeout=0.2)), timeout=0.2)
        asked = [asyncio.create_task(cold.customers_by_id([PEOPLE[0].id])) for _ in range(30)]
        added = asyncio.create_task(cold.add([Customer(customer_ref("one more"), None)], []))
        for _ in range(8):
            hog(0.3)
            await asyncio.sleep(0.001)

        assert [len(answer) for answer in await asyncio.gather(*asked)] == [1] * 30
        await added
        assert len(await cold.customers_by_id(["one more"])) == 1
        await cold.aclose()


async def test_a_database_that_falls_silent_is_given_up_by_a_busy_process(postgresql_url: str) -> None:
    directory = await connect(config_of(postgresql_url, timeout=0.2))
    holder = create(config_of(postgresql_url))
    async with transaction(holder) as connection:
        await connection.exec_driver_sql("LOCK TABLE customers IN ACCESS EXCLUSIVE MODE")
        asked = asyncio.create_task(directory.customers_by_id(["a"]))
        while not asked.done():
            hog(0.05)
            await asyncio.sleep(0)
        with pytest.raises(DirectoryUnavailable):
            await asked

    await directory.aclose()
    await holder.dispose()
