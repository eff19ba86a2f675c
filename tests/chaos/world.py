"""What runs: the vendors, PostgreSQL's database, a replica that lives on, and one that is killed again and again."""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from tests.chaos.footprint import Footprint
from tests.faults.live import at
from tests.process import Process, serving

LEASE = 2.0
"""Seconds after which the write of a replica that is dead is taken over, and an effect of most writes shows."""


class World:
    """Two replicas over one set of vendors. `replicas` are those that run just now."""

    def __init__(self, folder: Path, database: str, vendors: Process, steady: Process) -> None:
        self._folder, self._database, self._stack = folder, database, ExitStack()
        self.vendors, self.steady = vendors, steady
        self.mortal: Process | None = None
        self.deaths = 0
        self.footprints = [Footprint.of(steady.process.pid)]

    @property
    def replicas(self) -> list[Process]:
        """Whoever may be asked."""
        return [self.steady, self.mortal] if self.mortal else [self.steady]

    async def keep_killing(self, every: float) -> None:
        """Start the mortal replica, kill it without warning after `every` seconds, and begin anew."""
        while True:
            if self.mortal is None:
                await self.raise_()
            await asyncio.sleep(every)
            self.kill()

    async def raise_(self) -> None:
        """Start the mortal replica, off the loop: clients go on meanwhile."""
        folder = self._folder / f"mortal-{self.deaths}"
        folder.mkdir()
        started = asyncio.to_thread(self._stack.enter_context, replica(folder, self.vendors, self._database))
        task = asyncio.create_task(started)
        try:
            self.mortal = await asyncio.shield(task)
        finally:
            await task  # a process that is being started is known to the stack before anything ends

    def kill(self) -> None:
        """`kill -9`."""
        if self.mortal:
            self.mortal.process.kill()
            self.mortal = None
            self.deaths += 1

    async def watch(self, every: float) -> None:
        """Note how large the steady replica is."""
        while True:
            await asyncio.sleep(every)
            self.measure()

    def measure(self) -> None:
        """Note how large the steady replica is now."""
        self.footprints.append(Footprint.of(self.steady.process.pid))

    def close(self) -> None:
        """End the mortal replica."""
        self._stack.close()


@contextmanager
def world(folder: Path, database: str) -> Iterator[World]:
    """The vendors and the replica that lives on; `database` is the URL of an empty PostgreSQL database."""
    own, steady = folder / "vendors", folder / "steady"
    own.mkdir()
    steady.mkdir()
    with (
        serving(own, DATABASE_URL=database, SANDBOX_CUSTOMERS="25") as vendors,
        replica(steady, vendors, database) as first,
    ):
        here = World(folder, database, vendors, first)
        try:
            yield here
        finally:
            here.close()


def replica(folder: Path, vendors: Process, database: str) -> AbstractContextManager[Process]:
    """A Tributary that asks these vendors."""
    return serving(
        folder,
        **{
            **at(vendors.url),
            "DATABASE_URL": database,
            "OPERATION_TIMEOUT": "10",
            "UPSTREAM_TIMEOUT": "2",
            "WRITE_LEASE": str(LEASE),
            "WRITE_SETTLE": str(LEASE),
        },
    )
