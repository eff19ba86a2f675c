"""No way through the graph leads a caller who is bound to customers to somebody else's objects."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from resolvers.access import binding
from tests.access.callers import Caller, bound
from tests.access.documents import node_fields
from tests.access.modules import FIELDS as MODULE_FIELDS
from tests.access.organisations import WAYS
from tests.access.walk import Report, Walk
from tests.access.world import everything, of
from tests.conftest import Graph, Start
from tests.resolvers.asking import person
from tests.tokens import SETTINGS

CLOSED = {
    *("Connector__tasks", "ConnectorTask__connector", "ConnectorTaskEdge__node"),
    *("ConnectorTaskConnection__edges", "ConnectorTaskConnection__nodes", "ConnectorEdge__node"),
    "Query__holds",
    *("Query__connectorTasksByKind", "Query__connectorTaskByKind"),
    *("Query__ledgers", "LedgerConnection__edges", "LedgerConnection__nodes", "LedgerEdge__node"),
    *("Ledger__accounts", "Ledger__transactions", "Ledger__volumes", "LedgerVolume__account"),
    *("LedgerVolumeConnection__edges", "LedgerVolumeConnection__nodes", "LedgerVolumeEdge__node"),
    *WAYS,
    *MODULE_FIELDS,
    *("ReconciliationPolicy__pool", "ReconciliationPolicy__reconciliations", "Reconciliation__policy"),
    "ReconciliationPolicy__ledger",
    *("ReconciliationPolicyConnection__edges", "ReconciliationPolicyConnection__nodes"),
    *("ReconciliationConnection__edges", "ReconciliationConnection__nodes"),
    *("ReconciliationPolicyEdge__node", "ReconciliationEdge__node"),
    *("Query__reconciliationPolicies", "Query__reconciliations"),
    *("Query__previewLedgerTransaction", "LedgerTransactionPreview__transaction", "LedgerBulkResult__transaction"),
}
"""Fields of the organisation's objects, which no way leads such a caller to, and roots that take no global id."""

WALKERS = (0, 8)
"""One whose pool holds others' accounts too and who ordered transfers, one whose connectors take bank accounts."""

KEPT = """
mutation($input: CreateBankAccountInput!) {
  createBankAccount(input: $input) { bankAccount { id } userErrors { message } }
}
"""


WIDE = {
    "MAX_ALIASES": "100000",
    "MAX_FIELDS": "100000",
    "MAX_TOKENS": "100000",
    "MAX_DOCUMENT_BYTES": "1000000",
    "MAX_COMPARISONS": "1000000",
    "MAX_CALLS": "1000000",
    "MAX_CALLS_BOUND": "1000000",
}
"""Who may see what does not hang on how much may be asked at once: the walk's documents are large."""


@pytest.fixture
async def graph(start: Start) -> AsyncIterator[Graph]:
    """Three sandboxes behind wide limits, asked by a caller who may do everything."""
    async with start(**SETTINGS, **WIDE, RATE_LIMIT="off") as graph:
        yield Caller(graph.client)


async def _walked(graph: Graph, *, is_short: bool = False) -> Report:
    world = of(await everything(graph), *WALKERS)
    caller = bound(graph, *WALKERS)
    finicity = next(
        ids.decode(each).keys[0] for each in sorted(world.mine) if ids.decode(each).type is NodeType.AGGREGATED_ACCOUNT
    )
    refresh = ids.encode(Ref(NodeType.REFRESH, (finicity, "", "1793491200000"), Provider.FINICITY))
    walk = Walk(graph, caller, world, [*sorted(world.mine), refresh, await _kept(caller)])
    await walk.along_edges()
    if not is_short:
        await walk.through_lists()
    await walk.by_ids()
    return walk.report


async def _kept(caller: Graph) -> str:
    """A bank account of the caller's, forwarded to a connector of theirs."""
    found = await caller.data(
        "query($id: ID!) { customer(id: $id) { accounts(provider: FORMANCE) { nodes { providerId } } } }",
        id=person(WALKERS[1]),
    )
    for number, account in enumerate(found["customer"]["accounts"]["nodes"]):
        given = {
            "name": "Mine",
            "accountNumber": "0123456789",
            "idempotencyKey": f"walk-{number}",
            "metadata": {"customer_id": "cus_0009"},
            "connectorId": connector_of(account["providerId"]),
        }
        made: dict[str, Any] = (await caller.data(KEPT, input=given))["createBankAccount"]
        assert made["bankAccount"], made
        if not made["userErrors"]:
            return str(made["bankAccount"]["id"])
    raise AssertionError("no connector of theirs takes bank accounts")


def connector_of(account: str) -> str:
    """The global id of the connector that a payment account's native id names."""
    from providers.formance import ids as native

    parts = native.account(account)
    assert parts is not None
    return ids.encode(Ref(NodeType.CONNECTOR, (native.connector_of(parts),), Provider.FORMANCE))


def reads() -> Iterator[str]:
    """Fields that give nodes and change nothing. What mutations and subscriptions give is tried by their own tests."""
    others = ("Mutation__", "Subscription__", "Payload__", "Change__")
    return (field for field in node_fields() if not any(other in field for other in others))


async def test_no_way_leads_to_a_foreign_node_and_denial_looks_like_absence(graph: Graph) -> None:
    """Every field that gives nodes is tried, with thousands of foreign nodes."""
    report = await _walked(graph)

    assert report.leaks == []
    assert report.told == []
    assert {*reads()} - report.met == CLOSED
    print(f"{len(report.pairs)} pairs of a field and a foreign node, {len(report.met)} fields")  # noqa: T201
    assert len(report.pairs) > 4_500
    assert len({field for field, _ in report.pairs}) >= 20


async def test_the_walk_finds_leaks_where_everything_is_let_through(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can fail: with rules that allow all, foreign nodes show by ids and along edges."""

    async def anything(*_: object) -> bool:
        return True

    for type_ in binding._RULES:
        monkeypatch.setitem(binding._RULES, type_, anything)
    report = await _walked(graph, is_short=True)
    where = {leak.partition(":")[0] for leak in report.leaks}

    assert len(report.leaks) > 500
    assert {"Query__node", "Query__nodes", "Query__payment", "Payment", "TransferInitiation", "Pool"} <= where
    assert report.told
