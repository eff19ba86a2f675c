"""Deterministic numbers, amounts and dates for seeded records: the same key always gives the same value."""

import hashlib
from datetime import timedelta
from decimal import Decimal

from providers.seed import NOW

Record = dict[str, object]
"""A JSON object as the vendor writes it; fractions are `Decimal`."""


def pick(key: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both included."""
    return low + int(hashlib.sha256(key.encode()).hexdigest()[:12], 16) % (high - low + 1)


def amount(key: str, low_cents: int, high_cents: int) -> Decimal:
    """An amount in major units with two decimals, its bounds in cents."""
    return Decimal(pick(key, low_cents, high_cents)).scaleb(-2)


def epoch(ago: timedelta) -> int:
    """Unix seconds of a moment before `NOW`; a negative `ago` lies after it."""
    return int((NOW - ago).timestamp())
