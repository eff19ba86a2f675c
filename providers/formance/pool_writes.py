"""What is done to pools."""

from providers.domain import Ref
from providers.formance import filters, ids, translate
from providers.formance.client import PaymentsService
from providers.formance.client.pools import (
    ADD_ACCOUNT_TO_POOL,
    CREATE_POOL,
    DELETE_POOL,
    LIST_POOLS,
    REMOVE_ACCOUNT_FROM_POOL,
)
from providers.formance.generation import Generation
from providers.formance.narrowing import Narrowing
from providers.formance.part import Part, known
from providers.operation import Operation
from providers.orders import PoolOrder


class PoolWrites(Part):
    """Implements `WritesPools`."""

    def __init__(self, service: PaymentsService, generation: Generation) -> None:
        super().__init__(service, generation)
        self._pools_by_name = Narrowing(generation, operation=LIST_POOLS.operation, page=service.list_pools)

    async def create_pool(self, order: PoolOrder, operation: Operation) -> Ref:
        """A name that is taken is refused with CONFLICT."""
        for account in order.accounts:
            known(account, ids.account, CREATE_POOL)
        return translate.pool_ref(await self._service.create_pool(translate.pool_request(order), operation))

    async def find_pool(self, order: PoolOrder, operation: Operation) -> Ref | None:
        """One call; on v2 the list of all."""
        rows = await self._pools_by_name.found(filters.match("name", order.name), operation)
        wanted = {account.native_id for account in order.accounts}
        same = (row for row in rows if row.name == order.name and set(row.accounts or ()) == wanted)
        return next((translate.pool_ref(row.id) for row in same), None)

    async def delete_pool(self, pool: Ref, operation: Operation) -> None:
        """A pool that is not there is deleted without a word."""
        await self._service.delete_pool(known(pool, ids.is_uuid, DELETE_POOL), operation)

    async def add_account_to_pool(self, pool: Ref, account: Ref, operation: Operation) -> None:
        """An account that is in it already: v2 refuses it with CONFLICT."""
        pool_id = known(pool, ids.is_uuid, ADD_ACCOUNT_TO_POOL)
        await self._service.add_account_to_pool(pool_id, known(account, ids.account, ADD_ACCOUNT_TO_POOL), operation)

    async def remove_account_from_pool(self, pool: Ref, account: Ref, operation: Operation) -> None:
        """An account that is not in it is removed without a word."""
        pool_id = known(pool, ids.is_uuid, REMOVE_ACCOUNT_FROM_POOL)
        account_id = known(account, ids.account, REMOVE_ACCOUNT_FROM_POOL)
        await self._service.remove_account_from_pool(pool_id, account_id, operation)
