"""The directory: our own store of customers and of what belongs to them at the vendors. `connect` opens it."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from providers.directory.cached import CachedDirectory
from providers.directory.config import Config
from providers.directory.engine import create, translated
from providers.directory.migrate import to_head
from providers.directory.seed import seed
from providers.directory.store import SqlDirectory
from providers.directory.writes import utc_now
from providers.patience import patience

__all__ = ["CachedDirectory", "Config", "SqlDirectory", "connect", "seed"]

START_SECONDS = 90.0
"""Longer than one replica waits for another one's migrations."""


async def connect(config: Config, *, clock: Callable[[], datetime] = utc_now) -> SqlDirectory:
    """Open the store with its tables at the newest revision; many replicas may do so at the same time.

    `clock` gives the time in UTC, which leases of writes are reckoned in.

    Raises `DirectoryUnavailable` when the database does not answer or has tables of a newer version.
    """
    with translated():
        engine = create(config)
        try:
            async with patience(config.timeout), engine.connect():
                pass  # a server that says nothing is told from one that migrates for long
            async with asyncio.timeout(START_SECONDS):
                await to_head(engine)
        except BaseException:
            await engine.dispose()
            raise
    return SqlDirectory(
        engine, timeout=config.timeout, clock=clock, events_kept=timedelta(hours=config.events_kept_hours)
    )
