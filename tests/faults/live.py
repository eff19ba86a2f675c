"""Two Tributaries: one acts as the three vendors on a real socket, the other asks it as if it were they."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from providers.config import Environment
from providers.finicity.sandbox import CREDENTIALS as FINICITY
from providers.formance.sandbox import CREDENTIALS as FORMANCE
from providers.pluggy.sandbox import CREDENTIALS as PLUGGY
from serving.app import create
from serving.settings import Settings
from tests.conftest import Graph, running
from tests.providers.vendor import listening

CREDENTIALS = {**FINICITY, **PLUGGY, **FORMANCE}
AFRESH = {f"CACHE_{kind}_SECONDS": "0" for kind in ("DIRECTORY", "CONNECTORS", "POOLS")}
"""Tests count vendor calls, and change what vendors and databases hold behind the server's back: nothing is kept."""
PATIENCE = {"OPERATION_TIMEOUT": "3", "UPSTREAM_TIMEOUT": "1"}


class Live(Graph):
    """A Tributary whose vendors are somewhere else; faults and calls are theirs. In process both are one."""

    def __init__(self, graph: Graph, vendors: Graph, url: str = "") -> None:
        super().__init__(graph.client)
        self.vendors = vendors
        self.url = url

    async def fault(self, vendor: str, path: str, **effect: object) -> None:
        """Arm a fault at a vendor."""
        await Graph.fault(self.vendors, vendor, path, **effect)

    async def heal(self) -> None:
        """Disarm all faults."""
        await Graph.heal(self.vendors)

    async def calls(self) -> list[dict[str, object]]:
        """What the vendors received."""
        return await Graph.calls(self.vendors)

    async def forget_calls(self) -> None:
        """Empty the vendors' record."""
        await Graph.forget_calls(self.vendors)


def at(url: str) -> dict[str, str]:
    """The environment of a Tributary whose vendors are acted at an address."""
    names = ("finicity", "pluggy", "formance")
    return {
        **{f"{name.upper()}_BASE_URL": f"{url}/sandbox/{name}" for name in names},
        **CREDENTIALS,
        "AUTH": "none",
        **PATIENCE,
        **AFRESH,
    }


@asynccontextmanager
async def live(folder: Path, *, name: str = "directory", **variables: str) -> AsyncIterator[Live]:
    """Vendors over the wire."""
    database = folder / f"{name}.sqlite3"
    async with running(database):
        pass  # fills the directory with the people whom the sandboxes know
    environment = Environment({})
    vendors = create(environment, Settings.read(environment))
    async with (
        listening(vendors) as server,
        httpx.AsyncClient(transport=httpx.ASGITransport(app=vendors), base_url="http://127.0.0.1") as control,
        running(database, **{**at(server.url), **variables}) as graph,
    ):
        yield Live(graph, Graph(control), server.url)


@asynccontextmanager
async def in_process(folder: Path, *, name: str = "directory", **variables: str) -> AsyncIterator[Live]:
    """Vendors in the same process."""
    async with running(folder / f"{name}.sqlite3", **{**PATIENCE, **variables}) as graph:
        yield Live(graph, graph)
