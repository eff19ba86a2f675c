"""All sides on servers of other generations: the same numbers, or why there are none."""

from typing import Any

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.asking import person
from tests.resolvers.reconciliation.reports import CUSTOMER, POOL, THEN, amounts, drifts, problems

SIDES = ("bank", "paymentProvider", "pool")


async def reports(graph: Graph, at: str | None) -> tuple[Any, Any]:
    """Of a customer and of a pool."""
    pools = (await graph.data("{ pools { nodes { id name } } }"))["pools"]["nodes"]
    pool = next(each["id"] for each in pools if each["name"] == "Group treasury")
    mine = await graph.ask(CUSTOMER, id=person(0), at=at)
    sums = await graph.ask(POOL, id=pool, at=at)
    return mine.data["customer"]["reconciliation"], sums.data["pool"]["reconciliation"]


@pytest.mark.parametrize("settings", [{"SANDBOX_PAYMENTS": "v2"}, {"SANDBOX_LEDGER": "v2.1"}], ids=str)
@pytest.mark.parametrize("at", [None, THEN])
async def test_other_servers_tell_the_same(
    graph: Graph, start: Start, settings: dict[str, str], at: str | None
) -> None:
    usual = await reports(graph, at)
    async with start(**settings) as other:
        for found, same in zip(await reports(other, at), usual, strict=True):
            for side in (*SIDES, "ledger"):
                assert amounts(found, side) == amounts(same, side)
            assert drifts(found, "ledger") == drifts(same, "ledger")
            assert problems(found) == problems(same)


async def test_the_first_api_of_the_ledger_knows_the_present_alone(graph: Graph, start: Start) -> None:
    """It has no filters to sum by, so that pools have no ledger beside them."""
    usual, _ = await reports(graph, None)
    async with start(SANDBOX_LEDGER="v1") as other:
        customer, pool = await reports(other, None)
        past, _ = await reports(other, THEN)

    assert amounts(customer, "ledger") == amounts(usual, "ledger") != {}
    assert customer["problems"] == []
    for found in (pool, past):
        assert amounts(found, "ledger") == {}
        assert ("LEDGER", "FORMANCE", "UNSUPPORTED") in problems(found)
        assert amounts(found, "paymentProvider") != {}
