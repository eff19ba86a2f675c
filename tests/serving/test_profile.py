"""What the server tells about itself: everything over sandboxes, little as soon as a vendor is live."""

from pathlib import Path

import pytest
from graphql import get_introspection_query

from providers.config import Environment
from providers.domain import Provider, ProviderMode
from resolvers.caller import ANYBODY, Caller, Scope
from serving.profile import Audience, Profile
from tests.conftest import Graph, Start, running
from tests.tokens import SETTINGS, bearer

LIVE = {"AUTH": "none", "PLUGGY_CLIENT_ID": "a", "PLUGGY_CLIENT_SECRET": "b", "PLUGGY_BASE_URL": "http://127.0.0.1:9"}
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NOBODY = Caller(id="nobody", scopes=frozenset(), customers=None)

INTROSPECTION = [
    get_introspection_query(),
    '{ __type(name: "Query") { name } }',
    "{ __typename renamed: __schema { queryType { name } } }",
    "{ ...Hidden } fragment Hidden on Query { ... on Query { __schema { queryType { name } } } }",
    "fragment Unused on Query { __schema { queryType { name } } } { __typename }",
    "query A { __typename } query B { __schema { queryType { name } } }",
    "{ ... @include(if: false) { __schema { queryType { name } } } }",
]
MISSPELLED = [
    ("{ customerz { __typename } }", {}),
    ('{ customers(frist: 1, after: "x") { totalCount } }', {}),
    ("{ customers { nodes { ... on Custommer { id } } } }", {}),
    ("{ accounts(provider: FINICITI) { totalCount } }", {}),
    ('{ payments(filter: {aset: "USD/2"}) { totalCount } }', {}),
    ("query($p: Provider!) { accounts(provider: $p) { totalCount } }", {"p": "FINICITI"}),
    ("query($f: PaymentFilter) { payments(filter: $f) { totalCount } }", {"f": {"aset": "USD/2"}}),
    ("{ customers { __typename @inclde(if: true) } }", {}),
]


async def asked(graph: Graph, query: str, **body: object) -> tuple[int, list[dict[str, object]]]:
    response = await graph.client.post("/graphql", json={"query": query, **body})
    return response.status_code, response.json().get("errors", [])


@pytest.mark.parametrize("query", INTROSPECTION)
async def test_introspection_that_is_off_is_refused_wherever_it_stands(start: Start, query: str) -> None:
    async with start(INTROSPECTION="off") as graph:
        status, [error] = await asked(graph, query, operationName="A" if "query A" in query else None)

    assert status == 403
    assert error["message"] == "Introspection is off on this server."
    assert error["extensions"]["code"] == "INTROSPECTION_FORBIDDEN"  # type: ignore[index]


@pytest.mark.parametrize("query", ["{ __typename }", '{ customers { totalCount __typename x: node(id: "") { id } } }'])
async def test_typename_is_not_introspection(start: Start, query: str) -> None:
    async with start(INTROSPECTION="off") as graph:
        _, errors = await asked(graph, query)

    assert [error for error in errors if "ntrospection" in str(error)] == []


@pytest.mark.parametrize("audience", ["open", "scope"])
async def test_whoever_may_everything_may_introspect(start: Start, audience: str) -> None:
    async with start(INTROSPECTION=audience) as graph:
        assert (await graph.data(get_introspection_query()))["__schema"]["queryType"]["name"] == "Query"


@pytest.mark.parametrize(("scopes", "is_told"), [([], False), ([Scope.SCHEMA_READ, Scope.TRACES_READ], True)])
async def test_a_token_s_scopes_decide_over_introspection_and_traces(
    start: Start, scopes: list[Scope], *, is_told: bool
) -> None:
    async with start(**SETTINGS, INTROSPECTION="scope", TRACES="scope") as graph:
        headers = {**bearer(scopes=[Scope.PROVIDERS_READ, *scopes]), "x-upstream-trace": "1"}
        schema = await graph.client.post("/graphql", json={"query": INTROSPECTION[1]}, headers=headers)
        data = await graph.client.post("/graphql", json={"query": "{ providers { mode } }"}, headers=headers)

    assert schema.status_code == (200 if is_told else 403)
    assert ("data" in schema.json()) is is_told
    assert "Introspection needs the scope schema:read." in schema.text or is_told
    assert len(data.json()["data"]["providers"]) == 3
    assert ("upstream" in data.json().get("extensions", {})) is is_told


@pytest.mark.parametrize(
    ("audience", "scopes", "admitted"),
    [
        (Audience.OPEN, set(), True),
        (Audience.SCOPE, set(), False),
        (Audience.SCOPE, set(Scope) - {Scope.SCHEMA_READ}, False),
        (Audience.SCOPE, {Scope.SCHEMA_READ}, True),
        (Audience.OFF, set(Scope), False),
    ],
)
def test_an_audience_is_everybody_or_those_with_the_scope_or_nobody(
    audience: Audience, scopes: set[Scope], *, admitted: bool
) -> None:
    assert audience.admits(Caller(id="x", scopes=frozenset(scopes), customers=None), Scope.SCHEMA_READ) is admitted


@pytest.mark.parametrize(("query", "variables"), MISSPELLED, ids=[query for query, _ in MISSPELLED])
async def test_suggestions_are_made_or_left_out_as_it_is_set(
    start: Start, query: str, variables: dict[str, object]
) -> None:
    """In refusals of documents and of variables."""
    told = {}
    for setting in ("on", "off"):
        async with start(SUGGESTIONS=setting) as graph:
            _, [error] = await asked(graph, query, variables=variables)
            told[setting] = "Did you mean" in str(error["message"])

    assert told == {"on": "@inclde" not in query, "off": False}


async def test_without_the_explorer_a_browser_gets_no_page_and_no_script(start: Start) -> None:
    async with start(EXPLORER="off") as graph:
        page = await graph.client.get("/graphql", headers=BROWSER)
        script = await graph.client.get("/explorer/assets/index.js")
        answer = await graph.client.get("/graphql", headers=BROWSER, params={"query": "{ __typename }"})

    assert (page.status_code, page.headers["content-type"]) == (400, "application/json")
    assert script.status_code == 404
    assert answer.json() == {"data": {"__typename": "Query"}}


async def test_a_trace_that_is_off_is_left_out_of_the_answer(start: Start) -> None:
    """The rest of the answer is the same."""
    async with start(TRACES="off") as graph:
        answer = await graph.ask("{ customers(first: 1) { nodes { name } } }")

    assert answer.data == {"customers": {"nodes": [{"name": "Ada Lovelace"}]}}
    assert "upstream" not in answer.extensions


async def test_with_a_live_vendor_the_page_and_the_suggestions_are_off(tmp_path: Path) -> None:
    async with running(tmp_path / "directory.sqlite3", **LIVE) as graph:
        page = await graph.client.get("/graphql", headers=BROWSER)
        _, [error] = await asked(graph, "{ customerz { __typename } }")
        schema = await graph.ask("{ __schema { queryType { name } } }")

    assert page.status_code == 400
    assert error["message"] == "Cannot query field 'customerz' on type 'Query'."
    assert schema.errors == []  # `AUTH=none` gives everybody every scope


@pytest.mark.parametrize(
    ("modes", "is_open"),
    [
        ("SANDBOX SANDBOX SANDBOX", True),
        ("OFF OFF OFF", True),
        ("OFF SANDBOX OFF", True),
        ("LIVE SANDBOX OFF", False),
        ("SANDBOX SANDBOX LIVE", False),
    ],
)
def test_one_live_vendor_closes_what_is_open_with_sandboxes(modes: str, *, is_open: bool) -> None:
    chosen = {vendor: ProviderMode[mode] for vendor, mode in zip(Provider, modes.split(), strict=True)}
    profile = Profile.read(Environment({}), chosen)

    assert (profile.explorer, profile.suggestions) == (is_open, is_open)
    assert (profile.may_introspect(NOBODY), profile.may_trace(NOBODY)) == (is_open, is_open)
    assert (profile.may_introspect(ANYBODY), profile.may_trace(ANYBODY)) == (True, True)


@pytest.mark.parametrize(("traces", "may"), [("open", True), ("scope", False), ("off", False)])
def test_callers_bound_to_customers_see_vendor_calls_only_where_everybody_does(traces: str, *, may: bool) -> None:
    """A call tells what is there from what is not."""
    profile = Profile.read(Environment({"TRACES": traces}), {})
    caller = Caller(id="x", scopes=frozenset(Scope), customers=frozenset({"cus_0001"}))
    assert profile.may_trace(caller) is may
