"""A pool's money on all sides, and the policies that compare it."""

from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import Graph
from tests.resolvers.asking import codes, only_error
from tests.resolvers.orders.rows_reconciliation import policy
from tests.resolvers.reconciliation.reports import POOL, SIDES, THEN, amounts, drifts, problems

LOOK = "{ pools(first: 20) { nodes { id name reconciliationPolicies { id name } } } }"
HUGE = 1_234_567_890_123_456_789_012_345_678_901_234_567_890


async def pools(graph: Graph) -> dict[str, str]:
    """Global ids by name."""
    return {pool["name"]: pool["id"] for pool in (await graph.data(LOOK))["pools"]["nodes"]}


async def report(graph: Graph, name: str, **variables: Any) -> Any:
    pool = (await pools(graph))[name]
    return (await graph.data(POOL, id=pool, **variables))["pool"]["reconciliation"]


@pytest.mark.parametrize("at", [None, THEN])
async def test_a_mirrored_pool_agrees_with_its_ledger(warm: Graph, at: str | None) -> None:
    """The ledger's accounts are overdrawn by what the pool holds."""
    found = await report(warm, "Group treasury", at=at)

    assert found["problems"] == []
    assert amounts(found, "pool") == amounts(found, "paymentProvider") != {}
    assert amounts(found, "ledger") == {name: -amount for name, amount in amounts(found, "pool").items()}
    assert set(drifts(found, "ledger").values()) == set(drifts(found, "pool").values()) == {Decimal(0)}
    assert {row["bank"] for row in found["currencies"]} == {None}


async def test_what_a_pool_lacks_is_below_zero(warm: Graph) -> None:
    found = await report(warm, "Shared reserve", at=THEN)

    assert drifts(found, "ledger")["EUR"] == Decimal("-123.45")
    assert drifts(found, "pool")["EUR"] == 0
    assert amounts(found, "pool")["EUR"] + amounts(found, "ledger")["EUR"] == Decimal("-123.45")


async def test_a_pool_without_policies_has_no_ledger(warm: Graph) -> None:
    found = await report(warm, "Settlement float")

    assert amounts(found, "ledger") == {}
    assert set(drifts(found, "ledger").values()) == {None}
    assert set(drifts(found, "pool").values()) == {Decimal(0)}


async def test_a_filter_that_the_ledger_refuses_costs_the_ledgers_numbers(warm: Graph) -> None:
    """Of one policy alone, the others still count."""
    answer = await warm.ask(POOL, id=(await pools(warm))["Closed book"])
    found = answer.data["pool"]["reconciliation"]
    assert problems(found) == {("LEDGER", "FORMANCE", "UPSTREAM_REJECTED")}
    assert codes(answer) == ["PARTIAL_RESULT"]

    made = await warm.data(
        "mutation($input: CreateReconciliationPolicyInput!) { createReconciliationPolicy(input: $input) "
        "{ policy { id } userErrors { message } } }",
        input={
            "name": "broken",
            "ledgerName": "main",
            "ledgerQuery": {"$match": {"owner": "x"}},
            "poolId": (await pools(warm))["Group treasury"],
            "idempotencyKey": "broken",
        },
    )
    assert made["createReconciliationPolicy"]["userErrors"] == []
    both = (await warm.ask(POOL, id=(await pools(warm))["Group treasury"])).data["pool"]["reconciliation"]
    assert amounts(both, "ledger") == {name: -amount for name, amount in amounts(both, "pool").items()}
    assert {row["ledger"]["isComplete"] for row in both["currencies"]} == {False}
    assert set(drifts(both, "ledger").values()) == {None}
    alone = await report(warm, "Group treasury", policy=policy(0))
    assert set(drifts(alone, "ledger").values()) == {Decimal(0)}


async def test_pools_side_by_side_are_few_calls(warm: Graph) -> None:
    """One for all policies, one for each filter, and what each pool and each account is by itself."""
    several = POOL.replace("pool(id: $id)", "pools(first: 3) { nodes").replace("$id: ID!, ", "") + " }"
    await warm.ask(several)
    answer = await warm.ask(several)
    found = answer.by_operation()

    assert answer.errors == []
    assert (found["list_pools"], found["list_policies"], found["v2_get_balances_aggregated"]) == (1, 1, 2)
    assert found["get_pool_balances_latest"] == 3
    assert answer.waves == 3


@pytest.mark.parametrize(
    ("path", "side"),
    [
        ("/api/payments/accounts/*/balances", "PAYMENT_PROVIDER"),
        ("*/balances/latest", "POOL"),
        ("/api/reconciliation/policies", "LEDGER"),
        ("*/aggregate/balances", "LEDGER"),
    ],
)
async def test_a_failure_costs_its_own_numbers_only(warm: Graph, path: str, side: str) -> None:
    healthy = await report(warm, "Group treasury")
    pool = (await pools(warm))["Group treasury"]
    await warm.fault("formance", path, status=503, times=100)
    answer = await warm.ask(POOL, id=pool)
    found = answer.data["pool"]["reconciliation"]
    name = {"PAYMENT_PROVIDER": "paymentProvider", "POOL": "pool", "LEDGER": "ledger"}[side]

    assert problems(found) == {(side, "FORMANCE", "UPSTREAM_UNAVAILABLE")}
    for each in SIDES:
        assert amounts(found, each) == ({} if each == name else amounts(healthy, each))
    assert only_error(answer)["path"] == ["pool", "reconciliation"]
    assert set(drifts(found, "pool" if side == "PAYMENT_PROVIDER" else "ledger").values()) == {None}


async def test_policies_lead_to_pools_and_back_without_another_call(warm: Graph) -> None:
    answer = await warm.ask(
        "{ reconciliationPolicies { nodes { id ledger { name } ledgerName pool { name reconciliationPolicies { id } } "
        "reconciliations(first: 2) { nodes { policy { id } } } } } }"
    )
    nodes = answer.data["reconciliationPolicies"]["nodes"]

    assert [node["id"] for node in nodes] == [policy(2), policy(1), policy(0)]
    for node in nodes:
        assert node["ledger"] == {"name": node["ledgerName"]}
        assert node["pool"]["reconciliationPolicies"] == [{"id": node["id"]}]
        assert {each["policy"]["id"] for each in node["reconciliations"]["nodes"]} <= {node["id"]}
    assert answer.by_operation() == {
        "list_policies": 2,
        "list_pools": 1,
        "list_reconciliations": 1,
        "v2_get_ledger": 1,
    }


async def test_reconciliations_are_paged_to_the_end_of_their_policy(warm: Graph) -> None:
    """By the policy's own field and by the root's argument; the two lists have cursors of their own."""
    own = (
        "query($id: ID!, $after: String) { it: reconciliationPolicy(id: $id) "
        "{ it: reconciliations(first: 3, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }"
    )
    root = (
        "query($id: ID!, $after: String) { it: reconciliations(policyId: $id, first: 3, after: $after) "
        "{ nodes { id } pageInfo { hasNextPage endCursor } } }"
    )
    found: dict[str, list[str]] = {own: [], root: []}
    for document, ids in found.items():
        after, has_more = None, True
        while has_more:
            data = (await warm.data(document, id=policy(1), after=after))["it"]
            page = data.get("it", data)
            ids += [node["id"] for node in page["nodes"]]
            after, has_more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    every = await warm.data("{ reconciliations(first: 100) { nodes { id policy { id } } } }")
    of_policy = [each["id"] for each in every["reconciliations"]["nodes"] if each["policy"]["id"] == policy(1)]

    assert found[own] == found[root] == of_policy
    assert len(of_policy) == 8
    foreign = (await warm.ask(own, id=policy(0), after=after)).errors
    assert [error["extensions"]["code"] for error in foreign] == ["BAD_USER_INPUT"]


async def test_forty_digits_come_through_reconciliations(warm: Graph) -> None:
    found = await warm.data(
        "query($id: ID!) { reconciliations(policyId: $id, first: 50) { nodes { status error "
        "paymentsBalances { amount minorUnits } ledgerBalances { minorUnits } drift { amount asset } } } }",
        id=policy(1),
    )
    oldest = found["reconciliations"]["nodes"][-1]

    assert oldest["paymentsBalances"] == [{"amount": str(HUGE), "minorUnits": str(HUGE)}]
    assert oldest["ledgerBalances"] == [{"minorUnits": str(-HUGE - 1)}]
    assert (oldest["status"], oldest["drift"]) == ("NOT_OK", [{"amount": "1", "asset": "COIN"}])


async def test_forty_digits_of_a_pool_are_compared_to_the_last_one(warm: Graph) -> None:
    pool = (await pools(warm))["Group treasury"]
    answers = {
        "*/balances/latest": f'{{"data":[{{"asset":"COIN/4","amount":{HUGE}}}]}}',
        "*/aggregate/balances": f'{{"data":{{"COIN/4":{-HUGE - 1}}}}}',
        "/api/payments/accounts/*/balances": '{"cursor":{"hasMore":false,"data":[{"asset":"COIN/4","balance":'
        f"{HUGE}}}]}}}}",
    }
    for path, body in answers.items():
        await warm.fault("formance", path, status=200, body=body, headers={"content-type": "application/json"}, times=9)
    [coin] = (await warm.data(POOL, id=pool))["pool"]["reconciliation"]["currencies"]

    assert coin["pool"]["money"]["minorUnits"] == str(HUGE)
    assert coin["ledger"]["money"]["minorUnits"] == str(-HUGE - 1)
    assert coin["drift"] == {"ledger": {"amount": "-0.0001"}, "pool": {"amount": f"-{str(HUGE)[:-4]}.{str(HUGE)[-4:]}"}}
