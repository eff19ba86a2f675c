"""What the reconciliation service answers and is sent. Balances are whole numbers by asset, in its smallest unit."""

from datetime import datetime

import msgspec

from providers.formance.models.payments import NULL

Balances = dict[str, int] | None
"""Null where the service has computed none."""


class Policy(msgspec.Struct, frozen=True, gc=False, kw_only=True, rename="camel"):
    """A policy. The filter is the ledger's business."""

    id: str
    name: str
    ledger_name: str
    created_at: datetime | None = None
    ledger_query: msgspec.Raw = NULL
    payments_pool_id: str | None = msgspec.field(name="paymentsPoolID", default=None)


class Reconciliation(msgspec.Struct, frozen=True, gc=False, kw_only=True, rename="camel"):
    """One comparison by a policy."""

    id: str
    policy_id: str = msgspec.field(name="policyID")
    status: str
    created_at: datetime | None = None
    reconciled_at_ledger: datetime | None = None
    reconciled_at_payments: datetime | None = None
    payments_balances: Balances = None
    ledger_balances: Balances = None
    drift_balances: Balances = None
    error: str | None = None


class PolicyRequest(msgspec.Struct, frozen=True, gc=False, kw_only=True, rename="camel"):
    """A policy to be made."""

    name: str
    ledger_name: str
    ledger_query: msgspec.Raw
    payments_pool_id: str = msgspec.field(name="paymentsPoolID")


class ReconciliationRequest(msgspec.Struct, frozen=True, gc=False, kw_only=True, rename="camel"):
    """The times to compare, in RFC 3339."""

    reconciled_at_ledger: str
    reconciled_at_payments: str
