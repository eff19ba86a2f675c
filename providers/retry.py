"""When a read is tried again, and after how long. Writes never are."""

import math
import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from providers.errors import BreakerOpen, Broken, ProviderError, RateLimited, Unreachable

RETRIED_STATUSES = frozenset({502, 503, 504})


class RetrySettings(msgspec.Struct, frozen=True):
    """At most `attempts` tries. Pauses grow from `base` seconds, with full jitter, to `longest`.

    Each first try earns `earned` of a retry and at most `saved` are kept: retries stay a small part of all calls.
    """

    attempts: int = 3
    base: float = 0.1
    longest: float = 2.0
    earned: float = 0.2
    saved: float = 20.0


class Retries:
    """The retry policy and budget of one vendor."""

    def __init__(self, settings: RetrySettings, *, jitter: Callable[[], float] = random.random) -> None:
        self._settings, self._jitter = settings, jitter
        self._budget = settings.saved

    def earn(self) -> None:
        """A call has started."""
        self._budget = min(self._settings.saved, self._budget + self._settings.earned)

    def pause(self, error: ProviderError, attempt: int) -> float | None:
        """Seconds to wait before the next try, or None to give up. `attempt` counts from 1."""
        if attempt >= self._settings.attempts or not _may_help(error):
            return None
        pause = self._wish(error, attempt)
        if pause > self._settings.longest or self._budget < 1:
            return None
        self._budget -= 1
        return pause

    def _wish(self, error: ProviderError, attempt: int) -> float:
        if error.retry_after is not None:
            return float(error.retry_after)
        ceiling: float = min(self._settings.longest, self._settings.base * 2 ** (attempt - 1))
        return ceiling * self._jitter()


def _may_help(error: ProviderError) -> bool:
    if isinstance(error, BreakerOpen):
        return False
    if isinstance(error, Broken):
        return error.status in RETRIED_STATUSES
    return isinstance(error, Unreachable | RateLimited)


def retry_after(value: str | None) -> int | None:
    """Seconds in a `Retry-After` header, which holds seconds or an HTTP date. None when it is absent or senseless."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return min(int(value.strip()[:9]), 86_400)
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0, min(86_400, math.ceil((when - datetime.now(UTC)).total_seconds())))
