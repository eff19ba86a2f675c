"""What mutations do to pools."""

from typing import Annotated, Protocol

import strawberry

from providers.domain import NodeType, Pool, Ref
from providers.errors import NotFound
from providers.orders import PoolOrder, WritesPools
from providers.protocols import ReadsPools
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.writing import INPUT, Changed, Checks, Ordered, carried_out, off, ordered, then


class CreatePoolInput(Protocol):
    """The shape of the schema's input of this name."""

    name: str
    account_ids: list[strawberry.ID]
    idempotency_key: str


class DeletePoolInput(Protocol):
    """The shape of the schema's input of this name."""

    pool_id: strawberry.ID
    idempotency_key: str


class PoolAccountInput(Protocol):
    """The shape of the schema's input of this name."""

    pool_id: strawberry.ID
    account_id: strawberry.ID
    idempotency_key: str


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Create = Annotated[Annotated["CreatePoolInput", strawberry.lazy("schema.pool_orders")], INPUT]
Delete = Annotated[Annotated["DeletePoolInput", strawberry.lazy("schema.pool_orders")], INPUT]
PoolAccount = Annotated[Annotated["PoolAccountInput", strawberry.lazy("schema.pool_orders")], INPUT]


async def create_pool(info: Info, input: Create) -> Changed:
    """Make a pool."""
    checks = Checks(info)
    checks.told(input.account_ids, "accountIds")
    order = PoolOrder(
        name=checks.text(input.name, "name"),
        accounts=checks.refs(input.account_ids, "accountIds", of=[NodeType.PAYMENT_ACCOUNT]),
    )
    to = ordered(info, WritesPools)
    if to is None or checks.failed:
        return checks.failed or off()
    return await carried_out(
        info,
        to,
        name="createPool",
        key=input.idempotency_key,
        checks=checks,
        order=order,
        send=lambda: to.vendor.create_pool(order, to.operation),
        shows=lambda: to.vendor.find_pool(order, to.operation),
    )


async def delete_pool(info: Info, input: Delete) -> Changed:
    """Delete a pool."""
    checks = Checks(info)
    pool = checks.ref(input.pool_id, "poolId", of=[NodeType.POOL])
    to = ordered(info, WritesPools)
    if to is None or pool is None:
        return checks.failed or off()

    async def is_gone() -> Ref | None:
        return None if await _pool(info, to, pool) else pool

    return await carried_out(
        info,
        to,
        name="deletePool",
        key=input.idempotency_key,
        checks=checks,
        order=pool,
        send=lambda: then(to.vendor.delete_pool(pool, to.operation), pool),
        shows=is_gone,
    )


async def add_account_to_pool(info: Info, input: PoolAccount) -> Changed:
    """Put an account into a pool."""
    return await _membership(info, input, is_wanted=True)


async def remove_account_from_pool(info: Info, input: PoolAccount) -> Changed:
    """Take an account out of a pool."""
    return await _membership(info, input, is_wanted=False)


async def _membership(info: Info, input: PoolAccountInput, *, is_wanted: bool) -> Changed:
    checks = Checks(info)
    pool = checks.ref(input.pool_id, "poolId", of=[NodeType.POOL])
    account = checks.ref(input.account_id, "accountId", of=[NodeType.PAYMENT_ACCOUNT])
    to = ordered(info, WritesPools)
    if to is None or pool is None or account is None:
        return checks.failed or off()
    send = to.vendor.add_account_to_pool if is_wanted else to.vendor.remove_account_from_pool

    async def shows() -> Ref | None:
        found = await _pool(info, to, pool)
        if found is None:
            raise NotFound(to.provider, "get_pool")
        return pool if (account in found.account_refs) is is_wanted else None

    return await carried_out(
        info,
        to,
        name="addAccountToPool" if is_wanted else "removeAccountFromPool",
        key=input.idempotency_key,
        checks=checks,
        order=[pool, account],
        send=lambda: then(send(pool, account, to.operation), pool),
        shows=shows,
    )


async def _pool(info: Info, to: Ordered[WritesPools], pool: Ref) -> Pool | None:
    """The pool as the provider has it now."""
    found = await info.context.providers.able(ReadsPools)[to.provider].pools_by_ref([pool], to.operation)
    return value_of(found[pool]) if pool in found else None
