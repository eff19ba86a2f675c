"""Who sees policies, reconciliations and the report of all sides."""

import pytest

from resolvers.caller import Scope
from tests.access.callers import bound, lacking
from tests.conftest import Graph
from tests.resolvers.asking import codes, person
from tests.resolvers.orders.rows_reconciliation import policy
from tests.resolvers.reconciliation.reports import CUSTOMER, POOL, amounts, drifts

CLOSED = (
    "{ reconciliationPolicies { nodes { id } } }",
    "{ reconciliations { nodes { id } } }",
    "{ pools(first: 1) { nodes { reconciliationPolicies { id } } } }",
    "{ pools(first: 1) { nodes { reconciliation { at } } } }",
)


@pytest.mark.parametrize("document", CLOSED)
async def test_the_organisations_fields_are_closed_to_bound_callers(graph: Graph, document: str) -> None:
    answer = await bound(graph, 0).ask(document)

    assert codes(answer) == ["FORBIDDEN"]
    assert "list_policies" not in answer.by_operation()


async def test_policies_and_reconciliations_look_absent_to_bound_callers(graph: Graph) -> None:
    every = (await graph.data("{ reconciliations(first: 1) { nodes { id } } }"))["reconciliations"]["nodes"]
    answer = await bound(graph, 0).ask(
        "query($p: ID!, $r: ID!) { a: node(id: $p) { id } b: reconciliationPolicy(id: $p) { id } "
        "c: node(id: $r) { id } d: reconciliation(id: $r) { id } }",
        p=policy(0),
        r=every[0]["id"],
    )

    assert answer.errors == []
    assert set(answer.data.values()) == {None}
    assert answer.reads == []


async def test_a_bound_caller_sees_what_is_the_customers_own(graph: Graph) -> None:
    """The same as a caller who may see all is told of that customer; nothing of anybody else."""
    caller = bound(graph, 0)
    whole = (await graph.data(CUSTOMER, id=person(0)))["customer"]["reconciliation"]
    own = (await caller.data(CUSTOMER, id=person(0)))["customer"]["reconciliation"]
    other = await caller.ask(CUSTOMER, id=person(1))

    for side in ("bank", "paymentProvider", "pool", "ledger"):
        assert amounts(own, side) == amounts(whole, side) != {}
    assert drifts(own, "ledger") == drifts(whole, "ledger")
    assert (other.data, other.errors) == ({"customer": None}, [])


@pytest.mark.parametrize("scope", [Scope.ACCOUNTS_READ, Scope.LEDGER_READ])
async def test_a_customers_report_takes_both_scopes(graph: Graph, scope: Scope) -> None:
    answer = await lacking(graph, scope).ask(CUSTOMER, id=person(0))

    assert answer.data["customer"]["reconciliation"] is None
    assert codes(answer) == ["FORBIDDEN"]
    assert answer.errors[0]["extensions"]["requiredScope"] == scope.value
    assert answer.reads == []


async def test_without_pools_the_rest_is_told(graph: Graph) -> None:
    answer = await lacking(graph, Scope.POOLS_READ).ask(CUSTOMER, id=person(0))
    found = answer.data["customer"]["reconciliation"]

    assert answer.errors == []
    assert amounts(found, "pool") == {}
    assert amounts(found, "paymentProvider") != {}
    assert "list_pools" not in answer.by_operation()


@pytest.mark.parametrize("scope", [Scope.RECONCILIATION_READ, Scope.ACCOUNTS_READ, Scope.LEDGER_READ, Scope.POOLS_READ])
async def test_a_pools_report_takes_all_scopes(graph: Graph, scope: Scope) -> None:
    pools = (await graph.data("{ pools(first: 1) { nodes { id } } }"))["pools"]["nodes"]
    answer = await lacking(graph, scope).ask(POOL, id=pools[0]["id"])

    assert codes(answer) == ["FORBIDDEN"]
    assert answer.errors[0]["extensions"]["requiredScope"] == scope.value
    assert "get_account_balances" not in answer.by_operation()
