"""The one pool of database connections of a process, and what a failing database becomes: `DirectoryUnavailable`."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import SQLAlchemyError

from providers.directory.config import Config
from providers.directory.spawned import AsyncConnection, AsyncEngine
from providers.errors import DirectoryUnavailable

POOL_SIZE = 10
SQLITE_POOL_SIZE = 4
"""Each is a thread, and they take turns."""
RECYCLE_SECONDS = 1800
LENIENCE = 4
"""The server's own time-out for a statement, in time-outs of ours: it ends what we have given up and could not tell it,
and must not end one because this process was late with its next word."""
CONNECT_SECONDS = 60.0
"""Until the driver gives up a connection. Its clock knows nothing of a busy loop: `patience` is what ends a wait."""
CACHE_KIB = 256
"""Of each connection to SQLite, whose file the system keeps in memory once for all of them."""
TROUBLE = (SQLAlchemyError, sqlite3.Error, OSError)
"""Drivers raise their own errors while a connection is being made, SQLAlchemy's afterwards. A timeout is an OSError."""


def create(config: Config) -> AsyncEngine:
    """A pool that connects when it is first used. Makes the folder of a SQLite file.

    Connections are in autocommit mode, so that a read is one round trip; `transaction` is for everything else.
    Waiting for one has no end of its own: the store's `patience` is around all that is asked of it.
    """
    url = make_url(config.url.reveal())
    return _sqlite(url, config.timeout) if url.get_backend_name() == "sqlite" else _postgresql(url, config.timeout)


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection in a transaction, committed at the end. On SQLite it is the only writer from its beginning on."""
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            await connection.execution_options(isolation_level="READ COMMITTED")
        yield connection
        await connection.commit()


@contextmanager
def translated() -> Iterator[None]:
    """Turn every trouble with the database into `DirectoryUnavailable`."""
    try:
        yield
    except TROUBLE as error:
        raise DirectoryUnavailable from error


def _postgresql(url: URL, timeout: float) -> AsyncEngine:
    milliseconds = str(int(timeout * 1000 * LENIENCE))
    settings = {"application_name": "tributary", "statement_timeout": milliseconds}
    return AsyncEngine(
        url,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=None,
        pool_recycle=RECYCLE_SECONDS,
        pool_use_lifo=True,
        connect_args={"timeout": CONNECT_SECONDS, "server_settings": settings},
    )


def _sqlite(url: URL, timeout: float) -> AsyncEngine:
    in_memory = url.database in {None, "", ":memory:"}
    if in_memory:
        url = url.set(database=f"file:/{uuid4()}", query={"vfs": "memdb", "uri": "true"})
    else:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = AsyncEngine(
        url,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        pool_size=SQLITE_POOL_SIZE,
        max_overflow=0,
        pool_timeout=None,
        connect_args={"timeout": timeout},
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    if in_memory:
        _keep_alive(engine, f"{url.database}?vfs=memdb")
    return engine


def _keep_alive(engine: AsyncEngine, database: str) -> None:
    # A database in memory ends with its last connection, and every read that is cancelled costs the pool one.
    anchor = sqlite3.connect(database, uri=True)
    event.listen(engine.sync_engine, "engine_disposed", lambda _engine: anchor.close())


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - any driver's connection
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", f"cache_size = -{CACHE_KIB}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
