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
import msgspec
import pytest
import pytest_asyncio
from starlette.types import Receive, Scope, Send

from resolvers import caller
from serving.graphql import GraphQLView
from serving.guard import SMALL
from serving.persisted.automatic import Automatic
from serving.screening.documents import Documents
from tests.conftest import Graph, running
from tests.known import know_at_once
from tests.resolvers.asking import TREE, person
from tests.resolvers.test_partial import ACCOUNTS
from tests.serving.persisted.test_automatic import named
from tests.serving.persisted.test_manifest import FOLDER, customers
from tests.tokens import SETTINGS, bearer

GRAPHQL_JSON = "application/graphql-response+json"
TRACED = {"x-upstream-trace": "1"}
UNSTEADY = frozenset({"ms", "startedMs", "retryAfter"})
Headers = Mapping[str, str] | list[tuple[str, str]]


class Watched:
    """A server's short way, open or closed, and the ways that requests took: S for short, L for long."""

    def __init__(self, graph: Graph, *, is_open: bool) -> None:
        self.graph, self._is_open = graph, is_open
        self.ways = ""
        transport: Any = graph.client._transport
        self.app = transport.app
        self.view: GraphQLView = next(route.endpoint for route in self.app.routes if route.path == "/graphql")
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


class Case(msgspec.Struct, frozen=True):
    """Requests, one after the other, each of which is a body or a body with headers; and the ways that they go."""

    ways: str
    requests: tuple[Any, ...]
    settings: Mapping[str, str] = {}
    statuses: tuple[int, ...] = (200,)
    """Of the last requests."""


def query(text: str, /, **more: Any) -> dict[str, Any]:
    """The body of a request."""
    return {"query": text, **more}


def often(body: Any, headers: Headers = (), *, times: int = 3) -> tuple[Any, ...]:  # type: ignore[assignment]
    """The same request again and again."""
    return ((body, headers),) * times


ANYTHING = query("{ __typename }")
NODE = "query One($id: ID!) { node(id: $id) { id __typename } }"
PAGE = "query Page($first: Int) { customers(first: $first) { nodes { id name } pageInfo { endCursor } } }"
CHOICE = "query($yes: Boolean!) { providers { provider health @include(if: $yes) } a: __typename @skip(if: $yes) }"
TWO = "query A { a: __typename } query B { b: __typename }"
SCHEMA = "{ __schema { queryType { name } } }"
COSTLY = "query($first: Int!) { customers(first: $first) { nodes { payments(first: 1) { totalCount } } } }"
KEEP = """mutation Keep($name: String!, $key: String!) {
  createBankAccount(input: {name: $name, country: "FR", iban: "FR7630006000011234567890189", idempotencyKey: $key}) {
    bankAccount { name } userErrors { code field message }
} }"""
LISTED = customers("codegen.json")
ONLY = {"PERSISTED_DOCUMENTS": str(FOLDER / "codegen.json"), "PERSISTED_DOCUMENTS_ONLY": "true"}
BUT_SCHEMA = [each for each in caller.Scope if each is not caller.Scope.SCHEMA_READ]

CASES = {
    "a query": Case("LSS", often(ANYTHING)),
    "a query with a name that is not named": Case("LSS", often(query("query Q { __typename }"))),
    "a query that is named": Case("LSS", often(query("query Q { __typename }", operationName="Q"))),
    "a query that is named at times": Case(
        "LSSS",
        (
            query("query Q { a: __typename }", operationName="Q"),
            query("query Q { a: __typename }"),
            query("query Q { a: __typename }", operationName=None),
            query("query Q { a: __typename }", operationName="Q"),
        ),
    ),
    "a query by a wrong name": Case(
        "LLL", (ANYTHING, *often({**ANYTHING, "operationName": "Q"}, times=2)), statuses=(400,)
    ),
    "a query by an empty name": Case(
        "LLL", (ANYTHING, *often({**ANYTHING, "operationName": ""}, times=2)), statuses=()
    ),
    "a name that is no text": Case("LL", (ANYTHING, {**ANYTHING, "operationName": 5}), statuses=(400,)),
    "one of several operations": Case("LLSS", tuple(query(TWO, operationName=name) for name in ("A", "B", "A", "B"))),
    "none of several operations": Case(
        "LLSS", (query(TWO), query(TWO, operationName="A"), query(TWO), query(TWO)), statuses=(400, 200, 400, 400)
    ),
    "nothing of two operations": Case("LLL", often(query(TWO, operationName="C")), statuses=(400,)),
    "everything of a customer": Case("LSS", often(query(TREE, variables={"id": person(0)}), TRACED)),
    "ids": Case("LSSS", tuple(query(NODE, variables={"id": person(index)}) for index in (0, 1, 0, 24))),
    "ids of nothing": Case("LSS", tuple(query(NODE, variables={"id": each}) for each in (person(0), "?", ""))),
    "pages": Case("LSSSSS", tuple(query(PAGE, variables={"first": each}) for each in (1, 2, None, 0, -1, 1_000_000))),
    "choices": Case("LSSS", tuple(query(CHOICE, variables={"yes": each}) for each in (True, False, True, False))),
    "wrong variables": Case(
        "LSSSSS",
        tuple(
            query(NODE, variables=each)
            for each in ({"id": person(0)}, {}, None, {"id": None}, {"id": [1]}, {"id": {"a": 1}})
        ),
    ),
    "wrong variables for the newer media type": Case(
        "LSS",
        tuple((query(NODE, variables=each), {"accept": GRAPHQL_JSON}) for each in ({"id": person(0)}, {}, {"id": [1]})),
        statuses=(400, 400),
    ),
    "a name like one that would fit": Case(
        "LSS",
        tuple(
            query("query($p: Provider!) { accounts(provider: $p, first: 1) { totalCount } }", variables={"p": each})
            for each in ("PLUGGY", "PLUGY", "São Paulo")
        ),
    ),
    "the same without suggestions": Case(
        "LSS",
        tuple(
            query("query($p: Provider!) { accounts(provider: $p, first: 1) { totalCount } }", variables={"p": each})
            for each in ("PLUGGY", "PLUGY", "PLUGGY")
        ),
        {"SUGGESTIONS": "off"},
    ),
    "too many variables": Case(
        "LS",
        (
            query("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables={"ids": [person(0)]}),
            query("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables={"ids": ["x" * 100] * 500}),
        ),
        {"MAX_VARIABLE_VALUES": "100"},
        (400,),
    ),
    "variables that are no object": Case("LL", (ANYTHING, {**ANYTHING, "variables": []}), statuses=(400,)),
    "a document that is no GraphQL": Case("LLL", often(query("{"))),
    "a document that does not fit": Case("LLL", often(query("{ nothing }"))),
    "a document with a fault that is found late": Case("LLL", often(query("query($a: Int) { __typename }"))),
    "a subscription": Case("LLL", often(query("subscription { __typename }")), statuses=()),
    "no document": Case("LL", often({}, times=2), statuses=(400,)),
    "no JSON": Case("LL", often(b"{", times=2), statuses=(400,)),
    "a batch": Case("LL", (ANYTHING, [ANYTHING]), statuses=(400,)),
    "a body with a mark of its order": Case(
        "LL", (ANYTHING, b"\xef\xbb\xbf" + json.dumps(ANYTHING).encode()), statuses=(400,)
    ),
    "a long body": Case("LSL", (ANYTHING, ANYTHING, {**ANYTHING, "extensions": {"pad": "x" * SMALL}})),
    "a body that is too long": Case(
        "LS",
        (ANYTHING, {**ANYTHING, "extensions": {"pad": "x" * SMALL}}, ANYTHING),
        {"MAX_REQUEST_BYTES": "2000"},
        (413, 200),
    ),
    "nested without end": Case(
        "LL",
        (ANYTHING, b'{"query": "{ __typename }", "variables": ' + b'{"a":' * 5000 + b"1" + b"}" * 5001),
        statuses=(400,),
    ),
    "the newer media type": Case("LSS", often(ANYTHING, {"accept": GRAPHQL_JSON})),
    "media types": Case(
        "LSSSSS",
        tuple(
            (ANYTHING, [("accept", each) for each in accepted])
            for accepted in (
                [""],
                ["*/*"],
                ["application/json;q=0.5", "Application/GraphQL-Response+JSON"],
                ["text/html", "*/*;q=0.1"],
                ["application/json;q=abc"],
                ["application/json;q=0, */*"],
            )
        ),
    ),
    "media types that are not had": Case(
        "LLLL",
        tuple((ANYTHING, {"accept": each}) for each in ("*/*", "text/html", "application/json;q=0", ",;=,,q")),
        statuses=(406, 406, 406),
    ),
    "bodies of other types": Case(
        "LLLSSL",
        tuple(
            (ANYTHING, {"content-type": each})
            for each in (
                "application/json",
                "text/plain",
                "application/json; charset=latin-1",
                "application/json; charset=utf-8",
                "Application/JSON",
                "",
            )
        ),
        statuses=(415, 415, 200, 200, 415),
    ),
    "headers that are given twice": Case(
        "LSSSL",
        (
            ANYTHING,
            (ANYTHING, [("x-query-cost", "1"), ("x-query-cost", "0")]),
            (ANYTHING, [("x-upstream-trace", "0"), ("x-upstream-trace", "1")]),
            (ANYTHING, [("content-type", "application/json"), ("content-type", "text/plain")]),
            (ANYTHING, [("content-type", "text/plain"), ("content-type", "application/json")]),
        ),
        statuses=(415,),
    ),
    "a trace": Case("LSS", often(query(ACCOUNTS, variables={"id": person(1)}), TRACED)),
    "a trace at times": Case(
        "LSSS", ((ANYTHING, TRACED), ANYTHING, (ANYTHING, TRACED), (ANYTHING, {"x-upstream-trace": "2"}))
    ),
    "a cost": Case("LSS", often(query(ACCOUNTS, variables={"id": person(1)}), {"x-query-cost": "1"})),
    "a cost in the extensions": Case(
        "LSS", often(query(ACCOUNTS, variables={"id": person(1)}, extensions={"cost": True}))
    ),
    "an explanation": Case(
        "LL", often(query(ACCOUNTS, variables={"id": person(1)}, extensions={"explain": True}), times=2)
    ),
    "an explanation of what was run": Case(
        "LSS",
        (
            query(ACCOUNTS, variables={"id": person(1)}),
            *often(query(ACCOUNTS, variables={"id": person(1)}, extensions={"explain": True, "cost": True}), times=2),
        ),
    ),
    "too much": Case(
        "LSSS",
        tuple((query(COSTLY, variables={"first": each}), {"x-query-cost": "1"}) for each in (1, 50, 2, 50)),
        {"MAX_CALLS": "40"},
        (400, 200, 400),
    ),
    "writes, by keys": Case(
        "LSSSSS",
        tuple(
            (query(KEEP, variables={"name": name, "key": key}), TRACED)
            for name, key in (("A", "1"), ("A", "1"), ("A", "2"), ("B", "1"), ("", "3"), ("B", ""))
        ),
    ),
    "a text that is remembered": Case(
        "LLSSS",
        (
            {"extensions": named(PAGE)},
            query(PAGE, extensions=named(PAGE)),
            query(PAGE, extensions=named(PAGE)),
            {"extensions": named(PAGE), "variables": {"first": 1}},
            {"extensions": named(PAGE), "variables": {"first": "x"}},
        ),
    ),
    "a text that is remembered late": Case(
        "LSLSS",
        (
            query(PAGE),
            query(PAGE),
            {"extensions": named(PAGE)},
            query(PAGE, extensions=named(PAGE)),
            {"extensions": named(PAGE)},
        ),
    ),
    "a text by a wrong hash": Case("LL", (ANYTHING, {**ANYTHING, "extensions": named(PAGE)}), statuses=(400,)),
    "hashes where none are known": Case(
        "LSL",
        (query(PAGE), query(PAGE, extensions=named(PAGE)), {"extensions": named(PAGE)}),
        {"APQ": "off"},
    ),
    "a hash of another version": Case(
        "LL", (ANYTHING, {**ANYTHING, "extensions": {"persistedQuery": {"version": 2}}}), statuses=(400,)
    ),
    "a listed document": Case(
        "LSSSLL",
        (
            {"documentId": LISTED[0], "variables": {"first": 1}},
            {"documentId": LISTED[0], "variables": {"first": 2}},
            {"query": LISTED[1], "variables": {"first": 1}},
            {"extensions": named(LISTED[1]), "variables": {"first": 1}},
            {"documentId": "sha256:" + "0" * 64},
            ANYTHING,
        ),
        ONLY,
        (404, 403),
    ),
    "a page of another site": Case(
        "LSSS",
        (
            *often(ANYTHING, {"origin": "https://app.example.com"}, times=3),
            (ANYTHING, {"origin": "https://evil.example.com"}),
        ),
        {"ALLOWED_ORIGINS": "https://app.example.com"},
    ),
    "another host": Case(
        "LS", (ANYTHING, (ANYTHING, {"host": "evil.example.com"}), ANYTHING), {"ALLOWED_HOSTS": "127.0.0.1"}, (421, 200)
    ),
    "too often": Case(
        "LSSSSL", (*often(ANYTHING, times=5), query("{")), {"RATE_LIMIT": "2/hour"}, (429, 429, 429, 429)
    ),
    "too often for the newer media type": Case(
        "LSS", often(ANYTHING, {"accept": GRAPHQL_JSON}), {"RATE_LIMIT": "1/hour"}, (429, 429)
    ),
}


def token_of(*, ttl: float = 86_400, **claims: Any) -> dict[str, str]:
    """The header of somebody whose token lasts as long as a run of all tests."""
    return bearer(ttl=ttl, **claims)


AS_SOMEBODY = {
    "an administrator": Case("LSS", often(query(TREE, variables={"id": person(0)}), token_of())),
    "without a token": Case("LSS", ((ANYTHING, token_of()), *often(ANYTHING, times=2)), statuses=(401, 401)),
    "with a wrong token": Case(
        "LSSSS",
        (
            (ANYTHING, token_of()),
            *(
                (ANYTHING, {"authorization": each})
                for each in ("Bearer x", "Basic x", "", f"{token_of()['authorization']}x")
            ),
        ),
        statuses=(401,) * 4,
    ),
    "with an expired token": Case(
        "LSS", ((ANYTHING, token_of()), (ANYTHING, token_of(ttl=-60)), (ANYTHING, token_of())), statuses=(401, 200)
    ),
    "with two tokens": Case(
        "LS", ((ANYTHING, token_of()), (ANYTHING, [*token_of().items(), *token_of().items()])), statuses=(401,)
    ),
    "guesses": Case(
        "LSSSS",
        ((ANYTHING, token_of()), *often(ANYTHING, {"authorization": "Bearer x"}), (ANYTHING, token_of())),
        {"RATE_LIMIT_FAILURES": "2/hour"},
        (401, 401, 429, 200),
    ),
    "bound to customers": Case(
        "LSSS",
        tuple(
            (query(TREE, variables={"id": person(index)}), {**token_of(**claims), **TRACED})
            for index, claims in ((0, {}), (0, {"customers": "cus_0001"}), (1, {"customers": "cus_0001"}), (1, {}))
        ),
    ),
    "bound callers that cost too much": Case(
        "LSS",
        tuple(
            (query(TREE, variables={"id": person(0)}, extensions={"cost": True}), token_of(**claims))
            for claims in ({}, {"customers": "cus_0001"}, {})
        ),
        {"MAX_CALLS_BOUND": "5"},
        (400, 200),
    ),
    "without scopes": Case(
        "LSSS",
        tuple(
            (query(TREE, variables={"id": person(0)}), token_of(scopes=scopes))
            for scopes in (list(caller.Scope), [caller.Scope.CUSTOMERS_READ], [], list(caller.Scope))
        ),
    ),
    "introspection without its scope": Case(
        "LSSS",
        (
            (query(SCHEMA), token_of()),
            (query(SCHEMA), token_of(scopes=BUT_SCHEMA)),
            (query(SCHEMA), token_of()),
            (query(SCHEMA), token_of(scopes=BUT_SCHEMA)),
        ),
        {"INTROSPECTION": "scope"},
        (403, 200, 403),
    ),
    "traces and explanations without their scope": Case(
        "LSS",
        (
            (query(PAGE), {**token_of(), **TRACED}),
            (query(PAGE), {**token_of(scopes=BUT_SCHEMA, customers="cus_0001"), **TRACED}),
            (query(PAGE, extensions={"explain": True}), token_of(scopes=[caller.Scope.CUSTOMERS_READ])),
        ),
        {"TRACES": "scope"},
        (200, 403),
    ),
    "too often, each by itself": Case(
        "LSSS",
        tuple((ANYTHING, token_of(sub=each)) for each in ("a", "b", "a", "b")),
        {"RATE_LIMIT": "1/hour"},
        (200, 429, 429),
    ),
}


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
