"""How often whoever has asked, counted in this process: a sliding window of two counters for each."""

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_KEYS = 5_000
"""Callers and addresses that are counted; beyond, who has not asked for longest is forgotten."""


class SlidingWindows:
    """`amount` in any `seconds`, nearly: the window before counts for the part of it that is not over yet.

    The same reckoning as the shared counters have, without their tasks, locks and threads.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._counted: OrderedDict[tuple[str, int], tuple[int, int, int]] = OrderedDict()
        """The current window's number, its count, and that of the one before."""

    def hit(self, key: str, amount: int, seconds: int) -> float | None:
        """Count one. When there is no room it is not counted: gives the seconds until there is again."""
        now = self._clock()
        window, passed = int(now // seconds), now % seconds
        last, count, before = self._counted.get((key, seconds), (window, 0, 0))
        if last != window:
            count, before = 0, count if last == window - 1 else 0
        weighted = before * (seconds - passed) / seconds
        if weighted + count + 1 > amount:
            return self._wait(amount, seconds, passed, count, before)
        self._counted[key, seconds] = window, count + 1, before
        self._counted.move_to_end((key, seconds))
        if len(self._counted) > MOST_KEYS:
            self._counted.popitem(last=False)
        return None

    @staticmethod
    def _wait(amount: int, seconds: int, passed: float, count: int, before: int) -> float:
        room = amount - 1 - count
        if room >= 0 and before > room:
            return max(0.0, seconds * (1 - room / before) - passed)
        # Of the next window: until this one's count weighs little enough.
        return seconds - passed + max(0.0, seconds * (1 - (amount - 1) / count)) if count else seconds - passed
