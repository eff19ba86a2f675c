"""What the second API's lists can be filtered by, on each version."""

from functools import lru_cache
from typing import Any

import msgspec

from providers.formance.sandbox.ledger.filters import Columns
from providers.formance.sandbox.ledger.records import Account, Version, Volumes

ACCOUNTS, TRANSACTIONS, VOLUMES, LOGS, LEDGERS = "accounts", "transactions", "volumes", "logs", "ledgers"


class Row(msgspec.Struct):
    """What one account moved of one asset. `address` may be the beginning that several accounts share."""

    address: str
    asset: str
    volumes: Volumes
    metadata: dict[str, str]


@lru_cache(maxsize=32)
def columns(noun: str, version: Version) -> Columns:
    """The columns of a list."""
    old, new = _TABLES[noun]
    return new if version == "v2.4" else old


def _account_balances(account: Account, asset: str | None) -> list[int]:
    return [held.balance for name, held in account.volumes.items() if asset in {None, name}]


def _row_balances(row: Row, asset: str | None) -> list[int]:
    return [row.volumes.balance] if asset in {None, row.asset} else []


def _metadata(row: Any) -> dict[str, str]:  # noqa: ANN401 - any row with metadata
    found: dict[str, str] = row.metadata
    return found


_ACCOUNTS = Columns(
    addresses={"address": lambda row: [row.address]},
    metadata=_metadata,
    balance=_account_balances,
)
_TRANSACTIONS = Columns(
    addresses={
        "account": lambda row: row.accounts,
        "source": lambda row: [each.source for each in row.postings],
        "destination": lambda row: [each.destination for each in row.postings],
    },
    words={"reference": lambda row: row.reference},
    moments={"timestamp": lambda row: row.timestamp},
    flags={"reverted": lambda row: row.reverted_at is not None},
    metadata=_metadata,
)
_VOLUMES = Columns(
    addresses={"account": lambda row: [row.address], "address": lambda row: [row.address]},
    metadata=_metadata,
    balance=_row_balances,
)
_LOGS = Columns(moments={"date": lambda row: row.date})
_LEDGERS = Columns(words={"name": lambda row: row.name, "bucket": lambda row: row.bucket}, metadata=_metadata)

_TABLES: dict[str, tuple[Columns, Columns]] = {
    ACCOUNTS: (
        _ACCOUNTS,
        msgspec.structs.replace(
            _ACCOUNTS,
            moments={
                "first_usage": lambda row: row.first_usage,
                "insertion_date": lambda row: row.inserted_at,
                "updated_at": lambda row: row.updated_at,
            },
        ),
    ),
    TRANSACTIONS: (
        _TRANSACTIONS,
        msgspec.structs.replace(
            _TRANSACTIONS,
            numbers={"id": lambda row: row.id},
            moments={
                "timestamp": lambda row: row.timestamp,
                "inserted_at": lambda row: row.inserted_at,
                "updated_at": lambda row: row.updated_at,
                "reverted_at": lambda row: row.reverted_at,
            },
        ),
    ),
    VOLUMES: (_VOLUMES, _VOLUMES),
    LOGS: (
        _LOGS,
        msgspec.structs.replace(
            _LOGS,
            numbers={"id": lambda row: row.id},
            words={"type": lambda row: row.type},
        ),
    ),
    LEDGERS: (Columns(), _LEDGERS),
}
