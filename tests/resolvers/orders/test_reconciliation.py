"""What is particular to mutations of policies: nothing at the provider is unique to one order."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Graph
from tests.resolvers.asking import only_error
from tests.resolvers.orders.row import World, effects, order, outcome, time_passes, user_errors
from tests.resolvers.orders.rows_reconciliation import CREATE, DELETE, RECONCILE, policy


@pytest.mark.parametrize("row", [CREATE, RECONCILE], ids=str)
@pytest.mark.parametrize("effect", [{"drop": "half"}, {"drop": "before"}], ids=str)
async def test_what_was_there_before_is_not_taken_for_the_new_one(
    graph: Graph, here: World, tmp_path: Path, row: Any, effect: dict[str, str]
) -> None:
    """The same is ordered twice, under two keys, and the second answer is lost."""
    first = outcome(await order(graph, row, row.input(here), key="first"))
    await graph.fault("formance", row.calls[1], method="POST", **effect)
    answer = await order(graph, row, row.input(here), key="second")
    if effect["drop"] == "before":
        assert only_error(answer)["extensions"]["code"] == "UPSTREAM_UNKNOWN_OUTCOME"
        assert await effects(graph, row) == 1
        await time_passes(tmp_path)
        answer = await order(graph, row, row.input(here), key="second")
    second = outcome(answer)

    assert row.holds(here, first)
    assert row.holds(here, second)
    assert first != second
    assert await effects(graph, row) == 2


async def test_a_filter_is_an_object(graph: Graph, here: World) -> None:
    for wrong in ("address", [{"$match": {}}], 7):
        given = {**CREATE.input(here), "ledgerQuery": wrong, "name": " ", "ledgerName": ""}
        assert sorted(user_errors(await order(graph, CREATE, given))) == [
            ("INVALID", ["ledgerName"], None),
            ("INVALID", ["ledgerQuery"], None),
            ("INVALID", ["name"], None),
        ]
    assert await effects(graph, CREATE) == 0


async def test_a_comparison_ahead_of_time_is_refused(graph: Graph, here: World) -> None:
    given = {**RECONCILE.input(here), "atLedger": "2999-01-01T00:00:00Z"}

    assert user_errors(await order(graph, RECONCILE, given)) == [("UPSTREAM_REJECTED", [], "VALIDATION")]


async def test_a_policy_that_is_gone_compares_nothing(graph: Graph, here: World) -> None:
    outcome(await order(graph, DELETE, {"policyId": policy(1)}, key="gone"))

    assert user_errors(await order(graph, RECONCILE, RECONCILE.input(here))) == [
        ("NOT_FOUND", ["policyId"], "NOT_FOUND")
    ]


async def test_what_the_ledger_refuses_is_not_known_to_have_failed(graph: Graph, here: World) -> None:
    """The service answers such as if it were down itself, and might have kept something."""
    error = only_error(await order(graph, RECONCILE, {**RECONCILE.input(here), "policyId": policy(2)}))

    assert error["extensions"]["code"] == "UPSTREAM_UNKNOWN_OUTCOME"
    assert error["extensions"]["vendorCode"] == "INTERNAL"
