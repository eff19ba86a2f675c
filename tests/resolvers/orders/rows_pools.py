"""Mutations of pools."""

from typing import Any

from tests.resolvers.orders.row import Row, World

POOL = "{ node(id: $id) { ... on Pool { id name accounts { id } } } }"


def ids(pool: Any) -> set[str]:
    return {account["id"] for account in pool["accounts"]}


def the_pool(_world: World, payload: Any) -> Any:
    return {"node": payload["pool"]}


CREATE = Row(
    mutation="createPool",
    payload="pool { id name accounts { id } }",
    input=lambda world: {"name": "Reserve", "accountIds": [world.internal, *world.members]},
    other=lambda _world: {"name": "Another"},
    calls=("POST", "/api/payments/pools"),
    holds=lambda world, payload: (
        payload["pool"]["name"] == "Reserve" and ids(payload["pool"]) == {world.internal, *world.members}
    ),
    then=(POOL, the_pool),
)
DELETE = Row(
    mutation="deletePool",
    payload="deletedPoolId",
    input=lambda world: {"poolId": world.pool},
    other=lambda _world: {
        "poolId": "WzEsIlBvb2wiLCJmb3JtYW5jZSIsWyI1ODc0MDVhYy02ZWEzLTQxZjgtODZlNC00NWY0NTAxYjU5NzAiXV0"
    },
    calls=("DELETE", "/api/payments/pools/*"),
    holds=lambda world, payload: payload["deletedPoolId"] == world.pool,
    then=(POOL, lambda _world, _payload: {"node": None}),
    has_body=False,
)
ADD = Row(
    mutation="addAccountToPool",
    payload="pool { id name accounts { id } }",
    input=lambda world: {"poolId": world.pool, "accountId": world.internal},
    other=lambda world: {"accountId": world.members[0]},
    calls=("POST", "/api/payments/pools/*/accounts"),
    holds=lambda world, payload: ids(payload["pool"]) == {world.internal, *world.members},
    then=(POOL, the_pool),
    has_body=False,
)
REMOVE = Row(
    mutation="removeAccountFromPool",
    payload="pool { id name accounts { id } }",
    input=lambda world: {"poolId": world.pool, "accountId": world.members[0]},
    other=lambda world: {"accountId": world.internal},
    calls=("DELETE", "/api/payments/pools/*/accounts/*"),
    holds=lambda world, payload: ids(payload["pool"]) == set(world.members[1:]),
    then=(POOL, the_pool),
    has_body=False,
)

ROWS = (CREATE, DELETE, ADD, REMOVE)
