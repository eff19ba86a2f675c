"""The mutations of ledgers, which are the organisation's, with inputs that anybody else could give."""

from typing import Any

_LEDGER: dict[str, Any] = {"ledgerId": "x"}
_POSTING = {"source": "world", "destination": "mine", "money": {"amount": "1", "asset": "USD/2"}}
_NOTES = {"metadata": {"a": "b"}}

CLOSED: dict[str, dict[str, Any]] = {
    "createLedger": {"name": "mine"},
    "updateLedgerMetadata": {**_LEDGER, **_NOTES},
    "deleteLedgerMetadata": {**_LEDGER, "metadataKey": "a"},
    "updateLedgerMapping": {**_LEDGER, "contracts": []},
    "importLedgerLogs": {**_LEDGER, "lines": ["{}"]},
    "createLedgerTransaction": {**_LEDGER, "postings": [_POSTING]},
    "createLedgerTransactions": {**_LEDGER, "transactions": [{"postings": [_POSTING]}]},
    "runLedgerScript": {**_LEDGER, "script": {"plain": "x"}},
    "revertLedgerTransaction": {"transactionId": "x"},
    "updateLedgerTransactionMetadata": {"transactionId": "x", **_NOTES},
    "deleteLedgerTransactionMetadata": {"transactionId": "x", "metadataKey": "a"},
    "updateLedgerAccountMetadata": {"accountId": "x", **_NOTES},
    "deleteLedgerAccountMetadata": {"accountId": "x", "metadataKey": "a"},
    "executeLedgerBulk": {**_LEDGER, "elements": [{"createTransaction": {"postings": [_POSTING]}}]},
}

PREVIEW = """
query ($input: PreviewLedgerTransactionInput!) {
  previewLedgerTransaction(input: $input) { transaction { id } userErrors { code } }
}
"""
"""What would be tells of what is."""
