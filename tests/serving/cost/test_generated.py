"""Whatever is asked for: no more calls than were foreseen."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from schema import schema
from tests.conftest import SETTING_UP, Graph, running
from tests.resolvers.asking import person

IDS = """{
  payments(first: 2) { nodes { id source { id } connector { id tasks(first: 1) { nodes { id } } } } }
  pools(first: 2) { nodes { id } }
  bankAccounts(first: 2) { nodes { id } }
  transferInitiations(first: 2) { nodes { id } }
  workflows(first: 2) { nodes { id } }
  workflowInstances(first: 2) { nodes { id } }
  triggers(first: 2) { nodes { id } }
  finicity: accounts(provider: FINICITY, first: 2) { nodes { id } }
  pluggy: accounts(provider: PLUGGY, first: 2) { nodes { id } }
}"""


def ids_in(value: Any) -> Iterator[str]:
    """Every global id of an answer."""
    if isinstance(value, list):
        for each in value:
            yield from ids_in(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from [each] if key == "id" else ids_in(each)


class Server:
    """A running Tributary in a loop of its own, and what was asked of it."""

    def __init__(self, runner: asyncio.Runner, graph: Graph) -> None:
        self.runner, self.graph = runner, graph
        self.ids = [*ids_in(runner.run(graph.ask(IDS)).data), person(0), person(7), "nonsense"]
        self.calls = self.executed = 0

    def ask(self, text: str) -> None:
        """Send an operation, and hold it to its cost."""
        headers = {"x-upstream-trace": "1", "x-query-cost": "1"}
        sent = self.graph.client.post("/graphql", json={"query": text}, headers=headers)
        response = self.runner.run(asyncio.wait_for(sent, 120))
        answer = response.json()
        if response.status_code == 400:
            return
        assert response.status_code == 200, response.text
        told = answer["extensions"]
        made = [call for call in told["upstream"]["calls"] if not call["coalesced"] and not call["token"]]
        made = [call for call in made if call["operation"] not in SETTING_UP]
        assert len(made) <= told["cost"]["calls"], text
        self.calls, self.executed = self.calls + len(made), self.executed + 1


@pytest.fixture(scope="module", params=["v3", "v2"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """On servers of either generation."""
    database: Path = tmp_path_factory.mktemp("generated") / "directory.sqlite3"
    with asyncio.Runner() as runner:
        context = running(database, SANDBOX_PAYMENTS=request.param, MAX_CALLS="400")
        graph = runner.run(context.__aenter__())
        try:
            yield Server(runner, graph)
        finally:
            runner.run(context.__aexit__(None, None, None))


def operations(server: Server) -> st.SearchStrategy[str]:
    """Valid queries with real ids, and pages of sensible sizes."""
    scalars = {
        "ID": st.sampled_from(server.ids).map(nodes.String),
        "Int": st.integers(0, 6).map(nodes.Int),
        "JSON": st.just(nodes.Object([])),
        "DateTime": st.just("2026-01-01T00:00:00Z").map(nodes.String),
    }
    return queries(schema.as_str(), custom_scalars=scalars, allow_null=True)


def test_no_generated_operation_makes_more_calls_than_were_foreseen(server: Server) -> None:
    @settings(
        max_examples=40, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(operations(server))
    def holds(text: str) -> None:
        server.ask(text)

    holds()
    assert server.executed > 20
    assert server.calls > 20
