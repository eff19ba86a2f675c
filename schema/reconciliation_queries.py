"""Where queries of policies and reconciliations begin."""

import strawberry

from resolvers import reconciliation as resolve
from resolvers.caller import Scope
from schema.connection import Connection
from schema.costs import Cost, listed
from schema.fields import resolved_by
from schema.reconciliation import Reconciliation, ReconciliationPolicy


@strawberry.type
class ReconciliationQueries:
    """A part of the root `Query`."""

    reconciliation_policies: Connection[ReconciliationPolicy] | None = resolved_by(
        resolve.reconciliation_policies,
        "All policies that compare pools with ledgers, newest first.",
        needs=Scope.RECONCILIATION_READ,
        is_organisations=True,
        cost=listed("list_reconciliation_policies"),
    )
    reconciliation_policy: ReconciliationPolicy | None = resolved_by(
        resolve.reconciliation_policy,
        "A policy by its global id. Null when there is none.",
        needs=Scope.RECONCILIATION_READ,
        cost=Cost(weight=1, by_id="id"),
    )
    reconciliations: Connection[Reconciliation] | None = resolved_by(
        resolve.reconciliations,
        "What came of comparing pools with ledgers, newest first.",
        needs=Scope.RECONCILIATION_READ,
        is_organisations=True,
        cost=listed("list_reconciliations"),
    )
    reconciliation: Reconciliation | None = resolved_by(
        resolve.reconciliation,
        "A reconciliation by its global id. Null when there is none.",
        needs=Scope.RECONCILIATION_READ,
        cost=Cost(weight=1, by_id="id"),
    )
