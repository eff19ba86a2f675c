"""Payments by condition: each one alone, together, and conditions that nothing fulfils."""

from typing import Any

import pytest

from providers.domain import NodeType, PaymentStatus, PaymentType, Provider, Ref
from resolvers import ids
from tests.conftest import Graph, Start
from tests.resolvers.asking import person

QUERY = """
query($filter: PaymentFilter, $after: String) {
  payments(filter: $filter, first: 100, after: $after) {
    nodes { id type status reference money { asset } connector { id } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
READ: dict[str, Any] = {
    "type": lambda payment: payment["type"],
    "status": lambda payment: payment["status"],
    "asset": lambda payment: payment["money"]["asset"],
    "reference": lambda payment: payment["reference"],
    "connectorId": lambda payment: payment["connector"]["id"],
}


async def payments(graph: Graph, **conditions: str | None) -> list[dict[str, Any]]:
    """All payments under some conditions."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        page = (await graph.data(QUERY, filter=conditions or None, after=after))["payments"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


@pytest.mark.parametrize("generation", ["v3", "v2"])
async def test_each_condition_gives_exactly_what_fulfils_it(start: Start, generation: str) -> None:
    """Compared with the whole list; together they must all hold; null means any."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        whole = await payments(graph)
        example = next(each for each in whole if each["type"] == "PAYOUT" and each["status"] == "REFUNDED")
        for name, read in READ.items():
            expected = [each for each in whole if read(each) == read(example)]
            assert await payments(graph, **{name: read(example)}) == expected
            assert 0 < len(expected) < len(whole)

        both = [each for each in whole if each["type"] == "PAYOUT" and each["status"] == "REFUNDED"]
        assert await payments(graph, type="PAYOUT", status="REFUNDED", asset=None) == both
        assert await payments(graph, **{name: read(example) for name, read in READ.items()}) == [example]


@pytest.mark.parametrize("generation", ["v3", "v2"])
async def test_every_word_of_the_enums_can_be_asked_for(start: Start, generation: str) -> None:
    """Words that the server does not have find nothing, or what it does not name; never an error."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        for name, words in (("type", PaymentType), ("status", PaymentStatus)):
            for word in words:
                page = (await graph.data(QUERY, filter={name: word.name}))["payments"]
                assert {each[name] for each in page["nodes"]} <= {word.name}


async def test_an_unknown_connector_finds_nothing(warm: Graph) -> None:
    """Well formed but of no connector: an empty list."""
    for native_id in ("nothing", "eyJQcm92aWRlciI6IlNUUklQRSIsIlJlZmVyZW5jZSI6IngifQ"):
        connector = ids.encode(Ref(NodeType.CONNECTOR, (native_id,), Provider.FORMANCE))
        assert await payments(warm, connectorId=connector) == []


async def test_a_filter_narrows_the_payments_of_accounts_and_customers(warm: Graph) -> None:
    """One call for each condition, whatever the number of accounts."""
    answer = await warm.ask(
        f'{{ customer(id: "{person(0)}") {{'
        "  payouts: payments(first: 100, filter: { type: PAYOUT }) { nodes { type } }"
        "  any: payments(first: 100, filter: {}) { nodes { type } }"
        "  accounts(provider: FORMANCE) { nodes { payments(first: 3, filter: { type: PAYOUT }) { nodes { type } } } }"
        "} }"
    )
    customer = answer.data["customer"]

    assert answer.errors == []
    assert {each["type"] for each in customer["payouts"]["nodes"]} == {"PAYOUT"}
    assert len({each["type"] for each in customer["any"]["nodes"]}) > 2
    assert all(
        {payment["type"] for payment in account["payments"]["nodes"]} == {"PAYOUT"}
        for account in customer["accounts"]["nodes"]
    )
    assert 2 <= answer.by_operation()["list_payments"] <= 2 + 3
