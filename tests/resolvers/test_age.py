"""What is kept between operations: fewer calls, the same answers, and nothing from before a write or beyond its age."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.access.callers import Caller, bound
from tests.conftest import Graph, Start, running
from tests.faults.live import at, live
from tests.resolvers.asking import codes, node_ids, only_error, person
from tests.resolvers.orders.row import order, outcome, world
from tests.resolvers.orders.rows_pools import ADD, CREATE, ids
from tests.resolvers.orders.test_smart_accounts import create as open_account
from tests.tokens import SETTINGS

KEPT = {"CACHE_CONNECTORS_SECONDS": "60", "CACHE_POOLS_SECONDS": "60", "CACHE_DIRECTORY_SECONDS": "60"}
SLOW = """{
  connectors { nodes { id name fetchedAt settings { name } } }
  pools { nodes { id name fetchedAt } }
  connectorTypes: availableConnectors { providerName }
}"""
BALANCES = """
query($id: ID!, $age: Int) {
  account(id: $id) { balances(maxAge: $age) { kind money { amount } asOf fetchedAt source } }
}
"""
SUMS = "query($id: ID!, $age: Int) { pool(id: $id) { balances(maxAge: $age) { money { amount asset } fetchedAt } } }"
OF = {"PLUGGY": "smart_account_balance_retrieve", "FORMANCE": "get_account_balances"}


@pytest.fixture
async def keeping(start: Start) -> AsyncIterator[Graph]:
    """Tributary over sandboxes that keeps what it may."""
    async with start(**KEPT) as graph:
        yield graph


async def first_of(graph: Graph, provider: str) -> str:
    """An account of a provider that has balances."""
    found = await graph.data(
        f"{{ accounts(provider: {provider}, first: 20) {{ nodes {{ id balances {{ kind }} }} }} }}"
    )
    return next(str(each["id"]) for each in found["accounts"]["nodes"] if each["balances"])


async def read(graph: Graph, document: str, id: str, age: int | None) -> tuple[Any, dict[str, int]]:
    """The balances, and the calls that they took."""
    answer = await graph.ask(document, id=id, age=age)
    assert answer.errors == []
    [parent] = answer.data.values()
    calls = {name: times for name, times in answer.by_operation().items() if "balance" in name}
    return parent["balances"], calls


async def test_what_changes_slowly_is_asked_for_once(keeping: Graph) -> None:
    """The second answer is the first to the letter, `fetchedAt` included, and its trace shows no call."""
    first = await keeping.ask(SLOW)
    second = await keeping.ask(SLOW)

    assert first.errors == second.errors == []
    assert second.data == first.data
    assert {"list_all_connectors", "list_pools", "list_configs_available_connectors"} < set(first.by_operation())
    assert second.extensions["upstream"]["calls"] == []
    assert second.extensions["upstream"]["totals"]["waves"] == 0


async def test_sandboxes_are_asked_each_time_unless_it_is_said_otherwise(graph: Graph) -> None:
    first, second = await graph.ask(SLOW), await graph.ask(SLOW)

    assert second.by_operation() == first.by_operation()


async def test_live_vendors_are_asked_once_without_a_word(tmp_path: Path) -> None:
    """By default: `live` sets it to 0, which is undone here."""
    async with live(tmp_path, **dict.fromkeys(KEPT, "")) as graph:
        await graph.ask(SLOW)
        await graph.forget_calls()
        again = await graph.ask(SLOW)
        received = await graph.calls()

    assert again.errors == []
    assert received == []


async def test_a_pool_that_is_made_shows_at_once(keeping: Graph) -> None:
    """And so in what follows."""
    here = await world(keeping)
    await keeping.ask(SLOW)
    made = outcome(await order(keeping, CREATE, CREATE.input(here)))["pool"]
    listed, again = await keeping.ask(SLOW), await node_ids(keeping, "pools")

    assert made["id"] in {each["id"] for each in listed.data["pools"]["nodes"]}
    assert made["id"] in again


async def test_a_mutation_shows_what_the_vendor_has_now(tmp_path: Path) -> None:
    """Also one whose key was used at another replica, with which this one shares the database alone."""
    kept = {"CACHE_POOLS_SECONDS": "60"}
    pool = "query($id: ID!) { pool(id: $id) { accounts { id } } }"
    async with live(tmp_path, **kept) as one:
        here = await world(one)
        async with running(tmp_path / "directory.sqlite3", **{**at(one.url), **kept}) as other:
            before = (await other.data(pool, id=here.pool))["pool"]
            outcome(await order(one, ADD, ADD.input(here)))
            old = (await other.data(pool, id=here.pool))["pool"]
            shown = outcome(await order(other, ADD, ADD.input(here)))["pool"]

    assert old == before
    assert ids(shown) == ids(before) | {here.internal}


async def test_an_account_that_is_opened_belongs_to_its_customer_at_once(keeping: Graph, tmp_path: Path) -> None:
    """Its link is the directory's own; one that is removed by hand stays for the while."""
    accounts = "query($id: ID!) { customer(id: $id) { accounts(provider: PLUGGY) { nodes { id } } } }"
    before = (await keeping.data(accounts, id=person(0)))["customer"]["accounts"]["nodes"]
    opened = outcome(await open_account(keeping, customerId=person(0)))["account"]
    after = (await keeping.data(accounts, id=person(0)))["customer"]["accounts"]["nodes"]
    with sqlite3.connect(tmp_path / "directory.sqlite3") as database:
        database.execute("DELETE FROM links")
    later = (await keeping.data(accounts, id=person(0)))["customer"]["accounts"]["nodes"]

    assert opened["customer"] == {"id": person(0)}
    assert {each["id"] for each in after} == {*(each["id"] for each in before), opened["id"]}
    assert later == after


@pytest.mark.parametrize("provider", ["PLUGGY", "FORMANCE"])
async def test_balances_may_be_as_old_as_the_query_says(graph: Graph, provider: str) -> None:
    """Also over sandboxes. `fetchedAt` is when the provider answered; without an age it is asked again."""
    account, one_call = await first_of(graph, provider), {OF[provider]: 1}
    first = await read(graph, BALANCES, account, 60)
    kept = await read(graph, BALANCES, account, 60)
    anew = [await read(graph, BALANCES, account, age) for age in (None, 0)]

    assert first[0]
    assert (first[1], kept[1]) == (one_call, {})
    assert kept[0] == first[0]
    for balances, calls in anew:
        assert calls == one_call
        assert [each["money"] for each in balances] == [each["money"] for each in first[0]]
        assert min(each["fetchedAt"] for each in balances) > max(each["fetchedAt"] for each in first[0])


async def test_balances_that_are_too_old_are_read_anew(graph: Graph) -> None:
    account = await first_of(graph, "PLUGGY")
    first = await read(graph, BALANCES, account, 60)
    await asyncio.sleep(1.05)
    anew, kept = await read(graph, BALANCES, account, 1), await read(graph, BALANCES, account, 1)

    assert anew[1] == {OF["PLUGGY"]: 1}
    assert anew[0][0]["fetchedAt"] > first[0][0]["fetchedAt"]
    assert kept == (anew[0], {})


async def test_a_pools_sum_may_be_as_old_as_the_query_says(graph: Graph) -> None:
    """At each time one of its own."""
    [pool, *_] = await node_ids(graph, "pools")
    first, kept, anew = [await read(graph, SUMS, pool, age) for age in (60, 60, None)]
    at = SUMS.replace("maxAge: $age", 'maxAge: $age, at: "2026-10-01T00:00:00Z"')
    earlier = [await read(graph, at, pool, 60) for _ in "ab"]

    assert kept == (first[0], {})
    assert first[1] == anew[1] == {"get_pool_balances_latest": 1}
    assert [calls for _, calls in earlier] == [{"get_pool_balances": 1}, {}]
    assert earlier[0][0] == earlier[1][0]


async def test_fields_of_one_operation_may_differ_in_age(graph: Graph) -> None:
    """Each gets what it asked for, at the same time."""
    account = await first_of(graph, "PLUGGY")
    await read(graph, BALANCES, account, 60)
    answer = await graph.ask(
        f'{{ account(id: "{account}") {{ old: balances(maxAge: 60) {{ fetchedAt }} new: balances {{ fetchedAt }} }} }}'
    )

    assert answer.by_operation() == {"smart_account_retrieve": 1, OF["PLUGGY"]: 1}
    assert answer.data["account"]["old"][0]["fetchedAt"] < answer.data["account"]["new"][0]["fetchedAt"]


async def test_finicitys_balances_come_with_their_account_whatever_the_age(graph: Graph) -> None:
    account = await first_of(graph, "FINICITY")
    first, second = [await graph.ask(BALANCES, id=account, age=60) for _ in "ab"]

    assert len(first.reads) == len(second.reads) == 1
    assert first.data["account"]["balances"][0]["fetchedAt"] < second.data["account"]["balances"][0]["fetchedAt"]


@pytest.mark.parametrize("age", [-1, 3601])
@pytest.mark.parametrize("provider", ["FINICITY", "PLUGGY", "pool"])
async def test_an_age_that_is_none_is_the_clients_mistake(graph: Graph, provider: str, age: int) -> None:
    """Wherever the balances come from."""
    if provider == "pool":
        answer = await graph.ask(SUMS, id=(await node_ids(graph, "pools"))[0], age=age)
    else:
        answer = await graph.ask(BALANCES, id=await first_of(graph, provider), age=age)

    assert codes(answer) == ["BAD_USER_INPUT"]
    assert "3600" in only_error(answer)["message"]
    assert not [name for name in answer.by_operation() if "balance" in name]


async def test_the_oldest_age_is_taken(graph: Graph) -> None:
    account = await first_of(graph, "PLUGGY")

    assert [(await read(graph, BALANCES, account, 3600))[1] for _ in "ab"] == [{OF["PLUGGY"]: 1}, {}]


async def test_the_operator_may_keep_no_balances(start: Start) -> None:
    async with start(CACHE_BALANCES_SECONDS="0") as graph:
        account = await first_of(graph, "PLUGGY")
        calls = [(await read(graph, BALANCES, account, 60))[1] for _ in "ab"]

    assert calls == [{OF["PLUGGY"]: 1}] * 2


async def test_a_failure_is_told_to_one_operation_alone(graph: Graph) -> None:
    """And what was kept is given while the provider fails."""
    account = await first_of(graph, "PLUGGY")
    await graph.fault("pluggy", "*/balance", status=500, times=1)
    failed = await graph.ask(BALANCES, id=account, age=60)
    good = await read(graph, BALANCES, account, 60)
    await graph.fault("pluggy", "*/balance", status=500, times=9)
    kept = await read(graph, BALANCES, account, 60)
    anew = await graph.ask(BALANCES, id=account)

    assert codes(failed) == ["UPSTREAM_UNAVAILABLE"]
    assert good[1] == {OF["PLUGGY"]: 1}
    assert kept == (good[0], {})
    assert codes(anew) == ["UPSTREAM_UNAVAILABLE"]


async def test_a_write_ends_what_is_kept_of_balances_too(graph: Graph) -> None:
    """Of its provider; another's stay."""
    smart, payment = await first_of(graph, "PLUGGY"), await first_of(graph, "FORMANCE")
    for account in (smart, payment):
        await read(graph, BALANCES, account, 60)
    outcome(await order(graph, CREATE, CREATE.input(await world(graph))))

    assert (await read(graph, BALANCES, payment, 60))[1] == {OF["FORMANCE"]: 1}
    assert (await read(graph, BALANCES, smart, 60))[1] == {}


async def test_what_is_kept_opens_nothing_to_who_may_not_see_it(start: Start) -> None:
    """A bound caller asks for what another one's question has left: it is looked at who asks each time."""
    async with start(**SETTINGS, **KEPT, RATE_LIMIT="off") as graph:
        everybody = Caller(graph.client)
        theirs = "query($id: ID!) { customer(id: $id) { accounts { nodes { id balances(maxAge: 60) { kind } } } } }"
        accounts = (await everybody.data(theirs, id=person(1)))["customer"]["accounts"]["nodes"]
        pools = await node_ids(everybody, "pools")
        await everybody.data(SLOW)
        for pool in pools:
            await read(everybody, SUMS, pool, 60)
        stranger = bound(graph, 0)
        seen = [(await stranger.ask(BALANCES, id=each["id"], age=60)).data for each in accounts]
        connectors = (await stranger.data("{ connectors { nodes { id } } }"))["connectors"]["nodes"]
        sums = [await stranger.ask(SUMS, id=pool, age=60) for pool in pools]

    assert accounts
    assert seen == [{"account": None}] * len(accounts)
    assert connectors == []
    assert {tuple(codes(answer)) for answer in sums if answer.data["pool"]} <= {(), ("FORBIDDEN",)}
    whole = [answer for answer in sums if answer.data["pool"] and answer.data["pool"]["balances"] is not None]
    assert all("get_pool_balances_latest" in answer.by_operation() for answer in whole)
