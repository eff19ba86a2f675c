"""SQLAlchemy's engine and connections for the event loop.

They are as `sqlalchemy.ext.asyncio` has them, as far as the directory needs them. That one cannot be had without the
object-relational mapper, which takes seven megabytes and is never used here.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, CursorResult, Dialect, Executable, create_engine
from sqlalchemy.util import greenlet_spawn

T = TypeVar("T")


class AsyncConnection:
    """A connection. What is read with it is read whole."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:  # noqa: ANN401
        """Carry out a statement, once or with each of several sets of parameters."""
        return await greenlet_spawn(self._connection.execute, statement, parameters)

    async def exec_driver_sql(self, statement: str) -> CursorResult[Any]:
        """Carry out a statement in the database's own words."""
        return await greenlet_spawn(self._connection.exec_driver_sql, statement)

    async def execution_options(self, *, isolation_level: str) -> None:
        """From here on."""
        await greenlet_spawn(self._connection.execution_options, isolation_level=isolation_level)

    async def commit(self) -> None:
        """Let what was done be seen."""
        await greenlet_spawn(self._connection.commit)

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        """Do what knows nothing of the event loop, without holding it up."""
        return await greenlet_spawn(work, self._connection)


class AsyncEngine:
    """A pool of connections. The options are those of `create_engine`, with the URL of a driver for the event loop."""

    def __init__(self, url: URL, **options: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        self.sync_engine = create_engine(url, **options)

    @property
    def dialect(self) -> Dialect:
        """Which database it is."""
        return self.sync_engine.dialect

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """A connection while the block lasts. What was not committed is undone."""
        connection = await greenlet_spawn(self.sync_engine.connect)
        try:
            yield AsyncConnection(connection)
        finally:
            await _finished(asyncio.create_task(greenlet_spawn(connection.close)))

    async def dispose(self) -> None:
        """Close the connections that nobody uses."""
        await greenlet_spawn(self.sync_engine.dispose)


async def _finished(task: "asyncio.Task[None]") -> None:
    """Wait for its end, also when cancelled, and be cancelled only then: a connection must not be given back later."""
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    task.result()
    if cancelled is not None:
        raise cancelled
