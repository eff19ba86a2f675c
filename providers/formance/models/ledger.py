"""What the ledger service answers, by both of its APIs. Amounts are whole numbers of the smallest unit.

The first API has fewer fields, `txid` for `id`, and metadata of any JSON.
"""

from datetime import datetime

import msgspec

from providers.formance.models.payments import NULL

Notes = dict[str, msgspec.Raw]
"""Metadata: texts by the second API, anything by the first."""


class Volumes(msgspec.Struct, frozen=True, gc=False):
    """What was received and given of one asset."""

    input: int
    output: int
    balance: int | None = None


AssetVolumes = dict[str, Volumes]
"""By asset."""


class LedgerAccount(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """An account. Only some reads tell its volumes; the first API's lists tell none."""

    address: str
    metadata: Notes | None = None
    volumes: AssetVolumes | None = None
    effective_volumes: AssetVolumes | None = None
    balances: dict[str, int] | None = None
    first_usage: datetime | None = None
    insertion_date: datetime | None = None
    updated_at: datetime | None = None


class Posting(msgspec.Struct, frozen=True, gc=False):
    """Money that moves."""

    source: str
    destination: str
    amount: int
    asset: str


AccountVolumes = dict[str, AssetVolumes]
"""By account."""


class LedgerTransaction(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A transaction. It has `id` or `txid`: one without a number names nothing, and is not taken."""

    id: int | None = None
    txid: int | None = None
    postings: tuple[Posting, ...] = ()
    timestamp: datetime | None = None
    reference: str | None = None
    metadata: Notes | None = None
    reverted: bool | None = None
    reverted_at: datetime | None = None
    inserted_at: datetime | None = None
    updated_at: datetime | None = None
    template: str | None = None
    pre_commit_volumes: AccountVolumes | None = None
    post_commit_volumes: AccountVolumes | None = None

    def __post_init__(self) -> None:
        if self.id is None and self.txid is None:
            raise ValueError("number")

    @property
    def number(self) -> int:
        """What it is called by."""
        return self.id if self.id is not None else self.txid or 0


class LedgerLog(msgspec.Struct, frozen=True, gc=False):
    """One entry of the log."""

    id: int
    type: str
    data: msgspec.Raw = NULL
    hash: str | None = None
    date: datetime | None = None


class LedgerRecord(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A ledger."""

    name: str
    bucket: str | None = None
    metadata: Notes | None = None
    added_at: datetime | None = None


class VolumesRow(msgspec.Struct, frozen=True, gc=False):
    """The volumes of an account in one asset."""

    account: str
    asset: str
    input: int
    output: int
    balance: int | None = None


class LedgerStats(msgspec.Struct, frozen=True, gc=False):
    """How much there is in a ledger."""

    accounts: int
    transactions: int


class Storage(msgspec.Struct, frozen=True, gc=False):
    """Where a server of the first generation keeps ledgers, and which there are."""

    driver: str | None = None
    ledgers: tuple[str, ...] | None = None


class LedgerConfig(msgspec.Struct, frozen=True, gc=False):
    """The settings that a server tells."""

    storage: Storage | None = None


class LedgerServerInfo(msgspec.Struct, frozen=True, gc=False):
    """A server's own word; some servers wrap it in `data`."""

    server: str = ""
    version: str = ""
    config: LedgerConfig | None = None
    data: "LedgerServerInfo | None" = None

    @property
    def told(self) -> "LedgerServerInfo":
        """What it says, wrapped or not."""
        return self.data or self


class Migration(msgspec.Struct, frozen=True, gc=False):
    """A change of how a ledger is stored. Versions are numbers or texts."""

    version: int | str = ""
    name: str | None = None
    date: datetime | None = None
    state: str | None = None


class Migrations(msgspec.Struct, frozen=True, gc=False):
    """Where a ledger is stored."""

    migrations: tuple[Migration, ...] | None = None


class LedgerStorage(msgspec.Struct, frozen=True, gc=False):
    """A ledger, and how it is stored."""

    name: str = ""
    storage: Migrations | None = None


class Contract(msgspec.Struct, frozen=True, gc=False):
    """A rule of a ledger's mapping."""

    account: str | None = None
    expr: msgspec.Raw = NULL


class Mapping(msgspec.Struct, frozen=True, gc=False):
    """The rules of a ledger."""

    contracts: tuple[Contract, ...] | None = None
