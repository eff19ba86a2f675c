"""What is tried again, after how long, and when the budget says no."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.domain import Provider
from providers.errors import (
    BreakerOpen,
    Broken,
    Garbled,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    TimedOut,
    Unauthorized,
    Unreachable,
    Unsupported,
)
from providers.retry import Retries, RetrySettings, retry_after


def error(kind: type[ProviderError], *, status: int | None = None, after: int | None = None) -> ProviderError:
    return kind(Provider.PLUGGY, "get_thing", status=status, retry_after=after)


def retries(*, jitter: float = 1.0, **settings: float) -> Retries:
    return Retries(RetrySettings(**settings), jitter=lambda: jitter)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "helped",
    [error(Unreachable), error(RateLimited, status=429), *(error(Broken, status=status) for status in (502, 503, 504))],
    ids=str,
)
def test_these_are_tried_again(helped: ProviderError) -> None:
    assert retries().pause(helped, 1) is not None


@pytest.mark.parametrize(
    "hopeless",
    [
        error(BreakerOpen),
        error(TimedOut),
        error(Broken, status=500),
        error(Broken, status=501),
        error(Garbled, status=200),
        error(Unauthorized, status=401),
        error(NotFound, status=404),
        error(Rejected, status=400),
        error(Unsupported),
    ],
    ids=lambda hopeless: f"{type(hopeless).__name__} {hopeless.status}",
)
def test_these_are_not(hopeless: ProviderError) -> None:
    assert retries().pause(hopeless, 1) is None


def test_pauses_double_up_to_the_longest() -> None:
    policy = retries(attempts=9, base=0.1, longest=0.5)
    assert [policy.pause(error(Unreachable), attempt) for attempt in range(1, 6)] == [0.1, 0.2, 0.4, 0.5, 0.5]


def test_pauses_are_spread_over_their_whole_length() -> None:
    assert retries(jitter=0.25, base=0.4).pause(error(Unreachable), 1) == 0.1


def test_the_last_attempt_is_the_last() -> None:
    policy = retries(attempts=3)
    assert policy.pause(error(Unreachable), 2) is not None
    assert policy.pause(error(Unreachable), 3) is None


def test_what_the_vendor_asks_for_replaces_our_own_pause() -> None:
    assert retries(longest=2.0).pause(error(RateLimited, after=2), 1) == 2.0


def test_a_wish_longer_than_the_longest_pause_is_not_waited_for() -> None:
    assert retries(longest=2.0).pause(error(RateLimited, after=3), 1) is None


def test_retries_end_with_their_budget_and_calls_earn_it_back() -> None:
    policy = retries(saved=2.0, earned=0.5)
    outcomes = [policy.pause(error(Unreachable), 1) for _ in range(3)]
    assert [outcome is not None for outcome in outcomes] == [True, True, False]
    policy.earn()
    assert policy.pause(error(Unreachable), 1) is None
    policy.earn()
    assert policy.pause(error(Unreachable), 1) is not None


def test_no_more_is_saved_than_allowed() -> None:
    policy = retries(saved=1.0, earned=0.5)
    for _ in range(100):
        policy.earn()
    outcomes = [policy.pause(error(Unreachable), 1) for _ in range(2)]
    assert [outcome is not None for outcome in outcomes] == [True, False]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0),
        (" 12 ", 12),
        ("9" * 400, 86_400),
        ("-1", None),
        ("1.5", None),
        ("", None),
        ("soon", None),
        ("Mon, 99 Foo 2020 25:61:61 GMT", None),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
        ("Sun, 06 Nov 1994 08:49:37 -0000", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
    ],
)
def test_the_header_is_read_with_distrust(header: str | None, seconds: int | None) -> None:
    assert retry_after(header) == seconds


def test_a_date_is_seconds_from_now_rounded_up() -> None:
    assert retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)) in {59, 60}


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_no_header_breaks_the_reader(header: str) -> None:
    seconds = retry_after(header)
    assert seconds is None or 0 <= seconds <= 86_400
