"""Pools of payment accounts beside the ledger accounts that should mirror them, as the provider compares them."""

from datetime import datetime
from enum import StrEnum

import msgspec

from providers.domain.money import Money
from providers.domain.ref import Ref


class ReconciliationStatus(StrEnum):
    """What came of comparing a pool with a ledger."""

    OK = "ok"
    NOT_OK = "not_ok"
    UNKNOWN = "unknown"


class ReconciliationPolicy(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Which pool is compared with which accounts of which ledger. `ledger_query` is the ledger's filter as JSON."""

    ref: Ref
    provider_id: str
    name: str
    ledger_name: str
    ledger_ref: Ref
    ledger_query: msgspec.Raw
    pool_ref: Ref | None
    created_at: datetime | None
    fetched_at: datetime


class Reconciliation(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One comparison by a policy, each side at its own time. The drift has no signs."""

    ref: Ref
    provider_id: str
    policy_ref: Ref
    status: ReconciliationStatus
    provider_status: str
    reconciled_at_ledger: datetime | None
    reconciled_at_payments: datetime | None
    payments_balances: tuple[Money, ...]
    ledger_balances: tuple[Money, ...]
    drift: tuple[Money, ...]
    error: str | None
    created_at: datetime | None
    fetched_at: datetime
