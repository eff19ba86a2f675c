"""When a breaker opens, whom it lets through, and what closes it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from providers.breaker import Breaker, BreakerRefused, Breakers, BreakerSettings, Permit

SETTINGS = BreakerSettings(window=10, least=4, ratio=0.5, pause=5)


class Clock:
    """Seconds that only a test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


class Lost(Exception):
    """The host cannot be reached."""


class Failed(Exception):
    """The operation failed."""


class Refused(Exception):
    """A proper answer that is a refusal."""


def is_lost(error: BaseException) -> bool | None:
    return isinstance(error, Lost)


def is_failure(error: BaseException) -> bool | None:
    return None if isinstance(error, Lost) else isinstance(error, Failed)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breakers(clock: Clock) -> Breakers:
    return Breakers(SETTINGS, clock)


@contextmanager
def call(breakers: Breakers, operation: str = "read") -> Iterator[None]:
    with breakers.guard(operation, is_lost=is_lost, is_failure=is_failure):
        yield


def end(breakers: Breakers, *errors: type[BaseException] | None, operation: str = "read") -> None:
    for error in errors:
        if error is None:
            with call(breakers, operation):
                pass
        else:
            with pytest.raises(error), call(breakers, operation):
                raise error


def is_refused(breakers: Breakers, operation: str = "read") -> bool:
    try:
        with call(breakers, operation):
            return False
    except BreakerRefused:
        return True


def test_too_few_calls_tell_nothing(breakers: Breakers) -> None:
    end(breakers, Failed, Failed, Failed)
    assert not is_refused(breakers)


def test_failures_open_the_breaker_of_their_operation_alone(breakers: Breakers) -> None:
    end(breakers, Failed, Failed, Failed, Failed)
    assert is_refused(breakers)
    assert not is_refused(breakers, "other")


def test_lost_connections_open_the_host_for_every_operation(breakers: Breakers) -> None:
    end(breakers, Lost, Lost, operation="one")
    end(breakers, Lost, Lost, operation="two")
    assert is_refused(breakers, "three")


def test_a_share_of_failures_below_the_ratio_is_borne(breakers: Breakers) -> None:
    end(breakers, *[None, None, Failed] * 10)
    assert not is_refused(breakers)


def test_refusals_are_no_failures(breakers: Breakers) -> None:
    end(breakers, *[Refused] * 20)
    assert not is_refused(breakers)


def test_failures_are_forgotten_after_the_window(breakers: Breakers, clock: Clock) -> None:
    end(breakers, Failed, Failed, Failed)
    clock.now += 11
    end(breakers, Failed)
    assert not is_refused(breakers)


def test_after_the_pause_one_call_alone_tries_and_closes_the_breaker(breakers: Breakers, clock: Clock) -> None:
    end(breakers, *[Failed] * 4)
    clock.now += 4.9
    assert is_refused(breakers)
    clock.now += 0.2
    with call(breakers):
        assert [is_refused(breakers) for _ in range(10)] == [True] * 10
    assert not is_refused(breakers)
    end(breakers, Failed)
    assert not is_refused(breakers)  # what was before the success is forgotten


def test_a_failed_probe_starts_the_pause_anew(breakers: Breakers, clock: Clock) -> None:
    end(breakers, *[Failed] * 4)
    clock.now += 5
    end(breakers, Failed)
    clock.now += 4
    assert is_refused(breakers)
    clock.now += 1
    assert not is_refused(breakers)


def test_a_probe_that_is_refused_properly_closes_the_breaker(breakers: Breakers, clock: Clock) -> None:
    end(breakers, *[Failed] * 4)
    clock.now += 5
    end(breakers, Refused)
    with call(breakers):
        assert not is_refused(breakers)


async def test_when_a_probe_is_cancelled_another_call_may_try(breakers: Breakers, clock: Clock) -> None:
    end(breakers, *[Failed] * 4)
    clock.now += 5

    async def probe() -> None:
        with breakers.guard("read", is_lost=lambda _: None, is_failure=lambda _: None):
            await asyncio.sleep(5)

    task = asyncio.create_task(probe())
    await asyncio.sleep(0)
    assert is_refused(breakers)
    task.cancel()
    await asyncio.wait([task])
    with call(breakers):
        assert is_refused(breakers)


def test_a_lost_connection_tells_nothing_of_the_operation(breakers: Breakers, clock: Clock) -> None:
    """Neither may it close the operation's breaker, nor keep others from trying."""
    end(breakers, *[Failed] * 4)
    clock.now += 5
    end(breakers, Lost)
    with call(breakers):
        assert is_refused(breakers)  # still half open: only one at a time


def test_an_open_operation_leaves_the_hosts_probe_to_others(breakers: Breakers, clock: Clock) -> None:
    end(breakers, Lost, Lost, Lost, Lost, operation="other")
    clock.now += 4
    own = breakers._operations["read"] = Breaker(SETTINGS, clock)
    for _ in range(4):
        own.fail(Permit.GO)
    clock.now += 1
    assert is_refused(breakers, "read")
    assert not is_refused(breakers, "other")


async def test_of_many_calls_at_once_only_one_probes(breakers: Breakers, clock: Clock) -> None:
    end(breakers, *[Lost] * 4)
    clock.now += 5
    through = 0

    async def one() -> None:
        nonlocal through
        with call(breakers):
            through += 1
            await asyncio.sleep(0.01)

    outcomes = await asyncio.gather(*(one() for _ in range(50)), return_exceptions=True)
    assert through == 1
    assert sum(isinstance(outcome, BreakerRefused) for outcome in outcomes) == 49


def test_calls_from_before_the_opening_change_nothing_when_they_end(clock: Clock) -> None:
    breaker = Breaker(SETTINGS, clock)
    late = [breaker.ask() for _ in range(6)]
    for permit in late[:4]:
        breaker.fail(permit)
    assert breaker.is_open
    clock.now += 3
    breaker.fail(late[4])
    breaker.succeed(late[5])
    breaker.abandon(Permit.GO)
    assert breaker.is_open
    clock.now += 2
    assert breaker.ask() is Permit.PROBE
