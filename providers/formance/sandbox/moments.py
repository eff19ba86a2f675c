"""The server's now, for what writes create: never before the seeded data, never the same twice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from providers.seed import NOW


class Moments:
    """Times that only go forward, however coarse the clock. `clock` gives seconds since the Unix epoch."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = NOW

    def now(self) -> datetime:
        """A moment after every one before, in whole microseconds."""
        self._last = max(self._last + timedelta(microseconds=1), datetime.fromtimestamp(self._clock(), UTC))
        return self._last
