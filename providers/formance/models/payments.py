"""What the payments service answers, in both of its generations. Amounts are whole numbers of the smallest unit."""

from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from providers.kept import Dated

T = TypeVar("T")

NULL = msgspec.Raw(b"null")


class Data(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """How single objects and unpaged lists are wrapped."""

    data: T


class Cursor(msgspec.Struct, Generic[T], frozen=True, gc=False, rename="camel"):
    """One page. `next` is sent only when there is more."""

    data: tuple[T, ...] = ()
    has_more: bool = False
    next: str | None = None


class Envelope(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """How pages are wrapped."""

    cursor: Cursor[T]


class Account(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """An account at a connector. Unknown texts are "". Only v2 says which pools hold it."""

    id: str
    reference: str
    connector_id: str = msgspec.field(name="connectorID")
    provider: str | None = None
    created_at: datetime | None = None
    default_asset: str | None = None
    account_name: str | None = None
    type: str | None = None
    metadata: dict[str, str] | None = None
    raw: msgspec.Raw = NULL
    pools: tuple[str, ...] | None = None


class AccountBalance(Dated, frozen=True, rename="camel"):
    """What polls saw from `created_at` to `last_updated_at`. The id of the account is spelt `accountId` here."""

    asset: str
    balance: int
    account_id: str | None = None
    created_at: datetime | None = None
    last_updated_at: datetime | None = None


class Adjustment(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """One step in a payment's life. v3 servers send null amounts too."""

    status: str
    reference: str | None = None
    created_at: datetime | None = None
    amount: int | None = None
    raw: msgspec.Raw = NULL


class Payment(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A payment. The ids of unknown accounts are "" or null."""

    id: str
    reference: str
    connector_id: str = msgspec.field(name="connectorID")
    type: str
    status: str
    amount: int
    asset: str
    provider: str | None = None
    initial_amount: int | None = None
    scheme: str | None = None
    source_account_id: str | None = msgspec.field(name="sourceAccountID", default=None)
    destination_account_id: str | None = msgspec.field(name="destinationAccountID", default=None)
    created_at: datetime | None = None
    adjustments: tuple[Adjustment, ...] | None = None
    metadata: dict[str, str] | None = None


class Pool(Dated, frozen=True):
    """A pool. Only v3 says its type."""

    id: str
    name: str
    type: str | None = None
    accounts: tuple[str, ...] | None = None


class PoolBalance(Dated, frozen=True):
    """The sum of one asset over a pool's accounts."""

    asset: str
    amount: int


class PoolBalances(msgspec.Struct, frozen=True, gc=False):
    """How the sums at a time are wrapped, and v2's latest ones."""

    balances: tuple[PoolBalance, ...] | None = None


LatestPoolBalances = PoolBalances | tuple[PoolBalance, ...] | None
"""The latest sums: v3 answers with the bare list, which is null where there are none."""


class Connector(Dated, frozen=True, rename="camel"):
    """An installed connector. v2 knows no schedule for deletion."""

    connector_id: str = msgspec.field(name="connectorID")
    name: str
    provider: str | None = None
    enabled: bool = True
    scheduled_for_deletion: bool = False
