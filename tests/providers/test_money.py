"""Amounts are exact, whatever their size; what cannot be an amount is refused at once."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.domain import Money
from providers.money import (
    InvalidAmount,
    asset_of,
    currency_of,
    exponent_of,
    from_major,
    from_minor,
    of_asset,
    text,
    total,
)

UNITS = st.integers(min_value=-(10**60), max_value=10**60)
EXPONENTS = st.integers(min_value=0, max_value=24)


def exactly(units: int, exponent: int) -> Decimal:
    """The decimal with these digits, made without arithmetic."""
    sign, digits = int(units < 0), tuple(int(digit) for digit in str(abs(units)))
    return Decimal((sign, digits, -exponent))


@given(UNITS, EXPONENTS)
def test_minor_units_survive_the_way_there_and_back(units: int, exponent: int) -> None:
    money = from_minor(units, f"TOK/{exponent}")
    assert money.amount == exactly(units, exponent)
    assert money.amount.as_tuple().exponent == -exponent
    assert money.minor_units == units
    assert of_asset(money.amount, money.asset) == money
    assert of_asset(Decimal(text(money.amount)), money.asset) == money


@given(UNITS, EXPONENTS, EXPONENTS)
def test_digits_are_kept_and_units_are_whole_or_nothing(units: int, decimals: int, exponent: int) -> None:
    amount = exactly(units, decimals)
    money = of_asset(amount, f"TOK/{exponent}")
    assert money.amount.as_tuple() == amount.as_tuple()
    if money.minor_units is None:
        assert units % 10 ** max(0, decimals - exponent) != 0
    else:
        assert exactly(money.minor_units, exponent) == amount


@given(UNITS, EXPONENTS)
def test_text_is_digits_and_a_point(units: int, exponent: int) -> None:
    written = text(exactly(units, exponent))
    assert set(written) <= set("-.0123456789")
    assert len(written.partition(".")[2]) == exponent
    assert Decimal(written) == exactly(units, exponent)


@given(st.lists(st.tuples(UNITS, EXPONENTS), min_size=1, max_size=20))
def test_a_total_is_exact(parts: list[tuple[int, int]]) -> None:
    money = total(from_minor(units, f"TOK/{exponent}") for units, exponent in parts)
    finest = max(exponent for _, exponent in parts)
    assert money.asset == f"TOK/{finest}"
    assert money.minor_units == sum(units * 10 ** (finest - exponent) for units, exponent in parts)


def test_a_total_needs_an_amount() -> None:
    with pytest.raises(ValueError, match="empty"):
        total([])


def test_large_and_fine_amounts_are_exact() -> None:
    assert from_minor(9007199254740993, "USD/2").amount == Decimal("90071992547409.93")
    assert from_major(Decimal("12345678901234567890.12"), "USD").minor_units == 1234567890123456789012
    assert from_minor(2**256 - 1, "ETH/18").minor_units == 2**256 - 1
    assert from_minor(2**256 - 1, "RAW").amount == 2**256 - 1


def test_more_decimals_than_the_asset_has_leave_no_minor_units() -> None:
    money = from_major(Decimal("1.005"), "USD")
    assert (money.amount, money.minor_units) == (Decimal("1.005"), None)


@pytest.mark.parametrize(
    "absurd",
    [
        *("NaN", "-NaN", "sNaN", "Infinity", "-Infinity"),
        *("1E+999999999", "1E-999999999", "0E+999999999", "0E-999999999", "1E+81", "1E-81"),
        *("1." + "0" * 81, "1." + "0" * 1_000_000, "9" * 1_000_000, "-" + "9" * 82),
    ],
    ids=lambda absurd: absurd[:12],
)
def test_what_cannot_be_an_amount_is_refused_at_once(absurd: str) -> None:
    amount, started = Decimal(absurd), time.perf_counter()
    with pytest.raises(InvalidAmount):
        from_major(amount, "USD")
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize("units", [10**81, 10**500, -(2**100_000)], ids=["1E81", "1E500", "-2^100000"])
def test_absurd_units_are_refused_at_once(units: int) -> None:
    with pytest.raises(InvalidAmount):
        from_minor(units, "USD")


@pytest.mark.parametrize(
    "asset", ["USD/", "USD/x", "USD/-2", "USD/2/3", "USD/81", "USD/999999", "USD/²", "USD/" + "9" * 9999]
)
def test_an_asset_without_a_sensible_exponent_is_refused(asset: str) -> None:
    with pytest.raises(InvalidAmount):
        from_minor(1, asset)
    with pytest.raises(InvalidAmount):
        of_asset(Decimal(1), asset)


@pytest.mark.parametrize(
    ("currency", "exponent"),
    [("USD", 2), ("BRL", 2), ("EUR", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("TND", 3), ("CLF", 4)],
)
def test_currencies_have_their_own_decimals(currency: str, exponent: int) -> None:
    asset = asset_of(currency)
    assert (exponent_of(asset), currency_of(asset)) == (exponent, currency)


def test_an_asset_without_a_suffix_is_counted_whole() -> None:
    assert from_minor(5, "COIN") == Money(amount=Decimal(5), currency="COIN", asset="COIN", minor_units=5)
