"""A customer's money for each currency: exact, of its own accounts only, and honest about what could not be read."""

from collections import defaultdict
from decimal import Context, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import money
from tests.conftest import Graph
from tests.resolvers.asking import codes, only_error, person

TOTALS = "totals { money { amount currency asset minorUnits } accountCount isComplete }"
QUERY = f"""
query($id: ID!) {{
  customer(id: $id) {{
    {TOTALS}
    accounts {{ nodes {{ id kind balances {{ kind money {{ amount currency asset }} }} }} }}
  }}
}}
"""
DEBTS = {"CREDIT_CARD", "LINE_OF_CREDIT", "LOAN", "MORTGAGE", "STUDENT_LOAN"}
EXACT = Context(prec=400)


def summed(accounts: list[dict[str, Any]]) -> dict[str, tuple[Decimal, int]]:
    """What a careful reader of the accounts would add up."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    holders: dict[str, set[str]] = defaultdict(set)
    for account in accounts:
        if account["kind"] in DEBTS or account["kind"] == "EXTERNAL":
            continue
        for asset in {balance["money"]["asset"] for balance in account["balances"]}:
            kinds = {b["kind"]: b["money"] for b in account["balances"] if b["money"]["asset"] == asset}
            amount = kinds.get("CURRENT") or kinds.get("CLEARED")
            if amount:
                sums[amount["currency"]] = EXACT.add(sums[amount["currency"]], Decimal(amount["amount"]))
                holders[amount["currency"]].add(account["id"])
    return {currency: (amount, len(holders[currency])) for currency, amount in sums.items()}


async def test_totals_are_the_sums_of_every_customers_accounts(warm: Graph) -> None:
    """Debts are left out; each currency is summed alone, whatever asset its amounts are in."""
    seen: set[str] = set()
    for index in range(25):
        customer = (await warm.data(QUERY, id=person(index)))["customer"]
        expected = summed(customer["accounts"]["nodes"])
        seen |= expected.keys()

        assert [total["money"]["currency"] for total in customer["totals"]] == sorted(expected)
        for total in customer["totals"]:
            amount, holders = expected[total["money"]["currency"]]
            assert Decimal(total["money"]["amount"]) == amount
            assert total["accountCount"] == holders
            assert total["isComplete"] is True
    assert seen >= {"USD", "CAD", "BRL", "EUR", "JPY", "BTC", "GBP", "KWD"}


async def test_totals_cost_no_more_than_balances(warm: Graph) -> None:
    """Nothing is read twice for them, and nothing is read of debts."""
    answer = await warm.ask(QUERY, id=person(0))
    alone = await warm.ask(f'{{ customer(id: "{person(0)}") {{ {TOTALS} }} }}')

    assert answer.by_operation() == alone.by_operation()
    assert alone.by_operation()["get_account_balances"] == 3


def balances_of(*amounts: tuple[str, str]) -> str:
    """A page of the payments server with these balances, newest first."""
    rows = ",".join(
        f'{{"accountId":null,"createdAt":"2026-10-01T00:00:00Z","lastUpdatedAt":"2026-11-01T00:00:00Z",'
        f'"currency":"{asset}","asset":"{asset}","balance":{amount}}}'
        for amount, asset in amounts
    )
    return f'{{"cursor":{{"pageSize":100,"hasMore":false,"data":[{rows}]}}}}'


async def test_amounts_of_forty_digits_are_summed_to_the_last_one(warm: Graph) -> None:
    """Also assets without decimals and with eight, and those that are beyond 64 bits."""
    huge = "1234567890123456789012345678901234567891"
    body = balances_of((huge, "USD/2"), ("9007199254740993", "JPY"), ("18446744073709551617", "BTC/8"))
    await warm.fault("formance", "*/balances", status=200, body=body, times=3)
    answer = await warm.ask(f'{{ customer(id: "{person(3)}") {{ {TOTALS} }} }}')
    totals = {total["money"]["currency"]: total for total in answer.data["customer"]["totals"]}
    count = totals["JPY"]["accountCount"]

    assert answer.errors == []
    assert count >= 2
    assert totals["USD"]["money"]["minorUnits"] == str(int(huge) * count)
    assert totals["USD"]["money"]["amount"] == f"{int(huge) * count}"[:-2] + "." + f"{int(huge) * count}"[-2:]
    assert totals["JPY"]["money"]["amount"] == str(9007199254740993 * count)
    assert totals["BTC"]["money"]["minorUnits"] == str(18446744073709551617 * count)


async def test_an_amount_finer_than_its_currency_keeps_its_digits_in_the_sum(warm: Graph) -> None:
    """Then there is no whole number of minor units to give."""
    body = (
        '{"lastUpdatedAt":"2026-11-01T00:00:00Z","balance":12345678901234567890.125,'
        '"blockedBalance":0,"scheduledBalance":0}'
    )
    await warm.fault("pluggy", "*/balance", status=200, body=body, times=1)
    totals = (await warm.data(f'{{ customer(id: "{person(3)}") {{ {TOTALS} }} }}'))["customer"]["totals"]
    [real] = [total["money"] for total in totals if total["money"]["currency"] == "BRL"]

    assert real["amount"].endswith("5")
    assert Decimal(real["amount"]) >= Decimal("12345678901234567890.125")
    assert real["minorUnits"] is None


@pytest.mark.parametrize(
    ("vendor", "path", "counts"),
    [
        ("formance", "/api/payments/*", {"USD", "BRL"}),
        ("formance", "*/balances", {"USD", "BRL"}),
        ("pluggy", "/payments/*", {"USD", "EUR", "JPY"}),
        ("pluggy", "*/balance", {"USD", "EUR", "JPY"}),
        ("finicity", "/aggregation/v1/*", {"USD", "EUR", "JPY", "BRL"}),
    ],
)
async def test_totals_without_a_part_say_so(warm: Graph, vendor: str, path: str, counts: set[str]) -> None:
    """Every sum tells that something may be missing, and `errors` has one entry with the path of the totals."""
    await warm.fault(vendor, path, status=503, times=100)
    answer = await warm.ask(f'{{ customer(id: "{person(0)}") {{ name {TOTALS} }} }}')
    error = only_error(answer)

    assert {total["money"]["currency"] for total in answer.data["customer"]["totals"]} == counts
    assert {total["isComplete"] for total in answer.data["customer"]["totals"]} == {False}
    assert error["path"] == ["customer", "totals"]
    assert codes(answer) == ["PARTIAL_RESULT"]
    assert {problem["provider"] for problem in error["extensions"]["problems"]} == {vendor.upper()}


async def test_a_customer_without_accounts_has_no_totals(start: Any) -> None:
    """An empty list, not null: it is known that there is nothing."""
    async with start(FINICITY_MODE="off", PLUGGY_MODE="off") as graph:
        totals = await graph.data(f'{{ customer(id: "{person(6)}") {{ {TOTALS} }} }}')

    assert totals == {"customer": {"totals": []}}


@given(st.lists(st.tuples(st.integers(-(10**60), 10**60), st.sampled_from(["USD/2", "USD/4", "USD"])), min_size=1))
def test_a_sum_is_exact_over_assets_of_one_currency(parts: list[tuple[int, str]]) -> None:
    """It is told in the finest of the assets."""
    amounts = [money.from_minor(units, asset) for units, asset in parts]
    exponents = {"USD": 0, "USD/2": 2, "USD/4": 4}
    total = money.total(amounts)

    assert total.minor_units is not None
    assert total.minor_units * 10 ** (4 - exponents[total.asset]) == sum(
        units * 10 ** (4 - exponents[asset]) for units, asset in parts
    )


async def test_an_account_with_other_balances_only_is_in_no_sum(warm: Graph) -> None:
    """What is available or blocked says nothing of how much is there."""
    account = (
        '{"id":"1","number":"1","name":"n","type":"checking","status":"active","customerId":"5026900000",'
        '"currency":"USD","detail":{"availableBalanceAmount":5.00}}'
    )
    await warm.fault("finicity", "*/accounts", status=200, body=f'{{"accounts":[{account}]}}')
    customer = (await warm.data(QUERY, id=person(0)))["customer"]
    [checking] = [each for each in customer["accounts"]["nodes"] if each["kind"] == "CHECKING"][:1]

    assert {balance["kind"] for balance in checking["balances"]} == {"AVAILABLE"}
    assert {total["money"]["currency"]: total["accountCount"] for total in customer["totals"]}["USD"] == 1
