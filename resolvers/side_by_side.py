"""The same money as several sides have it: their sums by currency, how old these are, and how far they are apart."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from providers import money
from providers.domain import (
    Balance,
    BalanceSource,
    Money,
    Provider,
    ReconciliationSide,
    SideAmount,
    SideBySide,
    SideBySideDrift,
)
from resolvers.problems import UpstreamProblem

Reading = tuple[Provider, Balance]
"""A number that counts, and who gave it."""


class SideProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a side lacks numbers, all or some."""

    side: ReconciliationSide
    problem: UpstreamProblem


class SideBySideReport(msgspec.Struct, frozen=True, kw_only=True):
    """All currencies that any side has, by their codes."""

    at: datetime | None
    currencies: tuple[SideBySide, ...]
    problems: tuple[SideProblem, ...]


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """What one side gave. `is_there` says whether it has anything that could have a number."""

    readings: Sequence[Reading] = ()
    problems: Sequence[UpstreamProblem] = ()
    is_there: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether what is not in it is zero."""
        return self.is_there and not self.problems


NOTHING = Side(is_there=False)
"""A side that has nothing to give."""


class Sides(msgspec.Struct, frozen=True, kw_only=True):
    """All sides. `pooled` are the numbers of the accounts in the pools, each as often as pools hold it.

    `is_mirrored`: the ledger's accounts are those that are overdrawn by what there is, and not those that hold it.
    """

    bank: Side
    payment_provider: Side
    pool: Side
    pooled: Side
    ledger: Side
    is_mirrored: bool = False

    def report(self, at: datetime | None) -> SideBySideReport:
        """One row for each currency."""
        named = {
            ReconciliationSide.BANK: self.bank,
            ReconciliationSide.PAYMENT_PROVIDER: self.payment_provider,
            ReconciliationSide.POOL: self.pool,
            ReconciliationSide.LEDGER: self.ledger,
        }
        found = {balance.money.currency for side in named.values() for _, balance in side.readings}
        now = datetime.now(UTC)
        return SideBySideReport(
            at=at,
            currencies=tuple(self._row(currency, now) for currency in sorted(found)),
            problems=tuple(
                SideProblem(side=name, problem=problem)
                for name, side in named.items()
                for problem in dict.fromkeys(side.problems)
            ),
        )

    def _row(self, currency: str, now: datetime) -> SideBySide:
        ledger = _apart(self.payment_provider, self.ledger, currency)
        if self.is_mirrored:
            ledger = _together(self.pool, self.ledger, currency)
        return SideBySide(
            currency=currency,
            bank=_amount(self.bank, currency, now),
            payment_provider=_amount(self.payment_provider, currency, now),
            pool=_amount(self.pool, currency, now),
            ledger=_amount(self.ledger, currency, now),
            drift=SideBySideDrift(ledger=ledger, pool=_apart(self.pool, self.pooled, currency)),
        )


def _amount(side: Side, currency: str, now: datetime) -> SideAmount | None:
    found = _of(side, currency)
    if not found:
        return None
    balances = [balance for _, balance in found]
    stated = [balance.as_of for balance in balances]
    as_of = min((each for each in stated if each is not None), default=None) if None not in stated else None
    fetched_at = min(balance.fetched_at for balance in balances)
    sources = {balance.source for balance in balances}
    return SideAmount(
        money=money.total(balance.money for balance in balances),
        as_of=as_of,
        fetched_at=fetched_at,
        age=max(0, int((now - (as_of or fetched_at)).total_seconds())),
        source=sources.pop() if len(sources) == 1 else BalanceSource.SUM,
        providers=tuple(provider for provider in Provider if provider in {each for each, _ in found}),
        parts=len(found),
        is_complete=not side.problems,
    )


def _apart(left: Side, right: Side, currency: str) -> Money | None:
    return _sum(left, right, currency, negated=True)


def _together(left: Side, right: Side, currency: str) -> Money | None:
    return _sum(left, right, currency, negated=False)


def _sum(left: Side, right: Side, currency: str, *, negated: bool) -> Money | None:
    """What a whole side lacks is zero there; where one is not whole, nothing is known."""
    if not (left.is_whole and right.is_whole):
        return None
    amounts = [balance.money for _, balance in _of(left, currency)]
    others = [balance.money for _, balance in _of(right, currency)]
    parts = amounts + ([_negative(each) for each in others] if negated else others)
    return money.total(parts) if parts else None


def _negative(amount: Money) -> Money:
    """Exact, whatever the number of digits."""
    return money.of_asset(amount.amount.copy_negate() if amount.amount else amount.amount, amount.asset)


def _of(side: Side, currency: str) -> Sequence[Reading]:
    return [reading for reading in side.readings if reading[1].money.currency == currency]


def joined(sides: Iterable[Side]) -> Side:
    """One side that was read in parts."""
    parts = list(sides)
    return Side(
        readings=[reading for part in parts for reading in part.readings],
        problems=[problem for part in parts for problem in part.problems],
        is_there=any(part.is_there for part in parts),
    )
