"""How the operations that write to ledgers are reached, by servers of both generations."""

import json
from typing import Any

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from tests.conftest import Graph
from tests.operations import ground
from tests.operations.row import Needs, Row, Variables, change

_POSTING = {"source": "world", "destination": "till", "money": {"amount": "12.50", "asset": "EUR/2"}}
_SCRIPT = {"plain": "send [EUR/2 5] (\n source = @world\n destination = @till\n)"}
_ENTRY = {
    "id": 1,
    "type": "SET_METADATA",
    "date": "2026-01-01T00:00:00Z",
    "data": {"targetType": "ACCOUNT", "targetId": "till", "metadata": {"a": "b"}},
}
_OLD = "ledger v1"


def _id(kind: NodeType, *keys: str) -> str:
    return ids.encode(Ref(kind, keys, Provider.FORMANCE))


_MAIN, _EMPTY = _id(NodeType.LEDGER, "main"), _id(NodeType.LEDGER, "audit")
_FEES = _id(NodeType.LEDGER_ACCOUNT, "main", "fees")


def _of(number: int) -> str:
    return _id(NodeType.LEDGER_TRANSACTION, "main", str(number))


def _given(**fields: Any) -> Needs:
    async def needs(_graph: Graph) -> Variables:
        return ground.input_(**fields)

    return needs


def _row(operation: str, mutation: str, shows: str, generation: str = "v3", **fields: Any) -> Row:
    takes = f"{mutation[0].upper()}{mutation[1:]}Input"
    document = change(mutation, takes, shows)
    return Row(f"formance.ledger.{operation}", f"Mutation.{mutation}", document, _given(**fields), generation)


_LEDGER, _TRANSACTION, _ACCOUNT = "ledger { id }", "transaction { id }", "account { id }"
_NOTES = {"metadata": {"reviewed": "yes"}}

WRITES = (
    _row("v2.create_ledger", "createLedger", _LEDGER, name="operations"),
    _row("v2.update_ledger_metadata", "updateLedgerMetadata", _LEDGER, ledgerId=_MAIN, **_NOTES),
    _row("v2.delete_ledger_metadata", "deleteLedgerMetadata", _LEDGER, ledgerId=_MAIN, metadataKey="purpose"),
    _row("v2.create_transaction", "createLedgerTransaction", _TRANSACTION, ledgerId=_MAIN, postings=[_POSTING]),
    _row("v2.revert_transaction", "revertLedgerTransaction", _TRANSACTION, transactionId=_of(3), force=True),
    _row(
        "v2.add_metadata_on_transaction",
        "updateLedgerTransactionMetadata",
        _TRANSACTION,
        transactionId=_of(4),
        **_NOTES,
    ),
    _row(
        "v2.delete_transaction_metadata",
        "deleteLedgerTransactionMetadata",
        _TRANSACTION,
        transactionId=_of(4),
        metadataKey="kind",
    ),
    _row("v2.add_metadata_to_account", "updateLedgerAccountMetadata", _ACCOUNT, accountId=_FEES, **_NOTES),
    _row(
        "v2.delete_account_metadata", "deleteLedgerAccountMetadata", _ACCOUNT, accountId=_FEES, metadataKey="reviewed"
    ),
    _row(
        "v2.create_bulk",
        "executeLedgerBulk",
        "results { error { code } }",
        ledgerId=_MAIN,
        elements=[{"createTransaction": {"postings": [_POSTING]}}],
    ),
    Row(
        "formance.ledger.v2.export_logs",
        "Query.ledger.exportedLogs",
        f'{{ ledger(id: "{_MAIN}") {{ exportedLogs(first: 2) {{ lines isComplete }} }} }}',
    ),
    _row("v2.import_logs", "importLedgerLogs", _LEDGER, ledgerId=_EMPTY, lines=[json.dumps(_ENTRY)]),
    _row("v1.create_transaction", "createLedgerTransaction", _TRANSACTION, _OLD, ledgerId=_MAIN, postings=[_POSTING]),
    _row(
        "v1.create_transactions",
        "createLedgerTransactions",
        "transactions { id }",
        _OLD,
        ledgerId=_MAIN,
        transactions=[{"postings": [_POSTING]}],
    ),
    _row("v1.revert_transaction", "revertLedgerTransaction", _TRANSACTION, _OLD, transactionId=_of(3), force=True),
    _row(
        "v1.add_metadata_on_transaction",
        "updateLedgerTransactionMetadata",
        _TRANSACTION,
        _OLD,
        transactionId=_of(4),
        **_NOTES,
    ),
    _row("v1.add_metadata_to_account", "updateLedgerAccountMetadata", _ACCOUNT, _OLD, accountId=_FEES, **_NOTES),
    _row("v1.run_script", "runLedgerScript", _TRANSACTION, _OLD, ledgerId=_MAIN, script=_SCRIPT),
    _row(
        "v1.update_mapping",
        "updateLedgerMapping",
        _LEDGER,
        _OLD,
        ledgerId=_MAIN,
        contracts=[{"address": "users:*", "expression": {"a": 1}}],
    ),
)
