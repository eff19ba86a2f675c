"""Amounts through the whole app: what a vendor sends comes back digit for digit, and what is no amount is an error."""

import time
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.faults import bodies
from tests.faults.cells import FINICITY, MANY, ONE, PAYMENTS, POOL_BALANCES, QUERY, SMART_BALANCE, customer_id
from tests.faults.live import Live, live

EXACT = ("9007199254740993", "12345678901234567890.12", "-0.01", "0.10", "12345678901234567890")
UNITS = (9007199254740993, 2**63 + 1, -(2**63) - 1, int("1234567890" * 4), 0, 7)
ASSETS = {"JPY/0": 0, "USD/2": 2, "BTC/8": 8, "KWD/3": 3, "JPY": 0}

BALANCES = "/api/payments/accounts/*/balances"
PAGE = """
query ($account: ID!, $pool: ID!, $payment: ID!) {
  account(id: $account) {
    balances { money { ...M } }
    payments(first: 3) { nodes { ...P } }
    ... on PaymentAccount { balanceHistory { nodes { money { ...M } } } }
  }
  pool(id: $pool) {
    balances { money { ...M } }
    then: balances(at: "2026-01-31T12:00:00Z") { money { ...M } }
  }
  payment(id: $payment) { ...P }
  payments(first: 2) { nodes { ...P } }
}
fragment M on Money { amount currency asset minorUnits }
fragment P on Payment { money { ...M } initialMoney { ...M } adjustments { money { ...M } } }
"""


def amounts(found: Any) -> list[dict[str, Any]]:
    """Every `Money` in an answer."""
    if isinstance(found, list):
        return [each for item in found for each in amounts(item)]
    if not isinstance(found, dict):
        return []
    if "minorUnits" in found:
        return [found]
    return [each for item in found.values() for each in amounts(item)]


def told(units: int, asset: str) -> dict[str, Any]:
    """`Money` as a client reads it, by arithmetic on digits alone."""
    decimals = ASSETS[asset]
    digits = str(abs(units)).rjust(decimals + 1, "0")
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    sign = "-" if units < 0 else ""
    return {"amount": sign + text, "currency": asset[:3], "asset": asset, "minorUnits": str(units)}


@pytest.fixture
async def graph(tmp_path: Path) -> AsyncIterator[Live]:
    async with live(tmp_path) as graph:
        yield graph


@pytest.mark.parametrize("amount", EXACT)
async def test_major_units_come_back_digit_for_digit(amount: str, graph: Live) -> None:
    """Every balance of Finicity and Pluggy."""
    await graph.fault("finicity", FINICITY.path, body=bodies.finicity(amount))
    await graph.fault("pluggy", SMART_BALANCE.path.format("*"), times=2, body=bodies.pluggy(amount))
    answer = await graph.ask(QUERY, id=customer_id(MANY))
    assert answer.errors == []
    nodes = answer.data["customer"]["accounts"]["nodes"]
    found = amounts([node["balances"] for node in nodes if node["provider"] != "FORMANCE"])
    assert len(found) == 4 + 2 * 3
    assert {each["amount"] for each in found} == {amount}
    assert {each["minorUnits"] for each in found} == {str(int(Decimal(amount) * 100))}


@pytest.mark.parametrize(("currency", "decimals"), [("JPY", 0), ("KWD", 3), ("USD", 2), ("CLF", 4)])
@pytest.mark.parametrize("amount", EXACT)
async def test_a_currencys_decimals_decide_the_minor_units(
    amount: str, currency: str, decimals: int, graph: Live
) -> None:
    """Null where the vendor sent more decimals than the currency has."""
    await graph.fault("finicity", FINICITY.path, body=bodies.finicity(amount, currency=currency))
    answer = await graph.ask(QUERY, id=customer_id(MANY))
    [account] = [each for each in answer.data["customer"]["accounts"]["nodes"] if each["provider"] == "FINICITY"]
    whole, _, fraction = amount.partition(".")
    fits = len(fraction.rstrip("0")) <= decimals
    minor = str(int(whole + fraction.rstrip("0").ljust(decimals, "0"))) if fits else None
    assert {(each["money"]["amount"], each["money"]["minorUnits"]) for each in account["balances"]} == {(amount, minor)}


async def page(graph: Live, units: int, asset: str) -> Any:
    """Every money field of Formance's, with this amount in all of them."""
    healthy = await graph.data(QUERY, id=customer_id(MANY))
    customer = healthy["customer"]
    account = next(node for node in customer["accounts"]["nodes"] if node["provider"] == "FORMANCE")
    pool, payment = customer["pools"][0]["id"], customer["payments"]["nodes"][0]["id"]
    payment_id = (await graph.data("query ($id: ID!) { payment(id: $id) { providerId } }", id=payment))["payment"]
    number, native_id = str(units), account["providerId"]
    await graph.fault("formance", BALANCES, times=2, body=bodies.account_balances(number, asset=asset))
    await graph.fault("formance", PAYMENTS.path, times=2, body=bodies.payments(number, account=native_id, asset=asset))
    one = bodies.payment(number, account=native_id, asset=asset, id=payment_id["providerId"])
    await graph.fault("formance", PAYMENTS.path + "/*", body=f'{{"data": {one}}}')
    await graph.fault("formance", POOL_BALANCES.path.format("*"), body=bodies.pool_balances(number, asset=asset))
    then = f'{{"data": {{"balances": [{{"asset": "{asset}", "amount": {number}}}]}}}}'
    await graph.fault("formance", "/api/payments/pools/*/balances", body=then)
    return await graph.data(PAGE, account=account["id"], pool=pool, payment=payment)


@pytest.mark.parametrize("asset", ASSETS)
async def test_minor_units_come_back_digit_for_digit(asset: str, graph: Live) -> None:
    """Balances and their history, payments with their initial amounts and adjustments, sums of pools now and then."""
    for units in UNITS:
        found = amounts(await page(graph, units, asset))
        assert found == [told(units, asset)] * (2 + 3 + 2 + 3 + 3)


INVALID = ('"NaN"', '"Infinity"', "1e400", "1E+999999999", "-1E-999999999", "NaN", '"x"', "true", "1" * 5000, "[]")


@pytest.mark.parametrize("amount", INVALID, ids=lambda amount: amount[:16])
async def test_what_is_no_amount_is_an_error_at_once(amount: str, graph: Live) -> None:
    await graph.data(QUERY, id=customer_id(ONE))
    for call in (FINICITY, SMART_BALANCE, POOL_BALANCES):
        await graph.fault("*", call.path.format("*"), times=9, body=call.body(amount))
    started = time.monotonic()
    answer = await graph.ask(QUERY, id=customer_id(ONE))
    assert time.monotonic() - started < 0.5
    causes = {error["extensions"].get("cause", error["extensions"]["code"]) for error in answer.errors}
    operations = {error["extensions"]["operation"] for error in answer.errors}
    assert causes == {"UPSTREAM_INVALID_RESPONSE"}
    assert operations == {FINICITY.operation, SMART_BALANCE.operation, POOL_BALANCES.operation}
    assert amount.strip('"') not in answer.response.text or len(amount) < 5


async def test_one_bad_amount_leaves_the_other_accounts_their_balances(graph: Live) -> None:
    healthy = await graph.data(QUERY, id=customer_id(MANY))
    nodes = healthy["customer"]["accounts"]["nodes"]
    bad = next(node for node in nodes if node["provider"] == "PLUGGY")
    await graph.fault("pluggy", SMART_BALANCE.path.format(bad["providerId"]), body=bodies.pluggy('"NaN"'))
    answer = await graph.ask(QUERY, id=customer_id(MANY))
    assert [error["path"][-1] for error in answer.errors] == ["balances"]
    bad["balances"] = None
    assert answer.data == healthy


async def test_sums_of_such_amounts_are_exact(graph: Live) -> None:
    rows = [
        f'{{"id": "{index}", "type": "checking", "currency": "USD", "balance": {amount}}}'
        for index, amount in enumerate(EXACT)
    ]
    await graph.fault("finicity", FINICITY.path, body=f'{{"accounts": [{", ".join(rows)}]}}')
    await graph.fault("formance", "/api/payments/accounts", body='{"cursor": {"data": []}}')
    query = "query ($id: ID!) { customer(id: $id) { totals { money { amount minorUnits } accountCount isComplete } } }"
    customer = (await graph.data(query, id=customer_id(MANY)))["customer"]
    dollars = {"amount": "24700365001723876773.21", "minorUnits": "2470036500172387677321"}
    assert customer["totals"][-1] == {"money": dollars, "accountCount": 5, "isComplete": True}
