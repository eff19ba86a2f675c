"""One run, from the first start to the verdict."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import msgspec
from sqlalchemy import make_url

from tests import services
from tests.chaos import faults
from tests.chaos.clients import Clients
from tests.chaos.reads import Books
from tests.chaos.verdict import Verdict, verdict
from tests.chaos.world import World, world
from tests.chaos.writes import Ground
from tests.processes.cluster import asking


class Plan(msgspec.Struct, frozen=True):
    """How long, how fast, how often a replica dies (all in seconds), and which share of vendor calls fails.

    It goes on until `deaths` replicas have died, however slowly these start, but not for ten times as long.
    """

    seconds: float
    rate: float
    every: float
    share: float
    deaths: int = 0


@contextmanager
def database() -> Iterator[str]:
    """A new PostgreSQL database's URL. Raises `NoService`."""
    with services.postgresql() as server:
        name = f"tributary_{uuid4().hex}"
        asyncio.run(services.execute(server, f"CREATE DATABASE {name} TEMPLATE template0"))
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False).replace("+asyncpg", "")
        finally:
            asyncio.run(services.execute(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def run(folder: Path, plan: Plan) -> Verdict:
    """Start everything, disturb it, and judge."""
    with database() as url, world(folder, url) as here:
        return asyncio.run(_played(here, plan))


async def _played(here: World, plan: Plan) -> Verdict:
    async with asking(here.vendors) as [books]:
        clients = Clients(here, await Books.read(books), await Ground.read(books))
        await here.raise_()
        await faults.arm(here.vendors.url, plan.share)
        disturbing = [
            asyncio.create_task(here.keep_killing(plan.every)),
            asyncio.create_task(here.watch(max(1.0, plan.seconds / 20))),
        ]
        try:
            await clients.ask(rate=plan.rate, seconds=plan.seconds, deaths=plan.deaths)
        finally:
            for task in disturbing:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await faults.disarm(here.vendors.url)
        here.measure()
        return await verdict(clients.tally, here, books)
