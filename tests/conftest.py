"""The app over the three sandboxes, asked over HTTP as a client would."""

import gc
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx._transports import default

from executor import hook
from providers.config import Environment
from serving import app as served
from serving.app import create
from serving.garbage import settle
from serving.settings import Settings
from tests.shares import pytest_collection_modifyitems, pytest_runtest_protocol, pytest_xdist_make_scheduler

__all__ = ["pytest_collection_modifyitems", "pytest_runtest_protocol", "pytest_xdist_make_scheduler"]

default.create_ssl_context = lru_cache(default.create_ssl_context)  # type: ignore[attr-defined]  # 20 ms a client
hook.SEEN_FIRST = False  # most tests ask each document but once, and are to go by plans nevertheless
hook.MOST_PLANS = 20  # those of servers that are gone would only be in the way of whoever looks for garbage


def pytest_collection_finish() -> None:
    """Do once what each server does at its start, so that what the servers of the tests leave is found as garbage."""
    settle()
    gc.set_threshold(gc.get_threshold()[0], 10, 5)
    served.settle = lambda: None  # type: ignore[attr-defined]


class Answer:
    """What came back for one operation."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        body = response.json()
        self.data: Any = body.get("data")
        self.errors: list[dict[str, Any]] = body.get("errors", [])
        self.extensions: dict[str, Any] = body.get("extensions", {})

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Vendor calls that this operation itself made, tokens and server discovery included."""
        return [call for call in self.extensions["upstream"]["calls"] if not call["coalesced"]]

    @property
    def reads(self) -> list[dict[str, Any]]:
        """The calls that read data: without tokens and the discovery of the server's version."""
        return [call for call in self.calls if call["operation"] not in SETTING_UP]

    @property
    def foreseen(self) -> int:
        """Calls that it was said to take at the most; none when it was not run."""
        return int(self.extensions.get("cost", {}).get("calls", 0))

    @property
    def waves(self) -> int:
        """Rounds of vendor calls that followed one another."""
        return int(self.extensions["upstream"]["totals"]["waves"])

    def by_operation(self) -> dict[str, int]:
        """How often each vendor operation was called, set-up aside."""
        counted: dict[str, int] = {}
        for call in self.reads:
            counted[call["operation"]] = counted.get(call["operation"], 0) + 1
        return counted


SETTING_UP = {
    "CreateToken",
    "auth_create",
    "get_token",
    "paymentsget_server_info",
    "get_info",
    "v2_get_info",
    "v2_get_server_info",
}


def foreseen(answer: Answer, query: str) -> Answer:
    """The answer, whose calls were no more than it was said to take. Without a trace nobody can tell."""
    if "upstream" in answer.extensions:
        assert len(answer.reads) <= answer.foreseen, f"{answer.by_operation()} for {query}"
    return answer


class Graph:
    """A running Tributary."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def ask(self, query: str, /, **variables: Any) -> Answer:
        """Run an operation, with its trace. The HTTP status must be 200, and its cost must have been foreseen."""
        response = await self.client.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"x-upstream-trace": "1", "x-query-cost": "1"},
        )
        assert response.status_code == 200, response.text
        return foreseen(Answer(response), query)

    async def data(self, query: str, /, **variables: Any) -> Any:
        """The data of an operation that must succeed whole."""
        answer = await self.ask(query, **variables)
        assert answer.errors == []
        return answer.data

    async def fault(self, vendor: str, path: str, **effect: Any) -> None:
        """Arm a fault in a sandbox."""
        response = await self.client.post("/sandbox/_faults", json={"vendor": vendor, "path": path, **effect})
        assert response.status_code == 201, response.text

    async def heal(self) -> None:
        """Disarm all faults."""
        await self.client.delete("/sandbox/_faults")

    async def calls(self) -> list[dict[str, Any]]:
        """What the sandboxes received."""
        calls: list[dict[str, Any]] = (await self.client.get("/sandbox/_calls")).json()
        return calls

    async def forget_calls(self) -> None:
        """Empty the sandboxes' record."""
        await self.client.delete("/sandbox/_calls")


class Directories:
    """The directory that a server over all sandboxes makes at its first start, which takes it half of that start.

    It is made once, and others begin with a copy.
    """

    def __init__(self) -> None:
        self._made: bytes | None = None

    def prepare(self, database: Path, variables: Iterable[str]) -> None:
        """Before the start of a server with these variables."""
        if self._made is not None and self._is_usual(variables) and not database.exists():
            database.write_bytes(self._made)

    def remember(self, database: Path, variables: Iterable[str]) -> None:
        """After it, when nobody has asked anything yet."""
        if self._made is None and self._is_usual(variables):
            with closing(sqlite3.connect(database)) as connection:
                self._made = connection.serialize()

    def _is_usual(self, variables: Iterable[str]) -> bool:
        """Not so are those that decide where it is, and who is in it."""
        prefixes = ("DATABASE_", "SANDBOX_CUSTOMERS", "FINICITY_", "PLUGGY_", "FORMANCE_")
        return not any(name.startswith(prefixes) for name in variables)


_directories = Directories()


@asynccontextmanager
async def running(database: Path, **variables: str) -> AsyncIterator[Graph]:
    """Tributary with these environment variables, from start to stop. `EXECUTOR` is taken from the tests' own."""
    chosen = {name: os.environ[name] for name in ("EXECUTOR",) if name in os.environ}
    environment = Environment({"DATABASE_URL": f"sqlite:///{database}", **chosen, **variables})
    _directories.prepare(database, variables)
    app = create(environment, Settings.read(environment))
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        _directories.remember(database, variables)
        yield Graph(client)


Start = Callable[..., AbstractAsyncContextManager[Graph]]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Starts Tributary with given environment variables, on a directory of its own."""
    return lambda **variables: running(tmp_path / "directory.sqlite3", **variables)


@pytest.fixture
async def graph(start: Start) -> AsyncIterator[Graph]:
    """Tributary as a new user gets it: three sandboxes, cold."""
    async with start() as graph:
        yield graph


@pytest.fixture
async def warm(graph: Graph) -> Graph:
    """The same, after it has fetched its tokens and learned its servers' versions."""
    await graph.ask('{ providers { health } payments(first: 1, filter: {asset: "USD/2"}) { totalCount } }')
    await graph.forget_calls()
    return graph
