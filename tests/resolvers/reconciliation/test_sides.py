"""How sides are summed and compared, whatever their numbers are."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import money
from providers.domain import Balance, BalanceKind, BalanceSource, Provider, SideBySide
from providers.errors import Broken
from resolvers.problems import upstream_problem
from resolvers.side_by_side import NOTHING, Reading, Side, Sides

NOW = datetime.now(UTC)
EXPONENTS = {"USD": 0, "USD/2": 2, "USD/4": 4}
FAILED = Side(problems=[upstream_problem(Broken(Provider.FORMANCE, "anything"))])
units = st.lists(st.tuples(st.integers(-(10**60), 10**60), st.sampled_from(sorted(EXPONENTS))), min_size=1, max_size=5)


def reading(
    amount: int,
    asset: str,
    *,
    as_of: datetime | None = NOW,
    source: BalanceSource = BalanceSource.POLLING,
    provider: Provider = Provider.FORMANCE,
) -> Reading:
    return provider, Balance(BalanceKind.CURRENT, money.from_minor(amount, asset), as_of, NOW, source)


def side(*amounts: tuple[int, str]) -> Side:
    return Side(readings=[reading(*each) for each in amounts])


def row(sides: Sides) -> SideBySide:
    [found] = sides.report(None).currencies
    return found


def of(paid: Side, ledger: Side, *, pool: Side = NOTHING, is_mirrored: bool = False) -> Sides:
    return Sides(bank=NOTHING, payment_provider=paid, pool=pool, pooled=paid, ledger=ledger, is_mirrored=is_mirrored)


def scaled(parts: list[tuple[int, str]]) -> int:
    """In the finest of the assets."""
    return sum(amount * 10 ** (4 - EXPONENTS[asset]) for amount, asset in parts)


@given(units, units)
def test_a_drift_is_exact_over_assets_of_one_currency(
    there: list[tuple[int, str]], owed: list[tuple[int, str]]
) -> None:
    apart = row(of(side(*there), side(*owed))).drift.ledger
    mirrored = row(of(side(*there), side(*owed), pool=side(*there), is_mirrored=True)).drift

    assert apart is not None
    assert mirrored.ledger is not None
    assert mirrored.pool is not None
    assert apart.amount.scaleb(4, money._EXACT) == scaled(there) - scaled(owed)
    assert mirrored.ledger.amount.scaleb(4, money._EXACT) == scaled(there) + scaled(owed)
    assert mirrored.pool.amount == 0


@pytest.mark.parametrize("lacking", [NOTHING, FAILED], ids=["nothing", "failed"])
def test_what_is_not_whole_is_compared_with_nothing(lacking: Side) -> None:
    assert row(of(side((1, "USD/2")), lacking)).drift.ledger is None
    assert row(of(lacking, side((1, "USD/2")))).drift.ledger is None


def test_a_whole_side_that_lacks_a_currency_has_zero_of_it() -> None:
    found = Sides(
        bank=NOTHING,
        payment_provider=side((150, "USD/2")),
        pool=NOTHING,
        pooled=NOTHING,
        ledger=side((70, "EUR/2")),
    ).report(None)
    drifts = {each.currency: each.drift.ledger for each in found.currencies}

    assert {name: drift and str(drift.amount) for name, drift in drifts.items()} == {"EUR": "-0.70", "USD": "1.50"}


def test_a_number_is_as_old_as_its_oldest_part() -> None:
    """And of no known age when one part does not say; its age then counts from when it was read."""
    old = NOW - timedelta(hours=1)
    dated = Side(readings=[reading(1, "USD/2"), reading(2, "USD/2", as_of=old, source=BalanceSource.LEDGER)])
    undated = Side(readings=[reading(1, "USD/2"), reading(2, "USD/2", as_of=None)])
    first, second = row(of(dated, NOTHING)).payment_provider, row(of(undated, NOTHING)).payment_provider

    assert first is not None
    assert second is not None
    assert (first.as_of, first.source, first.parts) == (old, BalanceSource.SUM, 2)
    assert (second.as_of, second.source) == (None, BalanceSource.POLLING)
    since = (datetime.now(UTC) - NOW).total_seconds()
    assert 3600 <= first.age <= 3600 + since
    assert 0 <= second.age <= since


def test_problems_are_told_once_for_each_side() -> None:
    found = of(Side(problems=[*FAILED.problems, *FAILED.problems]), FAILED).report(None)

    assert [each.side.value for each in found.problems] == ["payment_provider", "ledger"]
