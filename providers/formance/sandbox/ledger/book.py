"""One ledger: accounts that money moves between, and the transactions that moved it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

WORLD = "world"
"""The account that money comes from and goes to without an end."""


class InsufficientFundsError(Exception):
    """A source has less than it would give."""


class TakenReferenceError(Exception):
    """Another transaction has this reference."""


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


class Book(msgspec.Struct):
    """A ledger by its name. `transactions` are in the order of their ids, which count from `first_id`."""

    name: str
    added_at: datetime
    bucket: str = "_default"
    metadata: dict[str, str] = {}
    first_id: int = 1
    accounts: dict[str, Account] = {}
    transactions: list[Transaction] = []

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

    def post(
        self,
        postings: Sequence[Posting],
        *,
        now: datetime,
        timestamp: datetime | None = None,
        reference: str = "",
        metadata: Mapping[str, str] | None = None,
        unlimited: Iterable[str] = (),
    ) -> Transaction:
        """Let the postings happen, all or none. Raises `InsufficientFundsError` and `TakenReferenceError`."""
        if reference and any(each.reference == reference for each in self.transactions):
            raise TakenReferenceError(reference)
        self.check(postings, unlimited)
        made = Transaction(
            id=self.first_id + len(self.transactions),
            postings=list(postings),
            timestamp=timestamp or now,
            inserted_at=now,
            updated_at=now,
            reference=reference,
            metadata=dict(metadata or {}),
        )
        for posting in postings:
            self._side(posting.source, posting.asset, made).output += posting.amount
            self._side(posting.destination, posting.asset, made).input += posting.amount
        self.transactions.append(made)
        return made

    def _side(self, address: str, asset: str, made: Transaction) -> Volumes:
        account = self.account(address, made.inserted_at)
        account.first_usage = min(account.first_usage or made.timestamp, made.timestamp)
        account.updated_at = made.inserted_at
        return account.volumes.setdefault(asset, Volumes())
