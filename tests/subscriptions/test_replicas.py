"""Several processes on one database: what one of them is told, the subscribers of all are."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from resolvers import feed
from tests import services
from tests.inside import inside
from tests.subscriptions.client import by_events, by_socket, listening
from tests.subscriptions.conftest import tell
from tests.subscriptions.graph import payments

PAYMENTS = "subscription($after: String) { paymentChanged(after: $after) { cursor payment { id } } }"


def no_service(error: services.NoService) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(str(error))
    pytest.skip(str(error))


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    try:
        with services.redis() as url:
            yield url
    except services.NoService as error:
        no_service(error)


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    try:
        with services.postgresql() as url:
            yield url
    except services.NoService as error:
        no_service(error)


@pytest.fixture
async def database(postgresql: str) -> AsyncIterator[str]:
    name = f"tributary_{uuid4().hex}"
    await services.execute(postgresql, f"CREATE DATABASE {name} TEMPLATE template0")
    url = make_url(postgresql).set(database=name, drivername="postgresql")
    yield url.render_as_string(hide_password=False)
    await services.execute(postgresql, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def told_to_all(tmp_path: Path, **variables: str) -> None:
    """Two servers, each of which is told something."""
    settings = {"SOCKET_INIT_TIMEOUT": "60", **variables}
    with inside(tmp_path, **settings) as one, inside(tmp_path, **settings) as other:
        ids = [each["id"] for each in await asyncio.to_thread(payments, one)][:6]
        async with by_socket(one, PAYMENTS) as here, by_events(other, PAYMENTS) as there:
            await listening(one, 1)
            await listening(other, 1)
            told: list[list[dict[str, str]]] = [[], []]
            for number, id in enumerate(ids):
                await tell((one, other)[number % 2], id)
                for place, subscriber in enumerate((here, there)):
                    told[place].append((await subscriber.next())["data"]["paymentChanged"])
        async with by_events(other, PAYMENTS, after=told[0][2]["cursor"]) as elsewhere:
            rest = [(await elsewhere.next())["data"]["paymentChanged"] for _ in range(3)]

    assert [each["payment"] for each in told[0]] == [{"id": id} for id in ids]
    assert told[0] == told[1]
    assert rest == told[0][3:]


async def test_two_processes_on_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "LOOK_SECONDS", 0.05)
    await told_to_all(tmp_path)


async def test_two_processes_on_one_postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    monkeypatch.setattr(feed, "LOOK_SECONDS", 0.05)
    await told_to_all(tmp_path, DATABASE_URL=database)


async def test_two_processes_that_hear_one_bell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis: str) -> None:
    """Neither looks by itself."""
    monkeypatch.setattr(feed, "LOOK_BESIDE_BELL_SECONDS", 600.0)
    monkeypatch.setattr(feed, "LOOK_SECONDS", 600.0)
    await told_to_all(tmp_path, REDIS_URL=redis, REDIS_PREFIX=f"test-{uuid4().hex}")


async def test_a_bell_that_falls_silent_is_made_up_for_by_looking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "LOOK_SECONDS", 0.05)
    await told_to_all(tmp_path, REDIS_URL="redis://127.0.0.1:1/0")
