"""The short way for known operations is seen by nobody: whatever is asked, it answers as the long way does.

Two servers are asked the same. One of them goes the long way every time.
"""

import json
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.types import Receive, Scope, Send

from serving.graphql import GraphQLView
from serving.persisted.automatic import Automatic
from serving.screening.documents import Documents
from tests.conftest import Graph, running
from tests.known import know_at_once
from tests.resolvers.asking import person
from tests.resolvers.test_partial import ACCOUNTS
from tests.serving.known_cases import ANYTHING, AS_SOMEBODY, CASES, PAGE, Case, Headers, query
from tests.tokens import SETTINGS, bearer

UNSTEADY = frozenset({"ms", "startedMs", "retryAfter"})


class Watched:
    """A server's short way, open or closed, and the ways that requests took: S for short, L for long."""

    def __init__(self, graph: Graph, *, is_open: bool) -> None:
        self.graph, self._is_open = graph, is_open
        self.ways = ""
        transport: Any = graph.client._transport
        self.app = transport.app
        self.view: GraphQLView = next(route.endpoint.view for route in self.app.routes if route.path == "/graphql")
        self._known = self.view._known
        self.view._known = self  # type: ignore[assignment]

    def forget(self) -> None:
        """Know no document any more, as after a start."""
        self.ways = ""
        self.view._screen._documents = Documents(self.view._screen.limits)
        self.view._persisted._automatic = Automatic()

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> Receive | None:
        """In the place of `KnownOperations.answer`."""
        unanswered = None
        try:
            unanswered = await self._known.answer(scope, receive, send) if self._is_open else receive
        finally:
            self.ways += "S" if unanswered is None else "L"
        return unanswered


class Pair:
    """A server with the short way, and one without."""

    def __init__(self, short: Watched, long: Watched, logged: pytest.LogCaptureFixture) -> None:
        self.short, self.long, self._logged = short, long, logged

    async def ask(self, body: Any, headers: Headers = ()) -> httpx.Response:  # type: ignore[assignment]
        """The answer, which is the same from both."""
        found = [(await self._asked(each, body, headers)) for each in (self.short, self.long)]
        (short, said), (long, said_long) = found
        assert short.status_code == long.status_code
        assert told(short.headers) == told(long.headers)
        assert steady(short.json()) == steady(long.json())
        assert said == said_long
        return short

    async def fault(self, vendor: str, path: str, **effect: Any) -> None:
        """In both servers' sandboxes."""
        for each in (self.short, self.long):
            await each.graph.fault(vendor, path, **effect)

    async def _asked(self, server: Watched, body: Any, headers: Headers) -> tuple[httpx.Response, list[Any]]:
        self._logged.clear()
        given = headers.items() if isinstance(headers, Mapping) else headers
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = await server.graph.client.post(
            "/graphql",
            content=content,
            headers=[
                *given,
                *([] if any(name == "content-type" for name, _ in given) else [("content-type", "application/json")]),
                ("x-request-id", "the-same"),
            ],
        )
        return response, [
            (record.name, record.getMessage(), getattr(record, "calls", None), getattr(record, "errors", None))
            for record in self._logged.records
            if record.name == "tributary.operation"
        ]


def told(headers: httpx.Headers) -> dict[str, str]:
    """The headers of an answer. Its length is that of a body with times in it."""
    assert headers["content-length"].isdigit()
    return {
        name: "soon" if name == "retry-after" and value.isdigit() else value
        for name, value in headers.items()
        if name != "content-length"
    }


def steady(value: Any) -> Any:
    """An answer's JSON without what differs from time to time, in the order that it has."""
    if isinstance(value, dict):
        return [(name, type(each).__name__ if name in UNSTEADY else steady(each)) for name, each in value.items()]
    return [steady(each) for each in value] if isinstance(value, list) else value


@asynccontextmanager
async def two(folder: Path, **variables: str) -> AsyncIterator[tuple[Watched, Watched]]:
    """The servers of a pair."""
    async with (
        running(folder / "short.sqlite3", **variables) as short,
        running(folder / "long.sqlite3", **variables) as long,
    ):
        yield Watched(short, is_open=True), Watched(long, is_open=False)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def usual(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Watched, Watched]]:
    """Those of all cases that set nothing."""
    async with two(tmp_path_factory.mktemp("usual")) as servers:
        yield servers


@pytest.fixture
def pair(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Any:
    """Starts a pair with given settings."""
    caplog.set_level(logging.INFO, logger="tributary.operation")

    @asynccontextmanager
    async def started(**variables: str) -> AsyncIterator[Pair]:
        async with two(tmp_path, **variables) as (short, long):
            yield Pair(short, long, caplog)

    return started


async def asked(pair: Pair, case: Case) -> list[int]:
    statuses = []
    for each in case.requests:
        body, headers = each if isinstance(each, tuple) else (each, ())
        statuses.append((await pair.ask(body, headers)).status_code)
    return statuses


def holds(case: Case, pair: Pair, statuses: list[int]) -> bool:
    """Whether the requests were answered as they should be, and by which ways."""
    assert statuses[len(statuses) - len(case.statuses) :] == list(case.statuses)
    assert (pair.short.ways, pair.long.ways) == (case.ways, "L" * len(case.ways))
    return True


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items() if not case.settings])
async def test_both_ways_answer_the_same(
    usual: tuple[Watched, Watched], caplog: pytest.LogCaptureFixture, case: Case
) -> None:
    caplog.set_level(logging.INFO, logger="tributary.operation")
    pair = Pair(*usual, caplog)
    for each in usual:
        each.forget()

    assert holds(case, pair, await asked(pair, case))


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items() if case.settings])
async def test_both_ways_answer_the_same_under_any_setting(pair: Any, case: Case) -> None:
    async with pair(**case.settings) as both:
        assert holds(case, both, await asked(both, case))


@pytest.mark.parametrize("case", AS_SOMEBODY.values(), ids=AS_SOMEBODY)
async def test_both_ways_tell_callers_apart(pair: Any, case: Case) -> None:
    async with pair(**SETTINGS, **case.settings) as both:
        assert holds(case, both, await asked(both, case))


EVERYTHING = (("formance", "*/balances"), ("pluggy", "/*"), ("finicity", "/*"), ("formance", "/*"))


@pytest.mark.parametrize(
    ("status", "faults"),
    [(400, EVERYTHING), (404, EVERYTHING), (503, [("pluggy", "/*")])],  # after several 503, the breaker has its say
    ids=["refused", "absent", "away"],
)
async def test_both_ways_tell_of_the_same_failures(pair: Any, status: int, faults: Any) -> None:
    """Of fields, of parts of lists, and of everything."""
    body = query(ACCOUNTS, variables={"id": person(0)})
    found = 0
    async with pair() as both:
        await both.ask(body)
        for vendor, path in faults:
            await both.fault(vendor, path, status=status, times=1_000, body="{}")
            found += len((await both.ask(body)).json().get("errors", ()))

    assert (bool(found), both.short.ways) == (True, "L" + "S" * len(faults))


async def test_both_ways_hide_what_is_unforeseen(pair: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in this server, in a rule and in a resolver."""

    def fail(*_: Any) -> None:
        raise ZeroDivisionError("secret")

    async with pair() as both:
        await both.ask(query(PAGE))
        with monkeypatch.context() as patched:
            for each in (both.short, both.long):
                patched.setattr(each.view._screen, "_operations", (fail,))
            ruled = await both.ask(query(PAGE))
        with monkeypatch.context() as patched:
            for each in (both.short, both.long):
                patched.setattr(each.app.state.providers.directory, "list_customers", fail)
            resolved = await both.ask(query(PAGE))

    assert both.short.ways == "LSS"
    for answer in (ruled, resolved):
        assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["INTERNAL_SERVER_ERROR"]
        assert "secret" not in answer.text


async def test_both_ways_say_that_they_take_too_long(pair: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendor has a deadline, and the operation another."""
    body = query(ACCOUNTS, variables={"id": person(0)})
    monkeypatch.setattr("serving.app.GRACE", -0.2)
    async with pair(OPERATION_TIMEOUT="0.5") as both:
        await both.ask(body)
        await both.fault("pluggy", "/*", delay_ms=2_000, times=1_000)
        answers = [await both.ask(body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [504, 504]
    assert both.short.ways == "L" + "S" * 2


async def test_both_ways_know_when_a_token_ends(pair: Any) -> None:
    headers = bearer(ttl=60)
    async with pair(**SETTINGS) as both:
        known = [(await both.ask(ANYTHING, headers)).status_code for _ in range(2)]
        for each in (both.short, both.long):
            each.view._callers._now = lambda: time.time() + 200
        ended = (await both.ask(ANYTHING, headers)).status_code

    assert (known, ended, both.short.ways) == ([200, 200], 401, "LSS")


async def test_both_ways_close_connections_while_the_server_drains(pair: Any) -> None:
    async with pair() as both:
        await both.ask(ANYTHING)
        for each in (both.short, both.long):
            each.app.state.drain.has_begun = True
        answer = await both.ask(ANYTHING)

    assert (answer.headers["connection"], both.short.ways) == ("close", "LS")


async def test_graphql_core_goes_the_long_way(pair: Any) -> None:
    async with pair(EXECUTOR="graphql-core") as both:
        for _ in range(3):
            await both.ask(ANYTHING)

    assert both.short.ways == ""


async def test_the_tests_of_access_go_the_short_way(pair: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """And those of operations: at once, and unless there is none."""
    know_at_once(monkeypatch)
    async with pair() as both:
        for _ in range(2):
            await both.ask(query(PAGE))
            await both.ask(query("{ nothing }"))
            await both.ask(query("{"))

    assert both.short.ways == "SLL" * 2
