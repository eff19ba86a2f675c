"""The same money as banks, payment providers, pools and ledgers have it, one beside the other."""

from datetime import datetime
from enum import StrEnum

import msgspec

from providers.domain.balance import BalanceSource
from providers.domain.money import Money
from providers.domain.ref import Provider, Ref


class ReconciliationSide(StrEnum):
    """Who has a number."""

    BANK = "bank"
    PAYMENT_PROVIDER = "payment_provider"
    POOL = "pool"
    LEDGER = "ledger"


class LedgerQueryKey(msgspec.Struct, frozen=True, gc=False):
    """The sums over the accounts of a ledger that a filter finds, at one time; now when `at` is None."""

    ledger: Ref
    query: str
    at: datetime | None = None


class SideAmount(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What one side has of a currency, over all that could be read there.

    `as_of` is the oldest time for which a part of it was stated; None when nobody says. `age` counts from then, or
    else from when it was read, in whole seconds.
    """

    money: Money
    as_of: datetime | None
    fetched_at: datetime
    age: int
    source: BalanceSource
    providers: tuple[Provider, ...]
    parts: int
    is_complete: bool


class SideBySideDrift(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """How far sides that should agree are apart; None where they cannot be compared."""

    ledger: Money | None
    pool: Money | None


class SideBySide(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """All sides of one currency."""

    currency: str
    bank: SideAmount | None
    payment_provider: SideAmount | None
    pool: SideAmount | None
    ledger: SideAmount | None
    drift: SideBySideDrift
