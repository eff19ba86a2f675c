"""A vendor's own SDK and the graph, over one server: each sees exactly what the other made, and no more than that."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from providers.formance.sandbox import CREDENTIALS as FORMANCE
from providers.pluggy.sandbox import CREDENTIALS as PLUGGY
from resolvers import ids
from tests.process import Process, serving
from tests.sdk import graph
from tests.sdk.test_sdks import judgement

EVERY = """{ connectors(first: 100) { nodes { id } } pools(first: 100) { nodes { id } }
  bankAccounts(first: 100) { nodes { id } } transferInitiations(first: 100) { nodes { id } } }"""
OWNER = {
    "name": "Ana Souza",
    "taxNumber": "12345678909",
    "email": "ana@example.com",
    "phoneNumber": "+5521999999999",
    "address": {"city": "Recife", "state": "PE"},
    "isSandbox": True,
}


@pytest.fixture(scope="module", params=["v3", "v2"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A real server, whose Formance sandbox runs this generation of the payments server."""
    with serving(tmp_path_factory.mktemp(request.param), SANDBOX_PAYMENTS=request.param) as process:
        yield process


def formances_sdk(server: Process, *given: str) -> dict[str, Any]:
    """What Formance's SDK sees of the objects with these ids, or of those that it makes."""
    keys = (FORMANCE["FORMANCE_CLIENT_ID"], FORMANCE["FORMANCE_CLIENT_SECRET"])
    return judgement("formance", f"{server.url}/sandbox/formance", *keys, *given, script="parity")


def pluggys_sdk(server: Process, *given: str) -> dict[str, Any]:
    """What Pluggy's SDK sees of the smart account with this id, or of one that it opens."""
    keys = (PLUGGY["PLUGGY_CLIENT_ID"], PLUGGY["PLUGGY_CLIENT_SECRET"])
    return judgement("pluggy", f"{server.url}/sandbox/pluggy", *keys, *given, script="parity")


def every_id(server: Process) -> set[str]:
    """All that the graph lists of the kinds that are few."""
    data = graph.ask(server.url, EVERY)
    return {node["id"] for connection in data.values() for node in connection["nodes"]}


def test_the_graph_sees_what_formances_sdk_made(server: Process) -> None:
    """Ids, amounts beyond 2**64 digit for digit, statuses, members, notes; and nothing else is new."""
    before = every_id(server)
    made = formances_sdk(server)
    by_graph = graph.global_ids({kind: facts["id"] for kind, facts in made.items()})

    assert graph.see(server.url, by_graph) == made
    assert made["payment"]["amount"] == str(2**70 + 1)
    assert made["transfer"]["amount"] == str(2**65 + 1)
    assert every_id(server) - before == set(by_graph.values()) - {by_graph["account"], by_graph["payment"]}


def test_formances_sdk_sees_what_the_graph_made(server: Process) -> None:
    """The same objects by mutations."""
    before = every_id(server)
    made = graph.make(server.url)
    seen = formances_sdk(server, json.dumps(graph.native_ids(made)))

    assert seen == graph.see(server.url, made)
    assert seen["payment"]["amount"] == seen["transfer"]["amount"] == "1180591620717411303425"
    assert seen["pool"]["accounts"] == [seen["account"]["id"]]
    assert seen["transfer"]["status"] == "WAITING_FOR_VALIDATION"
    assert seen["payment"]["metadata"] == {"by": "graph"}
    assert every_id(server) - before == set(made.values()) - {made["account"], made["payment"]}


def test_both_see_the_smart_accounts_that_either_opened(server: Process) -> None:
    """With their balances."""
    opened = pluggys_sdk(server)
    ordered = ids.decode(graph.order(server.url, "createSmartAccount", "account", **OWNER)).native_id

    assert _whole(opened) == graph.smart_account(server.url, opened["id"])
    assert _whole(pluggys_sdk(server, ordered)) == graph.smart_account(server.url, ordered)


def _whole(seen: dict[str, Any]) -> dict[str, Any]:
    """The SDK takes amounts for floats; those of a new account are nothing at all."""
    return {**seen, "balances": [str(int(float(each))) for each in seen["balances"]]}
