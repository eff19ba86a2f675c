"""Every fault at the ledger's calls that look like writes and are none: a log taken out, and a transaction tried."""

from pathlib import Path
from typing import Any

import pytest

from tests.faults.kinds import CANARY, KINDS, NUMBERS, Kind
from tests.faults.live import Live, in_process, live
from tests.faults.test_matrix import KEYS, QUICK
from tests.resolvers.orders.rows_ledgers import ledger, posting

QUERY = """
query ($id: ID!, $input: PreviewLedgerTransactionInput!) {
  ledger(id: $id) { name exportedLogs(first: 1000) { isComplete logs { number } } }
  previewLedgerTransaction(input: $input) { transaction { number } userErrors { code } }
}
"""
CALLS = {
    ("ledger", "exportedLogs"): ("v2_export_logs", "/api/ledger/v2/main/logs/export"),
    ("previewLedgerTransaction",): ("v2_create_transaction", "/api/ledger/v2/main/transactions"),
}
WIRED = [kind for kind in KINDS if kind.name in {"503", "dropped half", "200 MB"}]


@pytest.mark.parametrize("kind", QUICK, ids=lambda kind: kind.name)
async def test_a_fault_costs_its_own_field_alone(kind: Kind, tmp_path: Path) -> None:
    async with in_process(tmp_path) as graph:
        await _at_both(graph, kind)


@pytest.mark.parametrize("kind", WIRED, ids=lambda kind: kind.name)
async def test_a_fault_over_the_wire_costs_its_own_field_alone(kind: Kind, tmp_path: Path) -> None:
    async with live(tmp_path) as graph:
        await _at_both(graph, kind)


async def _at_both(graph: Live, kind: Kind) -> None:
    variables: dict[str, Any] = {"id": ledger(), "input": {"ledgerId": ledger(), "postings": [posting(5)]}}
    healthy = await graph.ask(QUERY, **variables)
    assert healthy.errors == []
    for place, (operation, path) in CALLS.items():
        effect = dict(kind.effect)
        if kind.name in NUMBERS:
            effect["body"] = f'{{"id": 1, "type": "x", "data": {NUMBERS[kind.name]}}}\n'
        await graph.fault("formance", path, method="POST", times=1000, **effect)
        answer = await graph.ask(QUERY, **variables)
        await graph.heal()

        [error] = answer.errors
        told = error["extensions"]
        assert tuple(error["path"]) == place
        assert set(told) >= KEYS
        assert (told["provider"], told["operation"], told["code"]) == ("FORMANCE", operation, kind.code)
        assert CANARY not in answer.response.text
        for other in CALLS.keys() - {place}:
            assert _at(answer.data, other) == _at(healthy.data, other)
        assert _at(answer.data, place) is None


def _at(data: Any, place: tuple[str, ...]) -> Any:
    for step in place:
        data = data[step]
    return data
