"""Who may write to ledgers, and what they see of it."""

import pytest

from resolvers.caller import Scope
from tests.access.callers import lacking
from tests.access.ledger_orders import CLOSED
from tests.access.test_orders import document
from tests.conftest import Graph
from tests.resolvers.asking import codes
from tests.resolvers.orders.rows_ledgers import ledger, posting

BULK = """
mutation($input: ExecuteLedgerBulkInput!) {
  executeLedgerBulk(input: $input) { ledger { id } results { index error { code } } userErrors { code } }
}
"""


@pytest.mark.parametrize("mutation", sorted(CLOSED))
async def test_a_ledger_is_not_written_to_without_its_scope(warm: Graph, mutation: str) -> None:
    given = {**CLOSED[mutation], "idempotencyKey": "k"}
    answer = await lacking(warm, Scope.LEDGER_WRITE).ask(document(mutation), input=given)

    assert answer.data == {mutation: None}
    assert answer.errors[0]["extensions"]["requiredScope"] == "ledger:write"
    assert await warm.calls() == []


async def test_a_bulk_by_a_caller_who_may_not_read_happens_and_shows_no_ledger(warm: Graph) -> None:
    """What became of its parts is told: it names nothing but places in the input."""
    given = {"ledgerId": ledger(), "elements": [{"createTransaction": {"postings": [posting(1)]}}]}
    answer = await lacking(warm, Scope.LEDGER_READ).ask(BULK, input={**given, "idempotencyKey": "k"})

    assert answer.data == {
        "executeLedgerBulk": {"ledger": None, "results": [{"index": 0, "error": None}], "userErrors": []}
    }
    assert codes(answer) == ["FORBIDDEN"]
    assert [call["method"] for call in await warm.calls() if "_info" not in call["path"]] == ["POST"]
