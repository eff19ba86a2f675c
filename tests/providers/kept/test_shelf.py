"""Bounded memory: what is used stays, what is not makes room."""

import pytest

from providers.kept import Shelf


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def shelf(clock: Clock, *, entries: int = 3, size: int = 100) -> Shelf[str, str]:
    return Shelf(entries=entries, size=size, clock=clock)


def fill(on: Shelf[str, str], keys: str, *, size: int = 1) -> None:
    for key in keys:
        on.put(key, key.upper(), since=on.clock(), size=size)


def kept(on: Shelf[str, str], keys: str) -> str:
    return "".join(key for key in keys if on.get(key, 1e9, None) is not None)


def test_a_value_is_given_until_its_seconds_are_over(clock: Clock) -> None:
    on = shelf(clock)
    fill(on, "a")
    clock.now = 4.9

    assert on.get("a", 5, None) == "A"
    assert on.get("a", 4, None) is None
    clock.now = 5.0
    assert on.get("a", 5, None) is None


def test_with_no_seconds_nothing_is_given_even_at_once(clock: Clock) -> None:
    on = shelf(clock)
    fill(on, "a")

    assert on.get("a", 0, None) is None


def test_what_was_used_longest_ago_makes_room_for_one_more_entry(clock: Clock) -> None:
    on = shelf(clock, entries=3)
    fill(on, "abc")
    on.get("a", 5, None)
    fill(on, "d")

    assert kept(on, "abcd") == "acd"


def test_what_was_used_longest_ago_makes_room_for_more_bytes(clock: Clock) -> None:
    on = shelf(clock, entries=100, size=100)
    fill(on, "abcd", size=25)
    fill(on, "e", size=60)

    assert kept(on, "abcde") == "de"


def test_a_value_that_would_take_all_room_leaves_the_others_alone(clock: Clock) -> None:
    on = shelf(clock, size=100)
    fill(on, "ab", size=50)
    fill(on, "c", size=101)

    assert kept(on, "abc") == "ab"


def test_a_new_value_takes_the_place_and_the_room_of_the_old_one(clock: Clock) -> None:
    on = shelf(clock, size=100)
    for _ in range(10):
        fill(on, "ab", size=50)
    on.drop("a")
    on.drop("a")
    fill(on, "c", size=50)

    assert kept(on, "abc") == "bc"
    assert len(on) == 2
