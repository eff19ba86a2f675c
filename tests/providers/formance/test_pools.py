"""Pools and connectors: which accounts they hold, and their sums at a time and now."""

from datetime import timedelta
from decimal import Decimal

import pytest

from providers.domain import BalanceKind, BalanceSource, PageRequest, PoolBalancesKey, PoolType, ProviderMode
from providers.errors import Broken, Garbled, Rejected, TimedOut
from providers.operation import Operation
from providers.seed import NOW
from tests.providers.formance.conftest import POOLS, Rig, account, pool

LATEST = f"{POOLS}/*/balances/latest"


def missing(rig: Rig, status: int) -> None:
    """The server has no route for the latest balances."""
    rig.fault(LATEST, status=status, body="404 page not found\n", headers={"content-type": "text/plain"})


async def test_pools_by_id_and_by_account_are_one_call(rig: Rig, operation: Operation) -> None:
    pools, accounts = rig.pools(), rig.accounts(20)

    by_ref = await rig.provider.pools_by_ref(pools, operation)
    assert set(by_ref) == set(pools)
    assert rig.reads() == [POOLS]

    by_account = await rig.provider.pools_by_account(accounts, operation)
    assert rig.reads() == [POOLS]
    for ref in accounts:
        found = by_account[ref]
        assert not isinstance(found, Exception)
        holding = {row.id for row in rig.state.pools.values() if ref.native_id in row.accounts}
        assert {each.provider_id for each in found} == holding
        assert len(found) == len(holding)


async def test_one_pool_is_got_and_an_unknown_one_left_out(rig: Rig, operation: Operation) -> None:
    one = rig.pools()[0]
    found = (await rig.provider.pools_by_ref([one], operation))[one]
    assert not isinstance(found, Exception)
    assert (found.type, [ref.native_id for ref in found.account_refs]) == (
        PoolType.STATIC,
        rig.state.pools[one.native_id].accounts,
    )

    unknown = pool("00000000-0000-4000-8000-000000000000")
    assert await rig.provider.pools_by_ref([unknown], operation) == {}
    assert set(await rig.provider.pools_by_ref([unknown, one], operation)) == {one}
    assert await rig.provider.pool_balances([PoolBalancesKey(unknown)], operation) == {}


async def test_impossible_ids_cost_no_call(rig: Rig, operation: Operation) -> None:
    shouted = pool(rig.pools()[0].native_id.upper())
    assert await rig.provider.pools_by_ref([pool("x"), shouted], operation) == {}
    assert await rig.provider.pool_balances([PoolBalancesKey(pool("x"))], operation) == {}
    assert await rig.provider.pools_by_account([account("x")], operation) == {account("x"): ()}
    assert rig.paths() == []


async def test_a_list_pages(rig: Rig, operation: Operation) -> None:
    first = await rig.provider.list_pools(PageRequest("", 10), operation)
    assert first.next is not None
    second = await rig.provider.list_pools(PageRequest(first.next, 10), operation)
    assert {each.ref for each in first.items + second.items} == set(rig.pools())


async def test_twelve_pools_balances_are_twelve_calls_in_one_wave(rig: Rig, operation: Operation) -> None:
    keys = [PoolBalancesKey(ref) for ref in rig.pools()]
    await rig.auth.headers(operation)
    warm = Operation(timeout=5)

    found = await rig.provider.pool_balances(keys, warm)

    assert set(found) == set(keys)
    assert len(rig.reads()) == 12
    assert warm.waves == 1
    for key, sums in found.items():
        assert not isinstance(sums, Exception)
        newest: dict[tuple[str, str], int] = {}
        for holder in rig.state.pools[key.pool.native_id].accounts:
            for row in rig.state.balances[holder]:
                newest.setdefault((holder, row.asset), row.amount)
        expected: dict[str, int] = {}
        for (_, asset), amount in newest.items():
            expected[asset] = expected.get(asset, 0) + amount
        assert {each.money.asset: each.money.minor_units for each in sums} == expected
        assert all((each.kind, each.source) == (BalanceKind.TOTAL, BalanceSource.SUM) for each in sums)


async def test_sums_at_a_time_are_of_that_time(rig: Rig, operation: Operation) -> None:
    at = NOW - timedelta(days=1)
    key = PoolBalancesKey(rig.pools()[0], at)

    sums = (await rig.provider.pool_balances([key], operation))[key]

    assert not isinstance(sums, Exception)
    assert {each.as_of for each in sums} == {at}
    assert rig.reads() == [f"{POOLS}/{key.pool.native_id}/balances"]


@pytest.mark.parametrize("status", [404, 405])
async def test_a_server_without_latest_balances_is_asked_for_those_of_now(
    v3: Rig, operation: Operation, status: int
) -> None:
    one, other = (PoolBalancesKey(ref) for ref in v3.pools()[:2])
    missing(v3, status)

    assert isinstance((await v3.provider.pool_balances([one], operation))[one], list)
    assert [path.rpartition("/")[2] for path in v3.reads()] == ["latest", "balances"]

    await v3.provider.pool_balances([other], operation)
    assert [path.rpartition("/")[2] for path in v3.reads()] == ["balances"]


async def test_amounts_beyond_64_bits_keep_every_digit(rig: Rig, operation: Operation) -> None:
    key = PoolBalancesKey(rig.pools()[0])
    rig.fault(LATEST, body='{"data":[{"asset":"BTC/8","amount":1234567890123456789012},{"asset":"JPY","amount":-7}]}')

    sums = (await rig.provider.pool_balances([key], operation))[key]

    assert not isinstance(sums, Exception)
    assert [each.money.amount for each in sums] == [Decimal("12345678901234.56789012"), Decimal(-7)]


@pytest.mark.parametrize("body", ['{"data":null}', '{"data":[]}', '{"data":{"balances":null}}'])
async def test_a_pool_without_money_has_no_sums(rig: Rig, operation: Operation, body: str) -> None:
    key = PoolBalancesKey(rig.pools()[0])
    rig.fault(LATEST, body=body)
    assert await rig.provider.pool_balances([key], operation) == {key: []}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"status": 500}, Broken),
        ({"body": "<html>"}, Garbled),
        ({"body": '{"data":[{"asset":"USD/2","amount":NaN}]}'}, Garbled),
        ({"body": '{"data":[{"asset":"USD/2","amount":1.5}]}'}, Garbled),
        ({"body": '{"data":[{"asset":"USD/x","amount":1}]}'}, Garbled),
        ({"status": 400, "body": '{"errorCode":"VALIDATION"}'}, Rejected),
    ],
)
async def test_a_fault_is_its_own_pools_only(
    rig: Rig, operation: Operation, fault: dict[str, object], kind: type[Exception]
) -> None:
    keys = [PoolBalancesKey(ref) for ref in rig.pools()[:4]]
    rig.fault(f"{POOLS}/{keys[1].pool.native_id}/balances/latest", **fault)

    found = await rig.provider.pool_balances(keys, operation)

    assert [isinstance(found[key], Exception) for key in keys] == [False, True, False, False]
    assert isinstance(found[keys[1]], kind)


async def test_a_failed_list_is_the_failure_of_all_who_asked_for_it(rig: Rig, operation: Operation) -> None:
    rig.fault(POOLS, times=2, status=500)
    by_ref = await rig.provider.pools_by_ref(rig.pools()[:2], operation)
    by_account = await rig.provider.pools_by_account(rig.accounts(2), operation)

    assert {type(outcome) for outcome in [*by_ref.values(), *by_account.values()]} == {Broken}
    one = rig.pools()[0]
    rig.fault(f"{POOLS}/{one.native_id}", status=500)
    assert isinstance((await rig.provider.pools_by_ref([one], operation))[one], Broken)


async def test_nothing_is_asked_after_the_deadline(rig: Rig) -> None:
    late = Operation(timeout=0)
    key = PoolBalancesKey(rig.pools()[0])
    assert isinstance((await rig.provider.pool_balances([key], late))[key], TimedOut)


async def test_connectors_are_one_call(rig: Rig, operation: Operation) -> None:
    connectors = await rig.provider.list_connectors(operation)

    assert {each.provider_id for each in connectors} == set(rig.state.connectors)
    assert all(each.provider_name == each.provider_name.upper() and each.is_enabled for each in connectors)
    assert len(rig.reads()) == 1


async def test_a_probe_tells_the_versions_and_whether_the_token_is_taken(rig: Rig, operation: Operation) -> None:
    modules = await rig.provider.probe(operation)
    assert [module.name for module in modules] == sorted(module.name for module in modules)
    assert {module.name for module in modules} >= {"auth", "payments"}
    assert rig.provider.mode is ProviderMode.SANDBOX

    rig.fault("/versions", status=404)
    assert await rig.provider.probe(operation) == ()

    rig.fault(POOLS, status=500)
    with pytest.raises(Broken):
        await rig.provider.probe(operation)
    await rig.provider.aclose()
