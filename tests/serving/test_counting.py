"""Sliding windows of one process."""

import random

from serving.counting import MOST_KEYS, SlidingWindows


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_so_many_pass_and_the_next_is_told_when_to_come() -> None:
    clock = Clock()
    windows = SlidingWindows(clock)

    assert [windows.hit("a", 3, 60) for _ in range(3)] == [None] * 3
    wait = windows.hit("a", 3, 60)
    assert wait is not None
    assert windows.hit("b", 3, 60) is None


def test_whoever_waits_as_told_has_room_and_not_much_earlier() -> None:
    dice = random.Random(4)
    for _ in range(300):
        clock, amount, seconds = Clock(), dice.randint(1, 20), dice.choice([1, 10, 60, 3600])
        clock.now += dice.random() * seconds
        windows = SlidingWindows(clock)
        for _ in range(amount * 3):
            wait = windows.hit("a", amount, seconds)
            clock.now += dice.random() * seconds / amount / 2
        while (wait := windows.hit("a", amount, seconds)) is None:
            pass
        assert 0 <= wait <= seconds * (1 + 1 / amount) + 1e-6
        clock.now += wait * 0.98 - seconds * 0.001
        early = windows.hit("a", amount, seconds)
        clock.now += wait * 0.02 + seconds * 0.002
        assert early is not None or wait < seconds * 0.2
        assert early is None or windows.hit("a", amount, seconds) is None


def test_no_window_of_any_beginning_lets_more_than_twice_through() -> None:
    """The reckoning assumes that the window before was used evenly; it is never off by more than that."""
    dice, clock = random.Random(5), Clock()
    windows = SlidingWindows(clock)
    passed: list[float] = []
    for _ in range(5_000):
        clock.now += dice.expovariate(2.0)
        if windows.hit("a", 10, 60) is None:
            passed.append(clock.now)
    most = max(sum(start <= each < start + 60 for each in passed) for start in passed)

    assert most < 20
    assert len(passed) / (clock.now - passed[0]) <= 10 / 60 * 1.05


def test_refused_ones_do_not_count() -> None:
    clock = Clock()
    windows = SlidingWindows(clock)
    for _ in range(50):
        windows.hit("a", 1, 60)
    clock.now += 120

    assert windows.hit("a", 1, 60) is None


def test_only_so_many_are_known() -> None:
    windows = SlidingWindows()
    for number in range(MOST_KEYS + 100):
        windows.hit(str(number), 1, 60)

    assert len(windows._counted) == MOST_KEYS
