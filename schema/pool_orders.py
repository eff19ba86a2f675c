"""Mutations of pools."""

import strawberry

from resolvers import pool_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.payload import IDEMPOTENCY_KEY, Payload
from schema.pool import Pool


@strawberry.input(description="A pool to be made.")
class CreatePoolInput:
    """GraphQL `CreatePoolInput`."""

    name: str = described("Its name, unique at the provider.")
    account_ids: list[strawberry.ID] = described(
        "Global ids of the payment accounts in it, at least one. Servers of the third generation take `INTERNAL` "
        "ones alone."
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A pool to be deleted.")
class DeletePoolInput:
    """GraphQL `DeletePoolInput`."""

    pool_id: strawberry.ID = described("The pool's global id.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="An account to be put into a pool or taken out of it.")
class PoolAccountInput:
    """GraphQL `PoolAccountInput`."""

    pool_id: strawberry.ID = described("The pool's global id.")
    account_id: strawberry.ID = described("The payment account's global id.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `createPool` answers.")
class CreatePoolPayload(Payload):
    """GraphQL `CreatePoolPayload`, backed by `resolvers.writing.Changed`."""

    pool: Pool | None = resolved_by(writing.node, "The pool. Null when it was not made.", needs=Scope.POOLS_READ)

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `deletePool` answers.")
class DeletePoolPayload(Payload):
    """GraphQL `DeletePoolPayload`, backed by `resolvers.writing.Changed`."""

    deleted_pool_id: strawberry.ID | None = resolved_by(
        writing.deleted_id, "The global id of the pool that is no more. Null when it was not deleted."
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `addAccountToPool` and `removeAccountFromPool` answer.")
class PoolAccountPayload(Payload):
    """GraphQL `PoolAccountPayload`, backed by `resolvers.writing.Changed`."""

    pool: Pool | None = resolved_by(
        writing.node, "The pool as it is now. Null when it was not changed.", needs=Scope.POOLS_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class PoolMutations:
    """The mutations of pools, a part of the root `Mutation`."""

    create_pool: CreatePoolPayload | None = ordered_by(
        resolve.create_pool, "Makes a pool of payment accounts.", needs=Scope.POOLS_WRITE
    )
    delete_pool: DeletePoolPayload | None = ordered_by(
        resolve.delete_pool, "Deletes a pool. Its accounts stay.", needs=Scope.POOLS_WRITE
    )
    add_account_to_pool: PoolAccountPayload | None = ordered_by(
        resolve.add_account_to_pool,
        "Puts an account into a pool. Nothing happens when it is there already; servers of the second generation "
        "refuse it then.",
        needs=Scope.POOLS_WRITE,
    )
    remove_account_from_pool: PoolAccountPayload | None = ordered_by(
        resolve.remove_account_from_pool,
        "Takes an account out of a pool. Nothing happens when it is not there.",
        needs=Scope.POOLS_WRITE,
    )
