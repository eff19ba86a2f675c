"""Policies and reconciliations into ours, and orders into the service's requests."""

from collections.abc import Mapping
from datetime import datetime

from providers.domain import (
    Money,
    NodeType,
    Provider,
    Reconciliation,
    ReconciliationPolicy,
    ReconciliationStatus,
    Ref,
)
from providers.formance.models import reconciliation as models
from providers.formance.translate.refs import pool_ref
from providers.formance.translate.values import amount, rfc3339, time
from providers.orders.reconciliation import PolicyOrder, ReconciliationOrder

STATUSES = {"OK": ReconciliationStatus.OK, "NOT_OK": ReconciliationStatus.NOT_OK}
"""`status` of a reconciliation."""


def policy_ref(policy_id: str) -> Ref:
    """The identity of a policy."""
    return Ref(NodeType.RECONCILIATION_POLICY, (policy_id,), Provider.FORMANCE)


def reconciliation_ref(reconciliation_id: str) -> Ref:
    """The identity of a reconciliation."""
    return Ref(NodeType.RECONCILIATION, (reconciliation_id,), Provider.FORMANCE)


def policy(raw: models.Policy, *, fetched_at: datetime) -> ReconciliationPolicy:
    """A policy."""
    return ReconciliationPolicy(
        ref=policy_ref(raw.id),
        provider_id=raw.id,
        name=raw.name,
        ledger_name=raw.ledger_name,
        ledger_ref=Ref(NodeType.LEDGER, (raw.ledger_name,), Provider.FORMANCE),
        ledger_query=raw.ledger_query.copy(),
        pool_ref=pool_ref(raw.payments_pool_id) if raw.payments_pool_id else None,
        created_at=time(raw.created_at),
        fetched_at=fetched_at,
    )


def reconciliation(raw: models.Reconciliation, *, fetched_at: datetime) -> Reconciliation:
    """A reconciliation, its amounts by asset. Raises `InvalidAmount`."""
    return Reconciliation(
        ref=reconciliation_ref(raw.id),
        provider_id=raw.id,
        policy_ref=policy_ref(raw.policy_id),
        status=STATUSES.get(raw.status, ReconciliationStatus.UNKNOWN),
        provider_status=raw.status,
        reconciled_at_ledger=time(raw.reconciled_at_ledger),
        reconciled_at_payments=time(raw.reconciled_at_payments),
        payments_balances=_amounts(raw.payments_balances),
        ledger_balances=_amounts(raw.ledger_balances),
        drift=_amounts(raw.drift_balances),
        error=raw.error or None,
        created_at=time(raw.created_at),
        fetched_at=fetched_at,
    )


def policy_request(order: PolicyOrder) -> models.PolicyRequest:
    """A policy to be made."""
    return models.PolicyRequest(
        name=order.name,
        ledger_name=order.ledger.native_id,
        ledger_query=order.ledger_query,
        payments_pool_id=order.pool.native_id,
    )


def reconciliation_request(order: ReconciliationOrder) -> models.ReconciliationRequest:
    """A comparison to be made."""
    return models.ReconciliationRequest(
        reconciled_at_ledger=rfc3339(order.at_ledger), reconciled_at_payments=rfc3339(order.at_payments)
    )


def _amounts(balances: Mapping[str, int] | None) -> tuple[Money, ...]:
    return tuple(amount(units, asset) for asset, units in sorted((balances or {}).items()))
