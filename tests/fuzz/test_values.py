"""Ids, cursors and bodies that are nearly right, or nothing at all, sent to the real server."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz import values, verdict
from tests.fuzz.ground import OPEN, Ground, is_answering, survey
from tests.hostile.wire import bound_memory
from tests.process import Process, serving
from tests.tokens import bearer

REPEATED = settings(
    derandomize=True, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
"""The same examples each time, none of which is made smaller: what was sent is told as it was."""

BY_ID = """
query($id: ID!, $ids: [ID!]!) {
  node(id: $id) {
    id
    ... on Account { balances { kind } customer { id } pools { id } }
    ... on Pool { balances { kind } }
  }
  nodes(ids: $ids) { id }
  customer(id: $id) { id links { externalId } }
  account(id: $id) { id payments(first: 1) { nodes { id } } }
  payment(id: $id) { id source { id } destination { id } }
  pool(id: $id) { id accounts { id } }
  bankAccount(id: $id) { id related { account { id } } }
  transferInitiation(id: $id) { id source { id } }
}
"""
WINDOW = "(first: 2, after: $after) { edges { cursor node { id } } pageInfo { endCursor hasNextPage } }"
ROOTS = ("customers", "accounts", "payments", "pools", "connectors", "bankAccounts", "transferInitiations")
NAMES = ("query", "variables", "operationName", "extensions", "id", "documentId", "doc_id", "x", "")
ADMIN = bearer()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """One server for all that comes; at the end it still answers, and has logged no error."""
    with serving(tmp_path_factory.mktemp("values"), **OPEN) as process:
        bound_memory(process)
        yield process
        assert is_answering(process)
        assert [line for line in process.lines if line["level"] in ("error", "critical")] == []


@pytest.fixture(scope="module")
def client(server: Process) -> Iterator[httpx.Client]:
    """An administrator: nothing that is asked ends at who may ask it."""
    with httpx.Client(base_url=server.url, headers=ADMIN, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def ground(server: Process) -> Ground:
    """What there is."""
    return survey(server)


def asked(client: httpx.Client, query: str, **variables: Any) -> bytes:
    """The answer to an operation, which must be a proper one."""
    response = client.post("/graphql", json={"query": query, "variables": variables})
    assert verdict.faults(response.status_code, response.content) == [], variables
    return response.content


def test_no_id_breaks_a_field(client: httpx.Client, ground: Ground) -> None:
    """Real ones, real ones with a part changed, and others: on every field that takes one, and in lists."""
    one = values.identifiers(ground, list(ground.by_type))
    seen: set[str] = set()

    @settings(REPEATED, max_examples=150)
    @given(id=one, ids=st.lists(one, max_size=6))
    def run(id: str, ids: list[str]) -> None:
        body = asked(client, BY_ID, id=id, ids=[*ids, id])
        seen.update([*verdict.codes(body), *(["node"] if json.loads(body)["data"]["node"] else [])])

    run()
    assert {"BAD_USER_INPUT", "node"} <= seen


@pytest.mark.parametrize("root", ROOTS)
def test_no_cursor_breaks_a_list(client: httpx.Client, ground: Ground, root: str) -> None:
    """Its own, its own with a part changed, those of other lists, and others."""
    query = f"query($after: String) {{ {root}{WINDOW} }}"
    page = json.loads(asked(client, query))["data"][root]
    own = values.near([page["pageInfo"]["endCursor"], *(edge["cursor"] for edge in page["edges"])])
    seen: set[str] = set()

    @settings(REPEATED, max_examples=40)
    @given(after=st.one_of(own, own, own, values.cursors(ground)))
    def run(after: str) -> None:
        body = asked(client, query, after=after)
        seen.update([*verdict.codes(body), *(["page"] if json.loads(body)["data"][root] else [])])

    run()
    assert {"BAD_USER_INPUT", "page"} <= seen


def test_no_body_breaks_the_server(client: httpx.Client) -> None:
    """JSON of any shape, with the names that mean something; and bytes that are nearly JSON."""
    query = st.one_of(st.just("{ __typename }"), st.just("query A { __typename } query B { __typename }"), values.JUNK)
    shaped = st.dictionaries(st.sampled_from(NAMES), values.JUNK, max_size=5)
    known = st.builds(lambda other, query: {**other, "query": query}, shaped, query)
    whole = st.one_of(known, shaped, values.JUNK).map(lambda body: json.dumps(body).encode())
    cut = st.builds(lambda body, at, more: body[: at % (len(body) + 1)] + more, whole, st.integers(0), st.binary())

    @settings(REPEATED, max_examples=250)
    @given(body=st.one_of(whole, whole, cut))
    def run(body: bytes) -> None:
        response = client.post("/graphql", content=body, headers={"content-type": "application/json"})
        assert verdict.faults(response.status_code, response.content) == [], body

    run()
