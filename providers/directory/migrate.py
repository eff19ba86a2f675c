"""Brings the tables to the newest revision. One process does it; the others wait and then find nothing to do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from providers.directory.engine import transaction

LOCK_KEY = int.from_bytes(b"tributar", "big")
LOCK_SECONDS = 60


async def to_head(engine: AsyncEngine) -> None:
    """Run the migrations that are missing, in one transaction."""
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


def configuration(connection: Connection) -> AlembicConfig:
    """What `alembic.ini` says, without the file, for commands on an open connection."""
    config = AlembicConfig()
    config.set_main_option("script_location", "providers.directory:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(configuration(connection), "head")
