"""Brings the tables to the newest revision. One process does it; the others wait and then find nothing to do.

Alembic is loaded only where there is something to do: with its templates it takes ten megabytes, for good.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from providers.directory.engine import transaction
from providers.directory.spawned import AsyncConnection, AsyncEngine
from providers.errors import DirectoryUnavailable

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

NEWEST = "0003"
"""The revision that this server knows."""
LOCK_KEY = int.from_bytes(b"tributar", "big")
LOCK_SECONDS = 60


async def to_head(engine: AsyncEngine) -> None:
    """Run the migrations that are missing, in one transaction.

    Raises `DirectoryUnavailable` when the tables are of a newer version.
    """
    if await _revision(engine) == NEWEST:
        return
    async with alone(engine) as connection:
        await connection.run_sync(_upgrade)


@asynccontextmanager
async def alone(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction in which no other process migrates this database; it has no statement timeout."""
    async with transaction(engine) as connection:
        if engine.dialect.name == "postgresql":
            await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            await connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_KEY})")
        yield connection


def configuration(connection: Connection) -> "AlembicConfig":
    """What `alembic.ini` says, without the file, for commands on an open connection."""
    from alembic.config import Config as AlembicConfig  # noqa: PLC0415 - as the docstring above says

    config = AlembicConfig()
    config.set_main_option("script_location", "providers.directory:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


async def _revision(engine: AsyncEngine) -> str | None:
    """That of the tables; None when there are none, or it cannot be told."""
    try:
        async with engine.connect() as connection:
            found = (await connection.exec_driver_sql("SELECT version_num FROM alembic_version")).scalars().all()
    except DBAPIError:
        return None
    return found[0] if len(found) == 1 else None


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - as the docstring above says
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        command.upgrade(configuration(connection), "head")
    except CommandError as error:
        raise DirectoryUnavailable("The directory's tables are not of a version that this server knows.") from error
