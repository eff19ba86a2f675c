"""Amounts, times and names of providers, which look the same in all of Formance's records."""

from datetime import UTC, datetime
from functools import lru_cache

from providers import money
from providers.domain import Money

_WORDS = "ADYEN ATLAR BANKING-CIRCLE CURRENCY-CLOUD DUMMY-PAY GENERIC MANGOPAY MODULR MONEYCORP STRIPE WISE".split()
_KINDS = {word.replace("-", ""): word for word in _WORDS}


def amount(units: int, asset: str) -> Money:
    """Money from a whole number of the asset's smallest unit. Raises `InvalidAmount`."""
    found = money.from_minor(units, asset)
    if not found.currency:
        raise money.InvalidAmount
    return found


@lru_cache(maxsize=1_024)
def provider_name(word: str | None) -> str:
    """A payment provider's name. v3 writes newer ones in lower case, and all of them without dashes in some places."""
    name = (word or "UNKNOWN").upper()
    return _KINDS.get(name.replace("-", ""), name)


def kind_word(name: str) -> str:
    """A payment provider's name as paths take it: the documented word, or what v3 calls its newer ones."""
    word = provider_name(name)
    return word if word in _WORDS else name.lower()


def time(moment: datetime | None) -> datetime | None:
    """The servers write year 1 for a time that is not set."""
    if moment is None or moment.year == 1:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def rfc3339(moment: datetime) -> str:
    """A time as the vendor reads it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
