"""Mutations of policies, and the order to compare by one."""

from datetime import datetime

import strawberry

from resolvers import reconciliation_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.payload import IDEMPOTENCY_KEY, Payload
from schema.reconciliation import Reconciliation, ReconciliationPolicy
from schema.scalars import JSON


@strawberry.input(description="A policy to be made.")
class CreateReconciliationPolicyInput:
    """GraphQL `CreateReconciliationPolicyInput`."""

    name: str = described("Its name, which need not be unique.")
    ledger_name: str = described("The name of the ledger. The provider does not look whether there is one.")
    ledger_query: JSON = described(
        'The ledger\'s filter over its accounts, such as `{"$match": {"address": "pools:main"}}`. What the ledger '
        "does not take shows only when it is compared. An empty object finds all accounts."
    )
    pool_id: strawberry.ID = described("The global id of the pool to compare with.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A policy to be deleted.")
class DeleteReconciliationPolicyInput:
    """GraphQL `DeleteReconciliationPolicyInput`."""

    policy_id: strawberry.ID = described("The policy's global id.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A comparison to be made.")
class ReconcileInput:
    """GraphQL `ReconcileInput`."""

    policy_id: strawberry.ID = described("The global id of the policy to compare by.")
    at_ledger: datetime = described("The time of the ledger's side, which must have passed.")
    at_payments: datetime = described(
        "The time of the pool's side, which must have passed. Of times after the payment provider was last polled "
        "nothing is known: the pool then counts as empty."
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `createReconciliationPolicy` answers.")
class CreateReconciliationPolicyPayload(Payload):
    """GraphQL `CreateReconciliationPolicyPayload`, backed by `resolvers.writing.Changed`."""

    policy: ReconciliationPolicy | None = resolved_by(
        writing.node,
        "The policy. Null when it was not made.",
        needs=Scope.RECONCILIATION_READ,
        is_organisations=True,
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `deleteReconciliationPolicy` answers.")
class DeleteReconciliationPolicyPayload(Payload):
    """GraphQL `DeleteReconciliationPolicyPayload`, backed by `resolvers.writing.Changed`."""

    deleted_reconciliation_policy_id: strawberry.ID | None = resolved_by(
        writing.deleted_id, "The global id of the policy that is no more. Null when it was not deleted."
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `reconcile` answers.")
class ReconcilePayload(Payload):
    """GraphQL `ReconcilePayload`, backed by `resolvers.writing.Changed`."""

    reconciliation: Reconciliation | None = resolved_by(
        writing.node,
        "What came of it. Null when nothing was compared.",
        needs=Scope.RECONCILIATION_READ,
        is_organisations=True,
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class ReconciliationMutations:
    """The mutations of policies, a part of the root `Mutation`."""

    create_reconciliation_policy: CreateReconciliationPolicyPayload | None = ordered_by(
        resolve.create_reconciliation_policy,
        "Makes a policy that compares a pool with accounts of a ledger.",
        needs=Scope.RECONCILIATION_WRITE,
        is_organisations=True,
    )
    delete_reconciliation_policy: DeleteReconciliationPolicyPayload | None = ordered_by(
        resolve.delete_reconciliation_policy,
        "Deletes a policy, and with it all that was compared by it.",
        needs=Scope.RECONCILIATION_WRITE,
        is_organisations=True,
    )
    reconcile: ReconcilePayload | None = ordered_by(
        resolve.reconcile,
        "Compares a pool with a ledger as a policy says, and keeps what comes of it.",
        needs=Scope.RECONCILIATION_WRITE,
        is_organisations=True,
    )
