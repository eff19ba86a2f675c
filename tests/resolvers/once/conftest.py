"""Writes on SQLite and on a real PostgreSQL, against a provider that counts what it has done.

The tests share one database of each kind, each as a caller of its own.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from providers.config import Environment
from providers.directory import Config, SqlDirectory, connect
from resolvers.background import Background
from tests import services
from tests.resolvers.once.counting import Counter, Replica


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """URL of a PostgreSQL server; without any, tests on it are skipped, but for CI, where they fail."""
    try:
        with services.postgresql() as url:
            yield url
    except services.NoService as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A file for all tests."""
    return config_of(f"sqlite:///{tmp_path_factory.mktemp('writes')}/directory.sqlite3")


@pytest.fixture(scope="session")
def postgresql_database(server: str) -> Iterator[Config]:
    """A database for all tests."""
    name = f"tributary_{uuid4().hex}"
    asyncio.run(services.execute(server, f"CREATE DATABASE {name} TEMPLATE template0"))
    yield config_of(make_url(server).set(database=name).render_as_string(hide_password=False))
    asyncio.run(services.execute(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def config_of(url: str) -> Config:
    return Config.read(Environment({"DATABASE_URL": url}))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Config:
    """A database of either kind."""
    found: Config = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture
async def directory(database: Config) -> AsyncIterator[SqlDirectory]:
    directory = await connect(database)
    yield directory
    await directory.aclose()


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    return Counter(tmp_path / "effects")


@pytest.fixture
async def background() -> AsyncIterator[Background]:
    background = Background()
    yield background
    await background.drain(1)


@pytest.fixture
def replica(directory: SqlDirectory, background: Background) -> Replica:
    return Replica(directory, background)
