"""Processes as an operator runs them: one that acts as the vendors, and replicas that ask it, on one PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import msgspec

from tests.conftest import Graph
from tests.faults.live import at
from tests.process import ROOT, Process, serving
from tests.services import execute

SECONDS = 2.0
"""How long replicas lease a write, and how long they let an effect of most of them take to show."""
UPSTREAM_TIMEOUT = 3.0
CONCURRENCY = 256
"""As many writes as leave for a vendor at once: none waits for the time-out of another one."""


class Cluster(msgspec.Struct, frozen=True):
    """What runs. Replicas of one vendor share a database, and so does the vendor, which fills it with its people."""

    generation: str
    database: str
    folder: Path
    vendors: Process
    first: Process
    second: Process

    @contextmanager
    def replica(self, name: str) -> Iterator[Process]:
        """One more replica."""
        with _replica(self.folder / name, self.vendors, self.database) as process:
            yield process

    async def time_passes(self) -> None:
        """Whatever was ordered long ago shows by now, if the vendor has done it."""
        await execute(self.database, "UPDATE writes SET settles_at = updated_at WHERE state = 'unknown'")


@contextmanager
def cluster(folder: Path, database: str, generation: str) -> Iterator[Cluster]:
    """Vendors of a generation, and two replicas."""
    url = database.replace("+asyncpg", "")
    with ExitStack() as stack:
        own = folder / "vendors"
        own.mkdir()
        vendors = stack.enter_context(serving(own, DATABASE_URL=url, SANDBOX_PAYMENTS=generation))
        first, second = (stack.enter_context(_replica(folder / name, vendors, url)) for name in ("first", "second"))
        yield Cluster(generation, database, folder, vendors, first, second)


@contextmanager
def _replica(folder: Path, vendors: Process, database: str) -> Iterator[Process]:
    folder.mkdir()
    variables: dict[str, str] = {
        **at(vendors.url),
        "DATABASE_URL": database.replace("+asyncpg", ""),
        "OPERATION_TIMEOUT": "30",
        "UPSTREAM_CONCURRENCY": str(CONCURRENCY),
        "UPSTREAM_TIMEOUT": str(UPSTREAM_TIMEOUT),
        "WRITE_LEASE": str(SECONDS),
        "WRITE_SETTLE": str(SECONDS),
    }
    with serving(folder, root=ROOT, **variables) as process:
        yield process


@asynccontextmanager
async def asking(*processes: Process) -> AsyncIterator[list[Graph]]:
    """Clients of processes."""
    async with AsyncExitStack() as stack:
        clients = [httpx.AsyncClient(base_url=process.url, timeout=60) for process in processes]
        for client in clients:
            await stack.enter_async_context(client)
        yield [Graph(client) for client in clients]
