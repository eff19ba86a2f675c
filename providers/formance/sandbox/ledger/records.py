"""What a ledger stores: accounts, transactions, and the log of all that changed them."""

from datetime import datetime
from typing import Any, Literal

import msgspec

Version = Literal["v1", "v2.1", "v2.4"]
"""Servers that the sandbox can act as. "v1" knows the first API only; the others know both."""

WORLD = "world"
"""The account that money comes from and goes to without an end."""


class Posting(msgspec.Struct):
    """Money that moves from one account to another. `amount` is in the asset's minor units."""

    source: str
    destination: str
    amount: int
    asset: str


class Volumes(msgspec.Struct):
    """What an account has ever received and given of one asset."""

    input: int = 0
    output: int = 0

    @property
    def balance(self) -> int:
        """What it has."""
        return self.input - self.output


class Account(msgspec.Struct):
    """An account is there from its first posting or note on."""

    address: str
    metadata: dict[str, str] = {}
    volumes: dict[str, Volumes] = {}
    first_usage: datetime | None = None
    inserted_at: datetime | None = None
    updated_at: datetime | None = None


class Transaction(msgspec.Struct):
    """Postings that happened together."""

    id: int
    postings: list[Posting]
    timestamp: datetime
    inserted_at: datetime
    reference: str = ""
    metadata: dict[str, str] = {}
    reverted_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def accounts(self) -> list[str]:
        """The addresses of both sides of every posting."""
        return [address for posting in self.postings for address in (posting.source, posting.destination)]


class Log(msgspec.Struct):
    """One change, chained to the one before by its hash."""

    id: int
    type: str
    data: dict[str, Any]
    date: datetime
    hash: str
    idempotency_key: str = ""


class Outcome(msgspec.Struct):
    """What was answered to a write under an idempotency key, and the fingerprint of what had been asked."""

    fingerprint: str
    body: bytes
