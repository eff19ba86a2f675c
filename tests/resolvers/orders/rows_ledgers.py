"""Mutations of ledgers."""

import json
from typing import Any

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from tests.resolvers.orders.row import Row

MANY = 10**39 + 10**20 + 7
"""Forty digits."""


def ledger(name: str = "main") -> str:
    """A ledger's global id."""
    return ids.encode(Ref(NodeType.LEDGER, (name,), Provider.FORMANCE))


def transaction(number: int, name: str = "main") -> str:
    """A transaction's global id."""
    return ids.encode(Ref(NodeType.LEDGER_TRANSACTION, (name, str(number)), Provider.FORMANCE))


def account(address: str, name: str = "main") -> str:
    """An account's global id."""
    return ids.encode(Ref(NodeType.LEDGER_ACCOUNT, (name, address), Provider.FORMANCE))


def posting(amount: int, source: str = "world", destination: str = "treasury:new") -> dict[str, Any]:
    """Money to be moved, in the smallest unit of an asset with 18 decimals."""
    digits = f"{amount:019d}"
    money = {"amount": f"{digits[:-18]}.{digits[-18:]}", "asset": "ETH/18"}
    return {"source": source, "destination": destination, "money": money}


def log() -> list[str]:
    """A log of one entry."""
    made = {
        "timestamp": "2026-01-01T00:00:00Z",
        "postings": [{"source": "world", "destination": "bank", "amount": MANY, "asset": "USD/2"}],
        "metadata": {},
        "id": 1,
        "reverted": False,
    }
    entry = {"id": 1, "type": "NEW_TRANSACTION", "date": "2026-01-01T00:00:00Z", "data": {"transaction": made}}
    return [json.dumps(entry)]


LEDGER = "{ node(id: $id) { ... on Ledger { id name bucket metadata } } }"
TRANSACTION = "{ node(id: $id) { ... on LedgerTransaction { id metadata } } }"
MOVED = (
    "{ node(id: $id) { ... on LedgerTransaction { id reference metadata postings { money { minorUnits asset } } } } }"
)
ACCOUNT = "{ node(id: $id) { ... on LedgerAccount { id metadata } } }"


def _node(field: str) -> Any:
    return lambda _world, payload: {"node": payload[field]}


CREATE = Row(
    mutation="createLedger",
    payload="ledger { id name bucket metadata }",
    input=lambda _world: {"name": "fresh", "bucket": "cold", "metadata": {"purpose": "trial"}},
    other=lambda _world: {"name": "another"},
    calls=("POST", "/api/ledger/v2/*"),
    holds=lambda _world, payload: (
        (payload["ledger"]["name"], payload["ledger"]["bucket"], payload["ledger"]["metadata"])
        == ("fresh", "cold", {"purpose": "trial"})
    ),
    then=(LEDGER, _node("ledger")),
    has_body=False,
)
NOTE_LEDGER = Row(
    mutation="updateLedgerMetadata",
    payload="ledger { id name bucket metadata }",
    input=lambda _world: {"ledgerId": ledger(), "metadata": {"owner": "treasury"}},
    other=lambda _world: {"ledgerId": ledger("audit")},
    calls=("PUT", "/api/ledger/v2/*/metadata"),
    holds=lambda _world, payload: payload["ledger"]["metadata"]["owner"] == "treasury",
    then=(LEDGER, _node("ledger")),
    has_body=False,
)
FORGET_LEDGER = Row(
    mutation="deleteLedgerMetadata",
    payload="ledger { id name bucket metadata }",
    input=lambda _world: {"ledgerId": ledger(), "metadataKey": "purpose"},
    other=lambda _world: {"metadataKey": "owner"},
    calls=("DELETE", "/api/ledger/v2/*/metadata/*"),
    holds=lambda _world, payload: "purpose" not in payload["ledger"]["metadata"],
    then=(LEDGER, _node("ledger")),
    has_body=False,
)
IMPORT = Row(
    mutation="importLedgerLogs",
    payload="ledger { id name bucket metadata transactions { nodes { postings { money { minorUnits } } } } }",
    input=lambda _world: {"ledgerId": ledger("audit"), "lines": log()},
    other=lambda _world: {"lines": log() * 2},
    calls=("POST", "/api/ledger/v2/*/logs/import"),
    holds=lambda _world, payload: (
        payload["ledger"]["transactions"]["nodes"] == [{"postings": [{"money": {"minorUnits": str(MANY)}}]}]
    ),
    has_body=False,
)
MOVE = Row(
    mutation="createLedgerTransaction",
    payload="transaction { id reference metadata postings { money { minorUnits asset } } }",
    input=lambda _world: {
        "ledgerId": ledger(),
        "postings": [posting(MANY)],
        "reference": "move-1",
        "metadata": {"purpose": "trial"},
    },
    other=lambda _world: {"postings": [posting(MANY + 1)]},
    calls=("POST", "/api/ledger/v2/*/transactions"),
    holds=lambda _world, payload: (
        payload["transaction"]["reference"] == "move-1"
        and payload["transaction"]["metadata"]["purpose"] == "trial"
        and payload["transaction"]["postings"] == [{"money": {"minorUnits": str(MANY), "asset": "ETH/18"}}]
    ),
    then=(MOVED, _node("transaction")),
)
REVERT = Row(
    mutation="revertLedgerTransaction",
    payload="transaction { id metadata }",
    input=lambda _world: {"transactionId": transaction(3), "force": True, "atEffectiveDate": True},
    other=lambda _world: {"transactionId": transaction(4)},
    calls=("POST", "/api/ledger/v2/*/transactions/*/revert"),
    holds=lambda _world, payload: payload["transaction"]["metadata"] == {"com.formance.spec/state/reverts": "3"},
    then=(TRANSACTION, _node("transaction")),
)
NOTE_TRANSACTION = Row(
    mutation="updateLedgerTransactionMetadata",
    payload="transaction { id metadata }",
    input=lambda _world: {"transactionId": transaction(3), "metadata": {"reviewed": "yes"}},
    other=lambda _world: {"transactionId": transaction(4)},
    calls=("POST", "/api/ledger/v2/*/transactions/*/metadata"),
    holds=lambda _world, payload: payload["transaction"]["metadata"]["reviewed"] == "yes",
    then=(TRANSACTION, _node("transaction")),
    has_body=False,
)
FORGET_TRANSACTION = Row(
    mutation="deleteLedgerTransactionMetadata",
    payload="transaction { id metadata }",
    input=lambda _world: {"transactionId": transaction(3), "metadataKey": "kind"},
    other=lambda _world: {"transactionId": transaction(4)},
    calls=("DELETE", "/api/ledger/v2/*/transactions/*/metadata/*"),
    holds=lambda _world, payload: "kind" not in payload["transaction"]["metadata"],
    then=(TRANSACTION, _node("transaction")),
    has_body=False,
)
NOTE_ACCOUNT = Row(
    mutation="updateLedgerAccountMetadata",
    payload="account { id metadata }",
    input=lambda _world: {"accountId": account("fees"), "metadata": {"a/b c": "yes"}},
    other=lambda _world: {"accountId": account("platform:cash")},
    calls=("POST", "/api/ledger/v2/*/accounts/*/metadata"),
    holds=lambda _world, payload: payload["account"]["metadata"] == {"a/b c": "yes"},
    then=(ACCOUNT, _node("account")),
    has_body=False,
)
FORGET_ACCOUNT = Row(
    mutation="deleteLedgerAccountMetadata",
    payload="account { id metadata }",
    input=lambda _world: {"accountId": account("customers:cus_0001:wallet"), "metadataKey": "purpose"},
    other=lambda _world: {"metadataKey": "customer_id"},
    calls=("DELETE", "/api/ledger/v2/*/accounts/*/metadata/*"),
    holds=lambda _world, payload: payload["account"]["metadata"] == {"customer_id": "cus_0001"},
    then=(ACCOUNT, _node("account")),
    has_body=False,
)

ROWS = (
    CREATE,
    NOTE_LEDGER,
    FORGET_LEDGER,
    IMPORT,
    MOVE,
    REVERT,
    NOTE_TRANSACTION,
    FORGET_TRANSACTION,
    NOTE_ACCOUNT,
    FORGET_ACCOUNT,
)
