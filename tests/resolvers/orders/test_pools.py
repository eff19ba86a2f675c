"""What can be refused to those who change pools."""

import pytest

from tests.conftest import Graph
from tests.resolvers.orders import nobody
from tests.resolvers.orders.refusals import INVALID, TAKEN, Case, answers, expected, missing
from tests.resolvers.orders.row import World, order, outcome, user_errors
from tests.resolvers.orders.rows_pools import ADD, CREATE, DELETE, REMOVE, ids

CASES = [
    Case("name taken", CREATE, lambda _: {"name": "Group treasury"}, v3=TAKEN, v2=TAKEN),
    Case("external account", CREATE, lambda world: {"accountIds": [world.external]}, v3=INVALID),
    Case("no accounts", CREATE, lambda _: {"accountIds": []}, v3=INVALID, v2=INVALID),
    Case("unknown account", CREATE, lambda _: {"accountIds": [nobody.ACCOUNT]}, v3=missing(), v2=missing()),
    Case("add to no pool", ADD, lambda _: {"poolId": nobody.POOL}, v3=missing(), v2=missing()),
    Case("add nobody", ADD, lambda _: {"accountId": nobody.ACCOUNT}, v3=missing(), v2=missing()),
    Case("add external", ADD, lambda world: {"accountId": world.external}, v3=INVALID),
    Case("add member", ADD, lambda world: {"accountId": world.members[0]}, v2=TAKEN),
    Case("remove from no pool", REMOVE, lambda _: {"poolId": nobody.POOL}, v3=missing()),
    Case("remove who is not in it", REMOVE, lambda world: {"accountId": world.internal}),
    Case("delete no pool", DELETE, lambda _: {"poolId": nobody.POOL}),
]


@pytest.mark.parametrize("generation", ["v3", "v2"])
async def test_a_servers_refusals_are_told_with_their_codes(graph: Graph, here: World, generation: str) -> None:
    """As each generation of servers words them. What it takes for done is done."""
    assert await answers(graph, here, CASES) == expected(CASES, generation)


async def test_all_that_is_wrong_is_told_at_once(graph: Graph, here: World) -> None:
    """By the path of each field."""
    given = {"name": " ", "accountIds": [here.internal, "x", here.pool]}

    assert user_errors(await order(graph, CREATE, given)) == [
        ("INVALID", ["name"], None),
        ("INVALID", ["accountIds", "1"], None),
        ("INVALID", ["accountIds", "2"], None),
    ]


async def test_an_account_that_is_named_twice_is_in_the_pool_once(graph: Graph, here: World) -> None:
    """And a lost answer is found all the same."""
    await graph.fault("formance", "/api/payments/pools", method="POST", headers={"content-encoding": "br"})
    made = outcome(await order(graph, CREATE, {**CREATE.input(here), "accountIds": [here.internal, here.internal]}))

    assert ids(made["pool"]) == {here.internal}
    assert len(made["pool"]["accounts"]) == 1


async def test_a_later_mutation_of_the_same_operation_sees_the_change(graph: Graph, here: World) -> None:
    """And so do the pools of an account that an earlier one had read."""
    pools = "pool { accounts { id pools { id } } } userErrors { code }"
    data = await graph.data(
        "mutation($add: PoolAccountInput!, $remove: PoolAccountInput!) {"
        f"  a: addAccountToPool(input: $add) {{ {pools} }} b: removeAccountFromPool(input: $remove) {{ {pools} }} }}",
        add={"poolId": here.pool, "accountId": here.internal, "idempotencyKey": "1"},
        remove={"poolId": here.pool, "accountId": here.members[0], "idempotencyKey": "2"},
    )

    assert ids(data["a"]["pool"]) == {here.internal, *here.members}
    assert ids(data["b"]["pool"]) == {here.internal, *here.members[1:]}
    assert all(here.pool in [pool["id"] for pool in each["pools"]] for each in data["b"]["pool"]["accounts"])
