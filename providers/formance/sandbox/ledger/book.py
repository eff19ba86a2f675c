"""One ledger: accounts that money moves between, and the transactions that moved it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from providers.formance.sandbox.ledger import chain, wire
from providers.formance.sandbox.ledger.records import WORLD, Account, Log, Outcome, Posting, Transaction, Volumes

__all__ = [
    "REVERTED",
    "REVERTS",
    "WORLD",
    "Account",
    "AlreadyRevertedError",
    "Book",
    "InsufficientFundsError",
    "Posting",
    "TakenReferenceError",
    "Transaction",
    "Volumes",
]

REVERTS = "com.formance.spec/state/reverts"
"""Metadata key of a reverting transaction: the id of the one that it reverts."""

REVERTED = "com.formance.spec/state/reverted"
"""Metadata key by which servers of the first generation tell that a transaction has been reverted, and by which one."""


class InsufficientFundsError(Exception):
    """A source has less than it would give."""


class TakenReferenceError(Exception):
    """Another transaction has this reference."""


class AlreadyRevertedError(Exception):
    """The transaction has been reverted before."""


class Book(msgspec.Struct):
    """A ledger by its name. `transactions` are in the order of their ids, which count from `first_id`."""

    name: str
    added_at: datetime
    bucket: str = "_default"
    metadata: dict[str, str] = {}
    first_id: int = 1
    accounts: dict[str, Account] = {}
    transactions: list[Transaction] = []
    logs: list[Log] = []
    references: dict[str, int] = {}
    """Ids of transactions by reference."""
    outcomes: dict[str, Outcome] = {}
    """What was answered, by idempotency key."""
    mapping: dict[str, Any] = {}
    is_imported: bool = False
    """All that its log has was imported, so more can be."""

    def account(self, address: str, now: datetime) -> Account:
        """The account, made if it is not there."""
        if address not in self.accounts:
            self.accounts[address] = Account(address, inserted_at=now, updated_at=now)
        return self.accounts[address]

    def volumes(self, address: str) -> Mapping[str, Volumes]:
        """What an account has of each asset; nothing if there is no such account."""
        return self.accounts[address].volumes if address in self.accounts else {}

    def balance(self, address: str, asset: str) -> int:
        """What an account has of an asset."""
        return self.volumes(address).get(asset, Volumes()).balance

    def transaction(self, number: int) -> Transaction | None:
        """The transaction with this id."""
        place = number - self.first_id
        return self.transactions[place] if 0 <= place < len(self.transactions) else None

    def check(self, postings: Sequence[Posting], unlimited: Iterable[str] = ()) -> None:
        """Raise `InsufficientFundsError` when a source but `world` and the `unlimited` ones would be overdrawn."""
        free = {WORLD, *unlimited}
        left: dict[tuple[str, str], int] = {}
        for posting in postings:
            source, target = (posting.source, posting.asset), (posting.destination, posting.asset)
            left[source] = left.get(source, self.balance(*source)) - posting.amount
            if left[source] < 0 and posting.source not in free:
                raise InsufficientFundsError(posting.source)
            left[target] = left.get(target, self.balance(*target)) + posting.amount

    def drafted(
        self,
        postings: Sequence[Posting],
        *,
        now: datetime,
        timestamp: datetime | None = None,
        reference: str = "",
        metadata: Mapping[str, str] | None = None,
        unlimited: Iterable[str] = (),
    ) -> Transaction:
        """The transaction that `post` would make. Raises `InsufficientFundsError` and `TakenReferenceError`."""
        if reference and reference in self.references:
            raise TakenReferenceError(reference)
        self.check(postings, unlimited)
        return Transaction(
            id=self.first_id + len(self.transactions),
            postings=list(postings),
            timestamp=timestamp or now,
            inserted_at=now,
            updated_at=now,
            reference=reference,
            metadata=dict(metadata or {}),
        )

    def post(
        self,
        postings: Sequence[Posting],
        *,
        now: datetime,
        timestamp: datetime | None = None,
        reference: str = "",
        metadata: Mapping[str, str] | None = None,
        unlimited: Iterable[str] = (),
        account_metadata: Mapping[str, Mapping[str, str]] | None = None,
    ) -> Transaction:
        """Let the postings happen, all or none. Raises `InsufficientFundsError` and `TakenReferenceError`."""
        made = self.drafted(
            postings, now=now, timestamp=timestamp, reference=reference, metadata=metadata, unlimited=unlimited
        )
        self.enter(made)
        notes = {address: dict(entries) for address, entries in (account_metadata or {}).items()}
        for address, entries in notes.items():
            account = self.account(address, now)
            account.metadata = {**account.metadata, **entries}
        self.log("NEW_TRANSACTION", {"transaction": wire.logged(made), "accountMetadata": notes}, now)
        return made

    def enter(self, made: Transaction) -> None:
        """Take a transaction into the books, without a log."""
        for posting in made.postings:
            self._side(posting.source, posting.asset, made).output += posting.amount
            self._side(posting.destination, posting.asset, made).input += posting.amount
        self.transactions.append(made)
        if made.reference:
            self.references[made.reference] = made.id

    def undo(
        self,
        original: Transaction,
        *,
        now: datetime,
        force: bool = False,
        at_effective_date: bool = False,
        metadata: Mapping[str, str] | None = None,
        is_dry: bool = False,
    ) -> Transaction:
        """Revert a transaction. Raises `AlreadyRevertedError`, and `InsufficientFundsError` unless forced."""
        if original.reverted_at is not None:
            raise AlreadyRevertedError
        postings = [
            Posting(each.destination, each.source, each.amount, each.asset) for each in reversed(original.postings)
        ]
        made = self.drafted(
            postings,
            now=now,
            timestamp=original.timestamp if at_effective_date else now,
            metadata={**(metadata or {}), REVERTS: str(original.id)},
            unlimited=[each.source for each in postings] if force else (),
        )
        if not is_dry:
            original.reverted_at = original.updated_at = now
            self.enter(made)
            data = {"revertedTransactionID": original.id, "transaction": wire.logged(made)}
            self.log("REVERTED_TRANSACTION", data, now)
        return made

    def note(self, target: Account | Transaction, metadata: Mapping[str, str], now: datetime) -> None:
        """Add or change metadata of an account or a transaction."""
        target.metadata = {**target.metadata, **metadata}
        target.updated_at = now
        self.log("SET_METADATA", {**wire.target(target), "metadata": dict(metadata)}, now)

    def forget(self, target: Account | Transaction, key: str, now: datetime) -> None:
        """Delete one key of an account's or a transaction's metadata."""
        target.metadata = {name: value for name, value in target.metadata.items() if name != key}
        target.updated_at = now
        self.log("DELETE_METADATA", {**wire.target(target), "key": key}, now)

    def log(self, kind: str, data: dict[str, Any], now: datetime) -> None:
        """Chain one more entry to the log."""
        self.is_imported = False
        previous = self.logs[-1].hash if self.logs else ""
        number = self.first_id + len(self.logs)
        self.logs.append(Log(number, kind, data, now, chain.linked(previous, kind, data, now)))

    def _side(self, address: str, asset: str, made: Transaction) -> Volumes:
        account = self.account(address, made.inserted_at)
        account.first_usage = min(account.first_usage or made.timestamp, made.timestamp)
        account.updated_at = made.inserted_at
        return account.volumes.setdefault(asset, Volumes())
