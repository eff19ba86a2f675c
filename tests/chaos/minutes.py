"""How a run went, minute by minute: whether the machine could carry it, and when what went wrong."""

import os
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec


class Minute(msgspec.Struct, frozen=True):
    """Times are in seconds. `behind` is how late the clients were at worst with what they had to ask."""

    asked: int
    answered: int
    median: float
    slowest: float
    behind: float
    load: float
    """The machine's load average, at the end."""
    codes: Mapping[str, int]
    """The most frequent, and what connections were lost by."""


class Minutes:
    """Notes each answer in the minute in which it came."""

    def __init__(self) -> None:
        self._ended: list[Minute] = []
        self._number = self._asked = 0
        self._behind = 0.0
        self._times: list[float] = []
        self._codes: Counter[str] = Counter()

    def late(self, seconds: float) -> None:
        """A request leaves so much later than it should."""
        self._behind = max(self._behind, seconds)

    def asked(self, now: float) -> None:
        """A request leaves, `now` seconds after the start."""
        self._turn(now)
        self._asked += 1

    def answered(self, now: float, seconds: float, codes: Iterable[str] = ()) -> None:
        """An answer has come, or its connection was lost, so many seconds after it was asked for."""
        self._turn(now)
        self._times.append(seconds)
        self._codes.update(codes)

    def told(self) -> list[Minute]:
        """All of them, the last one as far as it came."""
        return [*self._ended, self._summed()]

    def _turn(self, now: float) -> None:
        while self._number < int(now // 60):
            self._ended.append(self._summed())
            self._number += 1
            self._asked, self._behind, self._times, self._codes = 0, 0.0, [], Counter()

    def _summed(self) -> Minute:
        times = self._times or [0.0]
        return Minute(
            asked=self._asked,
            answered=len(self._times),
            median=round(statistics.median(times), 2),
            slowest=round(max(times), 1),
            behind=round(self._behind, 1),
            load=round(os.getloadavg()[0], 1),
            codes=dict(self._codes.most_common(5)),
        )
