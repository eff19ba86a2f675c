"""Any amount of any asset, from a vendor's bytes to the client's: properties over examples that are drawn."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.domain import Money
from providers.finicity import models as finicity_models
from providers.finicity import translate as finicity
from providers.formance import models as formance_models
from providers.formance import translate as formance
from providers.pluggy import models as pluggy_models
from providers.pluggy import translate as pluggy
from schema.scalars import SCALARS, BigInt
from schema.scalars import Decimal as DecimalScalar
from tests.faults import bodies
from tests.faults.cells import FINICITY, MANY, QUERY, customer_id
from tests.faults.live import Live, in_process

NOW = datetime(2026, 1, 31, tzinfo=UTC)
BALANCES = "/api/payments/accounts/*/balances"

units = st.integers(min_value=-(10**60), max_value=10**60)
decimals = st.integers(min_value=0, max_value=18)
codes = st.from_regex(r"[A-Z][A-Z0-9_]{2,9}", fullmatch=True)


def written(number: int, places: int) -> str:
    """A whole number with a point before its last places, by moving digits alone."""
    digits = str(abs(number)).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def told(money: Money) -> tuple[str, str | None]:
    """The amount and the minor units as a client reads them."""
    amount, minor = SCALARS[DecimalScalar].serialize, SCALARS[BigInt].serialize
    assert amount is not None
    assert minor is not None
    return amount(money.amount), None if money.minor_units is None else minor(money.minor_units)


@given(units, decimals, codes)
def test_formances_units_are_told_digit_for_digit(number: int, places: int, code: str) -> None:
    asset = f"{code}/{places}"
    raw = msgspec.json.decode(
        f'{{"asset": "{asset}", "balance": {number}}}', type=formance_models.AccountBalance, strict=True
    )
    balance = formance.balance(raw, fetched_at=NOW)
    assert told(balance.money) == (written(number, places), str(number))
    assert (balance.money.currency, balance.money.asset) == (code, asset)


@given(units, decimals)
def test_finicitys_and_pluggys_amounts_are_told_digit_for_digit(number: int, places: int) -> None:
    text = written(number, places)
    if Decimal(text) == 0:
        text = text.removeprefix("-")
    accounts = msgspec.json.decode(bodies.finicity(text), type=finicity_models.CustomerAccounts).accounts or []
    [account] = [finicity.account(raw, customer_id="1", fetched_at=NOW) for raw in accounts]
    smart = pluggy.balances(
        msgspec.json.decode(bodies.pluggy(text), type=pluggy_models.SmartAccountBalance), fetched_at=NOW
    )
    balances = [*(account.known_balances or ()), *smart]
    whole, _, fraction = text.partition(".")
    fits = not fraction[2:].strip("0")
    minor = str(int(whole + fraction[:2].ljust(2, "0"))) if fits else None
    assert [told(balance.money) for balance in balances] == [(text, minor)] * 7


def test_any_amounts_come_back_digit_for_digit_through_the_app(tmp_path: Path) -> None:
    async def check(graph: Live, numbers: list[tuple[int, int]], code: str) -> None:
        texts = [written(number, places) for number, places in numbers]
        rows = [
            f'{{"id": "{index + 100}", "type": "checking", "currency": "USD", "balance": {text}}}'
            for index, text in enumerate(texts)
        ]
        await graph.fault("finicity", FINICITY.path, body=f'{{"accounts": [{", ".join(rows)}]}}')
        [(number, places), *_] = numbers
        asset = f"{code}/{places}"
        await graph.fault("formance", BALANCES, times=3, body=bodies.account_balances(str(number), asset=asset))
        nodes = (await graph.data(QUERY, id=customer_id(MANY)))["customer"]["accounts"]["nodes"]
        found: dict[str, list[Any]] = {}
        for node in nodes:
            found.setdefault(node["provider"], []).extend(each["money"] for each in node["balances"])
        assert [money["amount"] for money in found["FINICITY"]] == texts
        assert [(money["amount"], money["minorUnits"], money["asset"]) for money in found["FORMANCE"]] == [
            (texts[0], str(number), asset)
        ] * 3

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        graph = runner.run(stack.enter_async_context(in_process(tmp_path)))

        @settings(max_examples=15, deadline=None)
        @given(st.lists(st.tuples(units.filter(bool), decimals), min_size=1, max_size=12), codes)
        def any_amounts(numbers: list[tuple[int, int]], code: str) -> None:
            runner.run(check(graph, numbers, code))

        try:
            any_amounts()
        finally:
            runner.run(stack.aclose())
