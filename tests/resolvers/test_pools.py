"""Pools: their members, their sums now and at a time, and the way from an account to them."""

import re

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.asking import codes, person


@pytest.mark.parametrize("generation", ["v3", "v2"])
async def test_pools_and_accounts_name_each_other(start: Start, generation: str) -> None:
    """From pools to members and from members to pools, the same pairs."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        data = await graph.data(
            "{ pools { nodes { id type accounts { id } } } accounts(provider: FORMANCE, first: 100) "
            "{ nodes { id pools { id } } } }"
        )
    down = {(pool["id"], member["id"]) for pool in data["pools"]["nodes"] for member in pool["accounts"]}
    up = {(pool["id"], account["id"]) for account in data["accounts"]["nodes"] for pool in account["pools"]}

    assert up <= down
    assert len(up) > 20
    assert {pool["type"] for pool in data["pools"]["nodes"]} == {"STATIC"}


async def test_a_customers_pools_are_those_of_its_accounts_by_name(warm: Graph) -> None:
    """Each once, although several accounts may be in it."""
    customer = (
        await warm.data(
            f'{{ customer(id: "{person(0)}") {{ pools {{ id name }}'
            "  accounts(provider: FORMANCE) { nodes { pools { id name } } } } }"
        )
    )["customer"]
    of_accounts = {pool["id"]: pool for account in customer["accounts"]["nodes"] for pool in account["pools"]}

    assert customer["pools"] == sorted(of_accounts.values(), key=lambda pool: pool["name"])


async def test_sums_at_a_time_are_another_reading_than_the_latest(warm: Graph) -> None:
    """Each wish for a time is one call; the same time twice, in any offset, is one."""
    pool = (await warm.data("{ pools { nodes { id } } }"))["pools"]["nodes"][0]["id"]
    answer = await warm.ask(
        f'{{ pool(id: "{pool}") {{ latest: balances {{ kind money {{ asset }} asOf }}'
        '  then: balances(at: "2026-10-31T00:00:00Z") { asOf }'
        '  same: balances(at: "2026-10-30T21:00:00-03:00") { asOf }'
        '  later: balances(at: "2100-01-01T00:00:00Z") { asOf } } }'
    )

    assert answer.errors == []
    assert {balance["kind"] for balance in answer.data["pool"]["latest"]} == {"TOTAL"}
    assert {balance["asOf"] for balance in answer.data["pool"]["then"]} <= {"2026-10-31T00:00:00Z"}
    assert answer.data["pool"]["same"] == answer.data["pool"]["then"]
    assert answer.data["pool"]["later"] == []
    assert answer.by_operation() == {"get_pool": 1, "get_pool_balances_latest": 1, "get_pool_balances": 2}


async def test_a_pool_at_a_time_without_an_offset_is_the_clients_mistake(warm: Graph) -> None:
    """As for every time."""
    answer = await warm.client.post(
        "/graphql", json={"query": '{ pools { nodes { balances(at: "2026-10-31T00:00:00") { asOf } } } }'}
    )

    [error] = answer.json()["errors"]
    assert re.search("offset from UTC", error["message"])
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_a_member_that_vanished_is_left_out(warm: Graph) -> None:
    """Without an error: the pool still names an account that the server has deleted."""
    empty = '{"cursor":{"pageSize":100,"hasMore":false,"data":[]}}'
    await warm.fault("formance", "/api/payments/accounts", status=200, body=empty, times=9)
    answer = await warm.ask("{ pools { nodes { accounts { id } } } }")

    assert answer.errors == []
    assert answer.data["pools"]["nodes"] == [{"accounts": []}] * 12


async def test_one_pools_sums_fail_alone(warm: Graph) -> None:
    """One of twelve."""
    await warm.fault("formance", "/api/payments/pools/*", status=400, body="{}")
    answer = await warm.ask("{ pools { nodes { balances { kind } } } }")

    assert codes(answer) == ["UPSTREAM_REJECTED"]
    assert [pool["balances"] is None for pool in answer.data["pools"]["nodes"]].count(True) == 1
