"""Pools, and the sums of their accounts."""

import msgspec

from providers.formance.client.calls import Calls, Listing, known_ids, routed
from providers.formance.models import (
    AddAccountToPoolRequest,
    Cursor,
    Data,
    Envelope,
    LatestPoolBalances,
    Pool,
    PoolBalance,
    PoolBalances,
    PoolRequest,
)
from providers.http import Endpoint
from providers.operation import Operation

LIST_POOLS = Endpoint("list_pools", "GET", "/api/payments/pools")
GET_POOL = Endpoint("get_pool", "GET", "/api/payments/pools/{poolId}")
GET_POOL_BALANCES = Endpoint("get_pool_balances", "GET", "/api/payments/pools/{poolId}/balances")
GET_POOL_BALANCES_LATEST = Endpoint("get_pool_balances_latest", "GET", "/api/payments/pools/{poolId}/balances/latest")
CREATE_POOL = Endpoint("create_pool", "POST", "/api/payments/pools")
DELETE_POOL = Endpoint("delete_pool", "DELETE", "/api/payments/pools/{poolId}")
ADD_ACCOUNT_TO_POOL = Endpoint("add_account_to_pool", "POST", "/api/payments/pools/{poolId}/accounts")
REMOVE_ACCOUNT_FROM_POOL = Endpoint(
    "remove_account_from_pool", "DELETE", "/api/payments/pools/{poolId}/accounts/{accountId}"
)

_POOLS = msgspec.json.Decoder(Envelope[Pool])
_POOL = msgspec.json.Decoder(Data[Pool])
_POOL_BALANCES = msgspec.json.Decoder(Data[PoolBalances])
_LATEST: "msgspec.json.Decoder[Data[LatestPoolBalances]]" = msgspec.json.Decoder(Data[LatestPoolBalances])


class PoolCalls(Calls):
    """One method for each operation."""

    async def list_pools(self, listing: Listing, operation: Operation, *, max_age: float = 0.0) -> Cursor[Pool]:
        """A page of pools. v2 servers ignore filters here."""
        return await self._page(LIST_POOLS, _POOLS, listing, operation, max_age=max_age)

    async def get_pool(self, pool_id: str, operation: Operation, *, max_age: float = 0.0) -> Pool:
        """One pool."""
        return await self._one(GET_POOL, _POOL, operation, path={"poolId": pool_id}, max_age=max_age)

    async def get_pool_balances(
        self, pool_id: str, at: str, operation: Operation, *, max_age: float = 0.0
    ) -> tuple[PoolBalance, ...]:
        """The sums at a time in RFC 3339. Nothing is known of times after the last poll."""
        path, query = {"poolId": pool_id}, [("at", at)]
        with known_ids():
            read = self._upstream.read(
                GET_POOL_BALANCES, _POOL_BALANCES, operation, path=path, query=query, max_age=max_age
            )
            return (await read).data.balances or ()

    async def get_pool_balances_latest(
        self, pool_id: str, operation: Operation, *, max_age: float = 0.0
    ) -> tuple[PoolBalance, ...]:
        """The newest sums. Servers before 3.0.15 do not have this route."""
        path = {"poolId": pool_id}
        async with routed():
            data = await self._one(GET_POOL_BALANCES_LATEST, _LATEST, operation, path=path, max_age=max_age)
        return (data.balances if isinstance(data, PoolBalances) else data) or ()

    async def create_pool(self, body: PoolRequest, operation: Operation) -> str:
        """Make a pool, and give its id."""
        return await self._create(CREATE_POOL, body, operation)

    async def delete_pool(self, pool_id: str, operation: Operation) -> None:
        """Delete a pool."""
        await self._order(DELETE_POOL, operation, path={"poolId": pool_id})

    async def add_account_to_pool(self, pool_id: str, account_id: str, operation: Operation) -> None:
        """Put an account into a pool. One that is in it already is a conflict on v2, and nothing on v3."""
        body = AddAccountToPoolRequest(account_id)
        await self._order(ADD_ACCOUNT_TO_POOL, operation, path={"poolId": pool_id}, body=body)

    async def remove_account_from_pool(self, pool_id: str, account_id: str, operation: Operation) -> None:
        """Take an account out of a pool. One that is not in it is nothing."""
        path = {"poolId": pool_id, "accountId": account_id}
        await self._order(REMOVE_ACCOUNT_FROM_POOL, operation, path=path)
