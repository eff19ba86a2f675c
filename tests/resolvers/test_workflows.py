"""Workflows in the graph: what they are, what became of their runs, and what they have moved."""

import pytest

from providers.formance.sandbox.orchestration import seed
from tests.conftest import Graph, Start
from tests.resolvers.asking import codes, node_ids, only_error
from tests.resolvers.orders.rows_workflows import (
    CANCELLED,
    CARDS,
    COLLECT,
    COLLECTED,
    PAYOUT,
    SWEEP,
    WAITING,
)

SEND = """
mutation($id: ID!) { sendWorkflowEvent(input: {instanceId: $id, event: "approved", idempotencyKey: "k"}) {
  instance { id status } userErrors { message } } }
"""


async def approved(graph: Graph) -> None:
    """Let a payout go on, so that it orders a transfer."""
    data = await graph.data(SEND, id=WAITING)
    assert data["sendWorkflowEvent"] == {"instance": {"id": WAITING, "status": "TERMINATED"}, "userErrors": []}


async def test_a_workflow_shows_its_stages_runs_and_triggers(graph: Graph) -> None:
    """Three calls: the workflow, its instances and the triggers; what names the workflow again asks for nothing."""
    answer = await graph.ask(
        """query($id: ID!) { workflow(id: $id) {
          name stages { number kind providerKind config }
          instances(first: 3) { nodes { status workflow { name } } pageInfo { hasNextPage } }
          triggers { name workflow { name } } } }""",
        id=PAYOUT,
    )
    found = answer.data["workflow"]

    assert answer.errors == []
    assert [(stage["number"], stage["kind"], stage["providerKind"]) for stage in found["stages"]] == [
        (0, "WAIT_EVENT", "wait_event"),
        (1, "SEND", "send"),
    ]
    assert found["stages"][0]["config"] == {"event": "approved"}
    assert [each["status"] for each in found["instances"]["nodes"]] == ["RUNNING", "RUNNING", "FAILED"]
    assert {each["workflow"]["name"] for each in found["instances"]["nodes"]} == {"payout"}
    assert found["triggers"] == [{"name": "large-bookings", "workflow": {"name": "payout"}}]
    assert answer.by_operation() == {"get_workflow": 1, "list_instances": 1, "list_triggers": 1}


@pytest.mark.parametrize("server", ["v1", "v2"])
async def test_all_of_it_is_listed_by_either_api(start: Start, server: str) -> None:
    """Page by page."""
    async with start(SANDBOX_ORCHESTRATION=server) as graph:
        assert len(await node_ids(graph, "workflows", first=2)) == 3
        assert len(set(await node_ids(graph, "workflowInstances", first=5))) == 12
        assert len(await node_ids(graph, "triggers", first=2)) == 3
        data = await graph.data(
            """query($id: ID!) {
              running: workflowInstances(running: true) { nodes { id } }
              ofOne: workflowInstances(workflowId: $id, running: true) { nodes { id } }
              named: triggers(name: "nightly") { nodes { name } }
              workflows { nodes { triggers { name } } } }""",
            id=PAYOUT,
        )

    assert len(data["running"]["nodes"]) == 4
    assert len(data["ofOne"]["nodes"]) == 2
    assert data["named"]["nodes"] == [{"name": "nightly"}]
    assert [[each["name"] for each in node["triggers"]] for node in data["workflows"]["nodes"]] == [
        ["card-payments"],
        ["large-bookings"],
        ["nightly"],
    ]


async def test_an_instance_tells_every_step(graph: Graph) -> None:
    """With its stages, their activities, and the transactions that came of them."""
    answer = await graph.ask(
        """query($id: ID!) { workflowInstance(id: $id) {
          status error createdAt terminatedAt workflow { name }
          stages { number status error history { name status attempt input output transactions { number } } }
          history { name input status }
          ledgerTransactions { ledger number transactionId }
          transferInitiations { id } } }""",
        id=COLLECTED,
    )
    found = answer.data["workflowInstance"]

    assert answer.errors == []
    assert (found["status"], found["error"], found["workflow"]) == ("TERMINATED", None, {"name": "collect"})
    [activity] = found["stages"][0]["history"]
    assert (activity["name"], activity["status"], activity["attempt"]) == ("CreateTransaction", "TERMINATED", 1)
    assert activity["input"]["Ledger"] == "orchestration-000-internal"
    assert activity["output"]["data"]["postings"][0]["amount"] == 12_500
    assert found["history"][0]["input"]["destination"]["account"]["id"] == "collections:c000"
    assert [each["number"] for each in found["ledgerTransactions"]] == ["1", "2"]
    assert found["transferInitiations"] == []
    assert answer.by_operation() == {
        "get_instance": 1,
        "get_instance_stage_history": 2,
        "get_instance_history": 1,
        "get_workflow": 1,
    }


async def test_a_transfer_and_the_instance_that_ordered_it_know_each_other(graph: Graph) -> None:
    """By the reference, whichever is asked first. Other transfers ask for no instance."""
    before = await graph.ask("{ transferInitiations(first: 40) { nodes { workflowInstance { id } } } }")
    assert {node["workflowInstance"] for node in before.data["transferInitiations"]["nodes"]} == {None}
    assert set(before.by_operation()) == {"list_transfer_initiations"}

    await approved(graph)
    data = await graph.data("{ transferInitiations(first: 1) { nodes { id workflowInstance { id status } } } }")
    [transfer] = data["transferInitiations"]["nodes"]
    assert transfer["workflowInstance"] == {"id": WAITING, "status": "TERMINATED"}

    answer = await graph.ask(
        """query($id: ID!) { workflowInstance(id: $id) {
          transferInitiations { id money { amount asset } }
          stages { history { name } } ledgerTransactions { number } } }""",
        id=WAITING,
    )
    found = answer.data["workflowInstance"]
    assert found["transferInitiations"] == [{"id": transfer["id"], "money": {"amount": "25.00", "asset": "EUR/2"}}]
    assert [each["name"] for each in found["stages"][1]["history"]] == [
        "GetAccount",
        "CreateTransaction",
        "StripeTransfer",
    ]
    assert len(found["ledgerTransactions"]) == 1
    assert answer.by_operation()["list_transfer_initiations"] == 1


async def test_a_trigger_shows_what_it_did_and_what_it_would_do(graph: Graph) -> None:
    """Numbers keep all their digits on every way."""
    answer = await graph.ask(
        """query($id: ID!, $event: JSON!) { trigger(id: $id) {
          name event filter variables version workflow { name }
          occurrences { nodes { date event error instance { id status } } }
          test(event: $event) { matches filterError variables { name value error } }
          inline: test(event: {type: "PAY-IN", amount: 12345678901234567890123}) { matches filterError
            variables { name value } } } }""",
        id=CARDS,
        event={"type": "PAY-IN", "amount": seed.LARGE, "metadata": {"collect": "yes", "customer_id": "c"}},
    )
    found = answer.data["trigger"]

    assert answer.errors == []
    assert (found["event"], found["version"], found["workflow"]) == ("SAVED_PAYMENT", "v1", {"name": "collect"})
    assert found["variables"] == {"customer": "event.metadata.customer_id", "amount": "event.amount"}
    first, second, third = found["occurrences"]["nodes"]
    assert first["instance"] == {"id": COLLECTED, "status": "TERMINATED"}
    assert second["event"]["payload"]["amount"] == seed.LARGE
    assert (third["instance"], third["error"]) == (None, "cannot evaluate 'event.metadata.customer_id'")
    assert found["test"]["matches"] is True
    assert found["test"]["variables"] == [
        {"name": "amount", "value": str(seed.LARGE), "error": None},
        {"name": "customer", "value": "c", "error": None},
    ]
    assert (found["inline"]["matches"], bool(found["inline"]["filterError"])) == (None, True)
    assert {"name": "amount", "value": "12345678901234567890123"} in found["inline"]["variables"]
    # What an occurrence tells of its instance is enough.
    assert answer.by_operation() == {
        "read_trigger": 1,
        "get_workflow": 1,
        "list_triggers_occurrences": 1,
        "test_trigger": 2,
    }


async def test_what_an_older_server_cannot_do_is_said(start: Start) -> None:
    async with start(SANDBOX_ORCHESTRATION="v1") as graph:
        answer = await graph.ask("query($id: ID!) { trigger(id: $id) { name test(event: {}) { matches } } }", id=CARDS)
    assert answer.data == {"trigger": {"name": "card-payments", "test": None}}
    assert only_error(answer)["extensions"]["code"] == "UNSUPPORTED"


async def test_an_event_must_be_an_object(graph: Graph) -> None:
    answer = await graph.ask("query($id: ID!) { trigger(id: $id) { test(event: [1]) { matches } } }", id=CARDS)
    assert codes(answer) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("root", ["workflow", "workflowInstance", "trigger"])
async def test_what_is_not_there_is_null(graph: Graph, root: str) -> None:
    """Without an error, although the service takes a missing workflow for an error of its own."""
    known = {"workflow": COLLECT, "workflowInstance": CANCELLED, "trigger": CARDS}
    found = await graph.data(f"query($id: ID!) {{ {root}(id: $id) {{ id providerId }} }}", id=known[root])
    missing = f"00000000{found[root]['providerId'][8:]}"
    from providers.domain import Ref
    from resolvers import ids

    ref = ids.decode(known[root])
    other = ids.encode(Ref(ref.type, (missing,), ref.provider))
    odd = ids.encode(Ref(ref.type, ("../odd",), ref.provider))

    for each in (other, odd):
        assert await graph.data(f"query($id: ID!) {{ {root}(id: $id) {{ id }} node(id: $id) {{ id }} }}", id=each) == {
            root: None,
            "node": None,
        }


async def test_a_large_number_is_told_as_the_provider_sent_it(graph: Graph) -> None:
    response = await graph.client.post("/graphql", json={"query": f'{{ workflow(id: "{SWEEP}") {{ config }} }}'})
    assert f'"amount":{seed.LARGE}'.encode() in response.content


async def test_many_workflows_of_many_instances_are_one_call(graph: Graph) -> None:
    answer = await graph.ask("{ workflowInstances(first: 50) { nodes { workflow { name } } } }")
    names = [node["workflow"]["name"] for node in answer.data["workflowInstances"]["nodes"]]

    assert names == ["collect"] * 6 + ["payout"] * 3 + ["sweep"] * 3
    assert answer.by_operation() == {"list_instances": 1, "list_workflows": 1}


async def test_a_transaction_of_an_instance_is_the_ledgers_own(graph: Graph) -> None:
    """Both of an instance's are one call, and what they tell is what the instance ordered."""
    answer = await graph.ask(
        """query($id: ID!) { workflowInstance(id: $id) { ledgerTransactions {
          transactionId transaction { id postings { destinationAddress money { amount asset } } } } } }""",
        id=COLLECTED,
    )
    made = answer.data["workflowInstance"]["ledgerTransactions"]

    assert answer.errors == []
    assert [each["transaction"]["id"] for each in made] == [each["transactionId"] for each in made]
    assert [each["transaction"]["postings"] for each in made] == [
        [{"destinationAddress": "collections:c000", "money": {"amount": "125.00", "asset": "EUR/2"}}],
        [{"destinationAddress": "treasury:main", "money": {"amount": "125.00", "asset": "EUR/2"}}],
    ]
    assert len(answer.reads) <= 5
