"""Exact amounts: from vendors' numbers to `Money`, and their sums. No binary float is accepted anywhere."""

from collections.abc import Iterable
from decimal import MAX_PREC, Context, Decimal
from functools import lru_cache

from providers.domain import Money

DEFAULT_EXPONENT = 2
_MOST_DIGITS = 80
"""Amounts with more digits than this on either side of the point are refused. 256-bit integers have 78."""

ISO_4217_EXPONENTS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(),
        0,
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
"""Decimals of the ISO 4217 currencies that do not have two."""

_ASSETS = 4_096
"""Assets whose parts are remembered. Vendors know some hundreds."""
_USUAL = 10**18
"""Amounts below this are far from absurd, and by far the most: they are not looked at twice."""
_PLAIN = 40
"""Digits that are no sign of anything absurd, where there is no exponent."""
_MOST_BITS = (10 ** (2 * _MOST_DIGITS)).bit_length()
_EXACT = Context(prec=MAX_PREC)


class InvalidAmount(ValueError):
    """A number that cannot be an amount: not finite, or absurdly large."""


@lru_cache(maxsize=_ASSETS)
def exponent_of(asset: str) -> int:
    """Decimals of an asset such as `USD/2`. An asset without a suffix has none. Raises `InvalidAmount`."""
    _, slash, digits = asset.partition("/")
    if not slash:
        return 0
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 6 and int(digits) <= _MOST_DIGITS):
        raise InvalidAmount
    return int(digits)


@lru_cache(maxsize=_ASSETS)
def currency_of(asset: str) -> str:
    """The code of an asset such as `USD/2`."""
    return asset.partition("/")[0]


@lru_cache(maxsize=_ASSETS)
def asset_of(currency: str) -> str:
    """The asset of an ISO 4217 currency: `USD` is `USD/2`, `JPY` is `JPY/0`."""
    return f"{currency}/{ISO_4217_EXPONENTS.get(currency, DEFAULT_EXPONENT)}"


def from_minor(units: int, asset: str) -> Money:
    """Money from a whole number of the asset's smallest unit, as Formance sends it. Raises `InvalidAmount`."""
    currency, shift = _parts(asset)
    if -_USUAL < units < _USUAL:
        return Money(Decimal(units).scaleb(shift, _EXACT), currency, asset, units)
    if units.bit_length() > _MOST_BITS:
        raise InvalidAmount
    amount = Decimal(units).scaleb(shift, _EXACT)
    _refuse_absurd(amount)
    return Money(amount, currency, asset, units)


def from_major(amount: Decimal, currency: str) -> Money:
    """Money from an amount in the currency's own unit, as Finicity and Pluggy send it: its digits are kept.

    Raises `InvalidAmount`.
    """
    return of_asset(amount, asset_of(currency))


def of_asset(amount: Decimal, asset: str) -> Money:
    """Money from an amount in major units of an asset: its digits are kept. Raises `InvalidAmount`."""
    _refuse_absurd(amount)
    return Money(amount, currency_of(asset), asset, _minor_units(amount, exponent_of(asset)))


def total(amounts: Iterable[Money]) -> Money:
    """The sum of amounts of one currency; the asset with the most decimals is kept. At least one amount is needed."""
    parts = list(amounts)
    finest = max(parts, key=lambda part: exponent_of(part.asset))
    amount = Decimal(0)
    for part in parts:
        amount = _EXACT.add(amount, part.amount)
    return of_asset(amount, finest.asset)


def text(amount: Decimal) -> str:
    """The amount as digits without an exponent, trailing zeros kept."""
    written = str(amount)  # takes a tenth of the time of `format`, and seldom needs an exponent
    return format(amount, "f") if "E" in written else written


@lru_cache(maxsize=_ASSETS)
def _parts(asset: str) -> tuple[str, int]:
    """An asset's code, and by how many places its smallest unit is shifted."""
    return currency_of(asset), -exponent_of(asset)


def _refuse_absurd(amount: Decimal) -> None:
    written = str(amount)
    if len(written) < _PLAIN and "E" not in written and amount.is_finite():
        return  # by far the most
    if not amount.is_finite() or abs(amount.adjusted()) > _MOST_DIGITS or len(written) > 3 * _MOST_DIGITS:
        raise InvalidAmount
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_MOST_DIGITS:
        raise InvalidAmount


def _minor_units(amount: Decimal, exponent: int) -> int | None:
    scaled = amount.scaleb(exponent, _EXACT)
    units = int(scaled)
    return units if units == scaled else None
