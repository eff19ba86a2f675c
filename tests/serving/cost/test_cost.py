"""What a server says of an operation's cost, what it refuses, and where it stops."""

from typing import Any

import pytest

from providers.costs import ACCOUNTS_EACH
from tests.conftest import Graph, Start
from tests.resolvers.asking import TREE, person

BALANCES = "query($n: Int!) { customers(first: $n) { nodes { accounts { nodes { balances { kind } } } } } }"
POOLS = "{ pools(first: 100) { nodes { balances { kind } accounts { balances { kind } } } } }"


async def post(graph: Graph, body: dict[str, Any], **headers: str) -> tuple[int, dict[str, Any]]:
    response = await graph.client.post("/graphql", json=body, headers=headers)
    return response.status_code, response.json()


async def test_the_cost_is_told_to_whoever_asks_for_it(graph: Graph) -> None:
    """By a header or in the request. Others are not bothered with it."""
    body = {"query": "{ customers { nodes { name } } }"}
    by_header = await post(graph, body, **{"x-query-cost": "1"})
    by_extension = await post(graph, {**body, "extensions": {"cost": True}})

    assert by_header[1]["extensions"]["cost"] == {"calls": 0, "limit": 1000, "waves": 0}
    assert by_extension == by_header
    assert "extensions" not in (await post(graph, body))[1]


async def test_what_may_cost_too_much_is_refused_before_any_call(graph: Graph) -> None:
    body = {"query": POOLS}
    status, answer = await post(graph, body)
    [error] = answer["errors"]

    assert status == 400
    assert "data" not in answer
    assert error["extensions"]["code"] == "COST_LIMIT_EXCEEDED"
    assert error["extensions"]["limit"] == 1000
    assert error["extensions"]["cost"] > 1000
    assert f"may take {error['extensions']['cost']} vendor calls, and 1000 is the limit" in error["message"]
    assert await graph.calls() == []
    _, told = await post(graph, body, **{"x-query-cost": "1"})
    assert told["extensions"]["cost"]["calls"] == error["extensions"]["cost"]


async def test_the_limit_is_a_setting(start: Start) -> None:
    async with start(MAX_CALLS="10") as graph:
        refused, _ = await post(graph, {"query": BALANCES, "variables": {"n": 2}})
        answered, _ = await post(graph, {"query": "{ payments { nodes { source { id } } } }"})

    assert (refused, answered) == (400, 200)


async def test_what_people_ask_for_passes(graph: Graph) -> None:
    """Everything of one customer, and all customers with accounts and balances, while servers are not known yet."""
    everyone = await graph.ask(BALANCES, n=25)
    tree = await graph.ask(TREE, id=person(0))

    assert everyone.errors == tree.errors == []
    assert 0 < len(everyone.reads) <= everyone.foreseen <= 1000
    assert 0 < len(tree.reads) <= tree.foreseen <= 300


async def test_an_explanation_calls_nobody(graph: Graph) -> None:
    explain = {"explain": True}
    status, answer = await post(graph, {"query": BALANCES, "variables": {"n": 10}, "extensions": explain})
    plan = answer["extensions"]["plan"]
    [first, second] = plan["steps"]
    balances = next(each for each in second["calls"] if each["provider"] == "FORMANCE")

    assert status == 200
    assert answer["data"] is None
    assert "errors" not in answer
    assert await graph.calls() == []
    assert plan["isAllowed"] is True
    assert (plan["waves"], plan["limit"]) == (2, 1000)
    assert plan["calls"] == sum(each["atMost"] for wave in (first, second) for each in wave["calls"])
    assert balances == {
        "provider": "FORMANCE",
        "operation": "get_account_balances",
        "atMost": 10 * ACCOUNTS_EACH * 3,
        "batch": None,
        "paths": ["customers.nodes.accounts.nodes.balances"],
    }


async def test_what_would_be_refused_can_be_explained(graph: Graph) -> None:
    status, answer = await post(graph, {"query": POOLS, "extensions": {"explain": True}})

    assert status == 200
    assert answer["extensions"]["plan"]["isAllowed"] is False
    assert answer["extensions"]["plan"]["calls"] > 1000


@pytest.mark.parametrize("extensions", [{"explain": False}, {"explain": "yes"}, {"cost": 1}, {}])
async def test_an_operation_is_executed_unless_an_explanation_is_asked_for(graph: Graph, extensions: object) -> None:
    status, answer = await post(graph, {"query": "{ __typename }", "extensions": extensions})

    assert (status, answer) == (200, {"data": {"__typename": "Query"}})


async def accounts_for(graph: Graph, customer: str, count: int) -> None:
    """Have a payment provider tell more accounts of a customer than one is taken to have."""
    connectors = (await graph.data("{ connectors { nodes { id name } } }"))["connectors"]["nodes"]
    connector = next(each["id"] for each in connectors if each["name"] == "generic-bank")
    order = "mutation($i: CreatePaymentAccountInput!) { createPaymentAccount(input: $i) { account { id } } }"
    for number in range(count):
        made = {
            "connectorId": connector,
            "reference": f"more-{number}",
            "name": "More",
            "kind": "INTERNAL",
            "createdAt": "2026-01-02T03:04:05Z",
            "defaultAsset": "EUR/2",
            "metadata": {"customer_id": customer},
            "idempotencyKey": f"more-{number}",
        }
        assert (await graph.data(order, i=made))["createPaymentAccount"]["account"]


async def test_what_costs_more_than_was_foreseen_is_stopped_at_the_limit(start: Start) -> None:
    """A customer with more accounts than customers are taken to have: the calls end, and each lost field says why."""
    query = "query($id: ID!) { customer(id: $id) { accounts(provider: FORMANCE) { nodes { balances { kind } } } } }"
    async with start(MAX_CALLS="18") as graph:
        await accounts_for(graph, "cus_0001", 20)
        await graph.forget_calls()
        body = {"query": query, "variables": {"id": person(0)}}
        _, answer = await post(graph, body, **{"x-query-cost": "1"})
        reads = [call for call in await graph.calls() if call["path"].startswith("/api/payments/accounts")]

    nodes = answer["data"]["customer"]["accounts"]["nodes"]
    lost = [node for node in nodes if node["balances"] is None]
    assert answer["extensions"]["cost"]["calls"] <= 18 < len(nodes)
    assert len(reads) == 18
    assert len(lost) == len(nodes) - 17 == len(answer["errors"])
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"CALL_LIMIT"}
    assert not any(error["extensions"]["retryable"] for error in answer["errors"])
