"""How much money an account or a pool holds, of what kind, and how old the number is."""

from datetime import datetime
from enum import StrEnum

import msgspec

from providers.domain.money import Money


class BalanceKind(StrEnum):
    """What a balance counts."""

    CURRENT = "current"
    CLEARED = "cleared"
    AVAILABLE = "available"
    AVAILABLE_CREDIT = "available_credit"
    BLOCKED = "blocked"
    SCHEDULED = "scheduled"
    TOTAL = "total"


class BalanceSource(StrEnum):
    """How the provider came by the number."""

    AGGREGATION = "aggregation"
    POLLING = "polling"
    LEDGER = "ledger"
    SUM = "sum"


class Balance(msgspec.Struct, frozen=True, gc=False):
    """One balance. `as_of` is the time for which the provider gave it, `fetched_at` when it was read from there."""

    kind: BalanceKind
    money: Money
    as_of: datetime | None
    fetched_at: datetime
    source: BalanceSource
