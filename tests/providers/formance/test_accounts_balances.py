"""Balances of accounts: one call each, exact, and each account's failure its own."""

from datetime import timedelta
from decimal import Context, Decimal

import msgspec
import pytest

from providers.domain import BalanceKind, BalanceSource, PageRequest
from providers.errors import Broken, Garbled, Rejected
from providers.operation import Operation
from providers.seed import NOW
from tests.providers.formance.conftest import ACCOUNTS, Rig


def rows(*pairs: tuple[str, object], following: str | None = None) -> str:
    """A page of balances; amounts are written as they are given."""
    data = [{"accountId": "a", "asset": asset, "balance": msgspec.Raw(str(amount).encode())} for asset, amount in pairs]
    cursor = {"hasMore": following is not None, "next": following, "data": data}
    return msgspec.json.encode({"cursor": cursor}).decode()


async def test_balances_are_one_call_for_each_account_in_one_wave(rig: Rig, operation: Operation) -> None:
    refs = rig.accounts(20)
    await rig.auth.headers(operation)
    warm = Operation(timeout=5)

    found = await rig.provider.balances_by_account(refs, warm)

    assert len(rig.reads()) == 20
    assert warm.waves == 1
    for ref in refs:
        newest: dict[str, int] = {}
        for row in rig.state.balances.get(ref.native_id, []):
            newest.setdefault(row.asset, row.amount)
        balances = found[ref]
        assert not isinstance(balances, Exception)
        assert {each.money.asset: each.money.minor_units for each in balances} == newest
        assert all((each.kind, each.source) == (BalanceKind.CURRENT, BalanceSource.POLLING) for each in balances)


async def test_a_long_history_is_read_on_while_it_brings_new_assets(rig: Rig, operation: Operation) -> None:
    ref = rig.accounts(1)[0]
    path = f"{ACCOUNTS}/{ref.native_id}/balances"
    rig.fault(path, body=rows(("USD/2", 5), ("USD/2", 4), following="b"))
    rig.fault(path, body=rows(("USD/2", 3), ("EUR/2", 2), following="c"))
    rig.fault(path, body=rows(("BTC/8", 1), ("EUR/2", 9), following="d"))

    balances = (await rig.provider.balances_by_account([ref], operation))[ref]

    assert not isinstance(balances, Exception)
    assert [(each.money.asset, each.money.minor_units) for each in balances] == [
        ("USD/2", 5),
        ("EUR/2", 2),
        ("BTC/8", 1),
    ]
    assert len(rig.reads()) == 3


async def test_a_long_history_of_one_asset_is_not_read_to_its_end(rig: Rig, operation: Operation) -> None:
    ref = rig.accounts(1)[0]
    rig.fault(f"{ACCOUNTS}/*/balances", times=5, body=rows(("USD/2", 5), following="b"))

    assert len((await rig.provider.balances_by_account([ref], operation))[ref]) == 1  # type: ignore[arg-type]
    assert len(rig.reads()) == 2


@pytest.mark.parametrize("units", [9007199254740993, 2**63, 12345678901234567890123456789, -(2**80), 0])
async def test_amounts_keep_every_digit(rig: Rig, operation: Operation, units: int) -> None:
    ref = rig.accounts(1)[0]
    rig.fault(f"{ACCOUNTS}/*/balances", body=rows(("USD/2", units)))

    balances = (await rig.provider.balances_by_account([ref], operation))[ref]

    assert not isinstance(balances, Exception)
    assert balances[0].money.minor_units == units
    assert balances[0].money.amount == Decimal(units).scaleb(-2, Context(prec=60))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"status": 500}, Broken),
        ({"body": rows(("USD/2", "NaN"))}, Garbled),
        ({"body": rows(("USD/2", "1e400"))}, Garbled),
        ({"body": rows(("USD/99999", 1))}, Garbled),
        ({"body": rows(("USD/2/3", 1))}, Garbled),
        ({"status": 400, "body": '{"errorCode":"VALIDATION"}'}, Rejected),
    ],
)
async def test_a_fault_is_its_own_accounts_only(
    rig: Rig, operation: Operation, fault: dict[str, object], kind: type[Exception]
) -> None:
    refs = rig.accounts(4)
    rig.fault(f"{ACCOUNTS}/{refs[2].native_id}/balances", **fault)

    found = await rig.provider.balances_by_account(refs, operation)

    assert [isinstance(found[ref], Exception) for ref in refs] == [False, False, True, False]
    assert isinstance(found[refs[2]], kind)


async def test_an_id_that_the_server_cannot_read_names_no_account(rig: Rig, operation: Operation) -> None:
    ref = rig.accounts(1)[0]
    rig.fault(f"{ACCOUNTS}/*/balances", status=400, body='{"errorCode":"INVALID_ID"}')
    assert await rig.provider.balances_by_account([ref], operation) == {}


async def test_history_is_narrowed_and_paged_by_the_vendor(rig: Rig, operation: Operation) -> None:
    ref = max(rig.accounts(60), key=lambda each: len(rig.state.balances.get(each.native_id, [])))
    held = rig.state.balances[ref.native_id]
    first = await rig.provider.balance_history(ref, PageRequest("", 1), operation)
    assert [each.money.minor_units for each in first.items] == [held[0].amount]
    assert first.next is not None

    second = await rig.provider.balance_history(ref, PageRequest(first.next, 1), operation)
    assert [each.as_of for each in second.items] == [held[1].last_updated_at]

    asset = held[0].asset
    since, until = NOW - timedelta(days=20), NOW - timedelta(days=2)
    narrowed = await rig.provider.balance_history(
        ref, PageRequest("", 100), operation, asset=asset, since=since, until=until
    )
    assert [each.money.minor_units for each in narrowed.items] == [
        row.amount for row in held if row.asset == asset and row.last_updated_at >= since and row.created_at <= until
    ]


async def test_rows_of_another_account_are_dropped(rig: Rig, operation: Operation) -> None:
    """A cursor is the whole query, the account included, and a caller may bring any."""
    ref = rig.accounts(1)[0]
    rig.fault(f"{ACCOUNTS}/*/balances", body=rows(("USD/2", 5)))
    page = await rig.provider.balance_history(ref, PageRequest("stolen", 10), operation)
    assert page.items == ()
