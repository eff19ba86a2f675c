"""Policies that compare pools with ledgers, and what came of it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from providers import domain
from providers.domain import ReconciliationStatus
from resolvers import reconciliation as resolve
from resolvers.caller import Scope
from schema.connection import Connection
from schema.costs import Cost, Load, load
from schema.fields import backed_by, described, resolved_by
from schema.money import Money
from schema.node import Node
from schema.scalars import JSON

if TYPE_CHECKING:
    from schema.ledger import Ledger
    from schema.pool import Pool

LazyLedger = Annotated["Ledger", strawberry.lazy("schema.ledger")]
LazyPool = Annotated["Pool", strawberry.lazy("schema.pool")]

COMPARED = 10
"""Accounts that a pool is taken to hold whose money is compared account by account."""
POLICIES = 5
"""Policies that a pool is taken to have."""


@strawberry.type(
    description="Which pool is compared with which accounts of which ledger (Formance). The ledger accounts are "
    "expected to be overdrawn by what the pool holds: what has come in is owed to somebody."
)
class ReconciliationPolicy(Node):
    """GraphQL `ReconciliationPolicy`, backed by `providers.domain.ReconciliationPolicy`."""

    provider_id: str = described("The provider's own id of the policy.")
    name: str = described("Its name, which need not be unique.")
    ledger: LazyLedger | None = resolved_by(
        resolve.ledger,
        "The ledger. Null when it is not there, or the provider could not be asked; see `errors`.",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("ledgers_by_ref")),
    )
    ledger_name: str = described("The name of the ledger.")
    ledger_query: JSON = described("The ledger's filter that finds the accounts, in the ledger's own words.")
    pool: LazyPool | None = resolved_by(
        resolve.pool,
        "The pool. Null when it is no more, or the provider could not be asked; see `errors`.",
        needs=Scope.POOLS_READ,
        cost=Cost(weight=1, loads=load("pools_by_ref")),
    )
    reconciliations: Connection["Reconciliation"] | None = resolved_by(
        resolve.reconciliations_of,
        "What came of comparing by it, newest first.",
        needs=Scope.RECONCILIATION_READ,
        is_organisations=True,
        cost=Cost(
            weight=1,
            loads=(
                Load(name="reconciliations_by_policy", absent=("after",)),
                Load(name="list_reconciliations", given=("after",)),
            ),
            is_sliced=True,
        ),
    )
    created_at: datetime | None = described("When it was made. Null when the provider does not say.")
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.ReconciliationPolicy)


@strawberry.type(description="One comparison of a pool with a ledger, each side at its own time.")
class Reconciliation(Node):
    """GraphQL `Reconciliation`, backed by `providers.domain.Reconciliation`."""

    provider_id: str = described("The provider's own id of the reconciliation.")
    policy: ReconciliationPolicy | None = resolved_by(
        resolve.policy,
        "The policy by which it was made. Null when it is no more, or could not be read; see `errors`.",
        needs=Scope.RECONCILIATION_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("reconciliation_policies_by_ref")),
    )
    status: ReconciliationStatus = described("What came of it.")
    provider_status: str = described("The status in the provider's own word.")
    reconciled_at_ledger: datetime | None = described("The time of the ledger's side. Null when it is not told.")
    reconciled_at_payments: datetime | None = described("The time of the pool's side. Null when it is not told.")
    payments_balances: list[Money] = described("What the pool held, one amount for each asset.")
    ledger_balances: list[Money] = described(
        "The ledger accounts' balances as the ledger has them, one amount for each asset: below zero where it agrees."
    )
    drift: list[Money] = described(
        "How far the pool's amount and the ledger's together are from zero, for each asset. It has no sign: the "
        "status is `NOT_OK` where the pool holds less than the ledger says."
    )
    error: str | None = described("The provider's words for what is not as it should be. Null when all is.")
    created_at: datetime | None = described("When they were compared. Null when the provider does not say.")
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.Reconciliation)
