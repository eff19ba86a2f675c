"""Ledgers, accounts, transactions and logs as they are answered by both APIs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from providers.formance.sandbox.ledger.records import Account, Log, Posting, Transaction, Version, Volumes

if TYPE_CHECKING:
    from providers.formance.sandbox.ledger.book import Book

Held = Mapping[str, Mapping[str, Volumes]]
"""Volumes by address and asset."""


def logged(transaction: Transaction) -> dict[str, Any]:
    """A transaction as a log or an event has it: it may change later."""
    return _transaction(transaction) | {"id": transaction.id, "reverted": False}


def target(noted: Account | Transaction) -> dict[str, Any]:
    """What metadata belongs to, in logs and events."""
    if isinstance(noted, Account):
        return {"targetType": "ACCOUNT", "targetId": noted.address}
    return {"targetType": "TRANSACTION", "targetId": noted.id}


def ledger(book: "Book") -> dict[str, Any]:
    """A ledger, on the second API."""
    return {"name": book.name, "addedAt": book.added_at, "bucket": book.bucket, "metadata": book.metadata}


def account(found: Account, version: Version) -> dict[str, Any]:
    """An account without its volumes, on the second API."""
    body: dict[str, Any] = {"address": found.address, "metadata": found.metadata}
    if version == "v2.4":
        body |= {"firstUsage": found.first_usage, "insertionDate": found.inserted_at, "updatedAt": found.updated_at}
    return {name: value for name, value in body.items() if value is not None}


def transaction(found: Transaction, version: Version) -> dict[str, Any]:
    """A transaction without volumes, on the second API."""
    body = _transaction(found) | {"id": found.id, "reverted": found.reverted_at is not None}
    if version == "v2.4":
        body |= {"insertedAt": found.inserted_at, "updatedAt": found.updated_at}
        body |= {"revertedAt": found.reverted_at} if found.reverted_at else {}
    return body


def old_transaction(found: Transaction) -> dict[str, Any]:
    """A transaction without volumes, on the first API."""
    return _transaction(found) | {"txid": found.id}


def old_account(address: str, found: Account | None) -> dict[str, Any]:
    """An account with its volumes and balances, on the first API, where every address is an account."""
    held = found.volumes if found else {}
    return {
        "address": address,
        "metadata": found.metadata if found else {},
        "volumes": volumes(held),
        "balances": {asset: each.balance for asset, each in held.items()},
    }


def volumes(held: Mapping[str, Volumes]) -> dict[str, Any]:
    """What an account received, gave and has, by asset."""
    return {
        asset: {"input": each.input, "output": each.output, "balance": each.balance} for asset, each in held.items()
    }


def held(found: Held) -> dict[str, Any]:
    """Volumes of several accounts."""
    return {address: volumes(assets) for address, assets in found.items()}


def log(entry: Log) -> dict[str, Any]:
    """An entry of the log."""
    return {"id": entry.id, "type": entry.type, "data": entry.data, "hash": entry.hash, "date": entry.date}


def old_log(entry: Log) -> dict[str, Any]:
    """An entry of the log, on the first API."""
    data = dict(entry.data)
    if "transaction" in data:
        moved = {name: value for name, value in data["transaction"].items() if name not in {"id", "reverted"}}
        data = {**moved, "txid": data["transaction"]["id"]}
    kind = "NEW_TRANSACTION" if entry.type == "REVERTED_TRANSACTION" else entry.type
    return log(entry) | {"data": data, "type": kind}


def _transaction(found: Transaction) -> dict[str, Any]:
    body: dict[str, Any] = {
        "timestamp": found.timestamp,
        "postings": [_posting(each) for each in found.postings],
        "metadata": dict(found.metadata),
    }
    return body | ({"reference": found.reference} if found.reference else {})


def _posting(posting: Posting) -> dict[str, Any]:
    return msgspec.structs.asdict(posting)
