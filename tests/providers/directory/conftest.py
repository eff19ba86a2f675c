"""Every test of the store runs on SQLite and on a real PostgreSQL, each in a fresh database of its own."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from providers.config import Environment
from providers.directory import Config, SqlDirectory, connect
from tests import services

Open = Callable[[], Awaitable[SqlDirectory]]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a server; without any, tests on it are skipped, but for CI, where they fail."""
    try:
        with services.postgresql() as url:
            yield url
    except services.NoService as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture
async def postgresql_url(postgresql: str) -> AsyncIterator[str]:
    """URL of an empty database that ends with the test."""
    name = f"tributary_{uuid4().hex}"
    await services.execute(postgresql, f"CREATE DATABASE {name} TEMPLATE template0")
    yield make_url(postgresql).set(database=name).render_as_string(hide_password=False)
    await services.execute(postgresql, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/folder/directory.sqlite3"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def config(database_url: str) -> Config:
    return Config.read(Environment({"DATABASE_URL": database_url}))


@pytest.fixture
async def open_directory(config: Config) -> AsyncIterator[Open]:
    """Opens one more store on the test's database, as one more replica would."""
    opened: list[SqlDirectory] = []

    async def open_one() -> SqlDirectory:
        opened.append(await connect(config))
        return opened[-1]

    yield open_one
    for directory in opened:
        await directory.aclose()


@pytest.fixture
async def directory(open_directory: Open) -> SqlDirectory:
    return await open_directory()
