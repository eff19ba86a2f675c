"""Books of accounts: ledgers, the accounts in them, and the transactions that moved money between these."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from providers.domain.money import Money
from providers.domain.ref import Ref


class LedgerLogType(StrEnum):
    """What a ledger's log tells of."""

    NEW_TRANSACTION = "new_transaction"
    REVERTED_TRANSACTION = "reverted_transaction"
    SET_METADATA = "set_metadata"
    DELETE_METADATA = "delete_metadata"
    INSERTED_SCHEMA = "inserted_schema"
    UNKNOWN = "unknown"


class Ledger(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One ledger. What servers of the first generation do not tell is None."""

    ref: Ref
    name: str
    bucket: str | None = None
    metadata: Mapping[str, str] | None = None
    added_at: datetime | None = None
    fetched_at: datetime


class LedgerVolumes(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What an account has ever received and given of one asset; `input` and `output` are None when only their
    difference is known.
    """

    asset: str
    input: Money | None
    output: Money | None
    balance: Money


class LedgerAccount(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An account of a ledger with its volumes as they were at `as_of`; now when that is None.

    `volumes` is None where they have to be asked for.
    """

    ref: Ref
    ledger: Ref
    address: str
    metadata: Mapping[str, str]
    volumes: tuple[LedgerVolumes, ...] | None
    customer_id: str | None
    """The customer that its metadata names."""
    first_usage: datetime | None = None
    inserted_at: datetime | None = None
    updated_at: datetime | None = None
    as_of: datetime | None = None
    fetched_at: datetime


class LedgerPosting(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Money that moves from one account to another."""

    source: Ref
    destination: Ref
    money: Money


class LedgerAccountVolumes(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What one account had before or after a transaction."""

    account: Ref
    volumes: tuple[LedgerVolumes, ...]

    @property
    def address(self) -> str:
        """The account's address."""
        return self.account.native_id


class LedgerTransaction(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Postings that happened together. `number` counts within the ledger.

    `is_reverted` is None when the server does not say; so are the volumes.
    """

    ref: Ref
    ledger: Ref
    number: int
    postings: tuple[LedgerPosting, ...]
    reference: str | None
    metadata: Mapping[str, str]
    timestamp: datetime | None
    is_reverted: bool | None = None
    reverted_at: datetime | None = None
    inserted_at: datetime | None = None
    updated_at: datetime | None = None
    template: str | None = None
    volumes_before: tuple[LedgerAccountVolumes, ...] | None = None
    volumes_after: tuple[LedgerAccountVolumes, ...] | None = None
    fetched_at: datetime


class LedgerLog(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One entry of a ledger's log, which tells of every change. `data` is the server's own record of it, as JSON."""

    number: int
    type: LedgerLogType
    provider_type: str
    data: msgspec.Raw
    hash: str | None
    date: datetime | None


class LedgerStatistics(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """How much there is in a ledger."""

    account_count: int
    transaction_count: int


class LedgerVolume(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What an account, or all accounts whose addresses begin alike, received and gave of one asset.

    `account` is None where several were summed, and then `address` is what their addresses have in common.
    """

    address: str
    account: Ref | None
    volumes: LedgerVolumes


class LedgerContract(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A rule of a ledger's mapping. `expression` is the server's own record of it, as JSON."""

    address: str | None
    expression: msgspec.Raw


class LedgerMigration(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A change of the form in which the server stores a ledger."""

    version: str
    name: str | None
    state: str | None
    date: datetime | None


class LedgerServer(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The server that keeps the ledgers."""

    version: str | None
    api: str


class MetadataMatch(msgspec.Struct, frozen=True):
    """A note that must be there with this value."""

    key: str
    value: str


class LedgerAccountFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which accounts of a ledger are wanted: all conditions must hold. `balance_…` are minor units of `asset`.

    An empty segment of `address` stands for any: `users:` for all of two segments that begin with `users`.
    """

    address: str | None = None
    metadata: tuple[MetadataMatch, ...] = ()
    asset: str | None = None
    balance_from: int | None = None
    balance_below: int | None = None
    at: datetime | None = None


class LedgerTransactionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which transactions of a ledger are wanted: all conditions must hold. `until` is not included."""

    account: str | None = None
    source: str | None = None
    destination: str | None = None
    reference: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    is_reverted: bool | None = None
    metadata: tuple[MetadataMatch, ...] = ()
    at: datetime | None = None


class LedgerVolumesFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which volumes are wanted: of movements from `since` to `until`, summed over accounts whose addresses begin with
    the same `group_by` segments, if that is not None.
    """

    address: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    group_by: int | None = None


class LedgerVolumesKey(msgspec.Struct, frozen=True, gc=False):
    """The volumes of an account at one time; now when `at` is None.

    `is_effective`: by the transactions' own times and not by when they were entered.
    """

    account: Ref
    at: datetime | None = None
    is_effective: bool = False
