"""From an empty database to the newest tables, back, and by hand."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from providers.directory import Config, connect
from providers.directory.engine import create
from providers.directory.migrate import NEWEST, alone, configuration, to_head
from providers.directory.spawned import AsyncEngine
from providers.directory.tables import METADATA
from providers.errors import DirectoryUnavailable
from tests.providers.directory.conftest import Open

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def engine(config: Config) -> AsyncIterator[AsyncEngine]:
    engine = create(config)
    yield engine
    await engine.dispose()


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_up_down_and_up_again(engine: AsyncEngine) -> None:
    await to_head(engine)
    async with alone(engine) as connection:
        assert await connection.run_sync(tables) == {"alembic_version", *METADATA.tables}
        await connection.run_sync(lambda sync: command.downgrade(configuration(sync), "base"))
        assert await connection.run_sync(tables) == {"alembic_version"}
    await to_head(engine)
    async with engine.connect() as connection:
        assert await connection.run_sync(tables) == {"alembic_version", *METADATA.tables}


async def test_the_code_and_the_migrations_agree(engine: AsyncEngine) -> None:
    """`check` fails when autogenerate would still have something to write."""
    await to_head(engine)
    async with alone(engine) as connection:
        await connection.run_sync(lambda sync: command.check(configuration(sync)))


async def test_tables_of_the_newest_revision_need_no_migration(engine: AsyncEngine) -> None:
    """`NEWEST` is the last of the files, so that a server that finds it need not look at them."""
    await to_head(engine)
    async with alone(engine) as connection:
        script = ScriptDirectory.from_config(await connection.run_sync(configuration))
    assert script.get_heads() == [NEWEST]


async def test_replicas_may_start_at_once_on_an_empty_database(open_directory: Open) -> None:
    stores = await asyncio.gather(*(open_directory() for _ in range(4)))

    await asyncio.gather(*(store.ping() for store in stores))


async def test_tables_of_a_newer_version_are_left_alone(config: Config, engine: AsyncEngine) -> None:
    await to_head(engine)
    async with alone(engine) as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(DirectoryUnavailable, match="version"):
        await connect(config)


async def test_a_store_in_memory_is_its_own() -> None:
    first, second = await connect(Config.in_memory()), await connect(Config.in_memory())
    await first.ping()
    await first.aclose()
    await second.ping()
    await second.aclose()


def alembic(url: str, *arguments: str, folder: Path = ROOT) -> str:
    """What the command line prints; a warning is an error."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "alembic", "-c", str(ROOT / "alembic.ini"), *arguments],
        env={**os.environ, "DATABASE_URL": url},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def test_alembic_works_from_the_command_line_in_any_folder(tmp_path: Path) -> None:
    alembic("sqlite:///here/directory.sqlite3", "upgrade", "head", folder=tmp_path)

    with sqlite3.connect(tmp_path / "here" / "directory.sqlite3") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0003",)]
    connection.close()


def test_alembic_prints_sql_without_a_database() -> None:
    sql = alembic("postgresql://somebody:hunter2@nowhere.invalid/tributary", "upgrade", "head", "--sql")

    assert "CREATE TABLE links" in sql
    assert "hunter2" not in sql
