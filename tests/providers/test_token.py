"""One token for all: fetched once, renewed in time, and not asked for again while the vendor refuses us."""

import asyncio
from collections.abc import Callable

import pytest

from providers.domain import Provider
from providers.errors import BreakerOpen, ProviderError, Unauthorized, Unreachable
from providers.operation import Operation
from providers.token import Token, TokenCache


class Clock:
    """Seconds that only a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Vendor:
    """Gives `token 1`, `token 2` and so on, each good for 100 seconds."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.fetches = 0
        self.error: type[ProviderError] | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def fetch(self, _operation: Operation) -> Token:
        self.fetches += 1
        await self.gate.wait()
        if self.error is not None:
            raise self.error(Provider.FINICITY, "create_token", status=401, vendor_code="10005")
        return Token(f"token {self.fetches}", self.clock.now + 100)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def vendor(clock: Clock) -> Vendor:
    return Vendor(clock)


@pytest.fixture
def cache(vendor: Vendor, clock: Clock) -> TokenCache:
    return TokenCache(vendor.fetch, pause=60, clock=clock)


@pytest.fixture
async def ask(cache: TokenCache) -> Callable[[], "asyncio.Task[str]"]:
    return lambda: asyncio.create_task(cache.current(Operation(timeout=5)))


Ask = Callable[[], "asyncio.Task[str]"]


async def test_a_hundred_waiters_share_one_fetch(vendor: Vendor, ask: Ask) -> None:
    assert await asyncio.gather(*(ask() for _ in range(100))) == ["token 1"] * 100
    assert vendor.fetches == 1


async def test_a_token_is_kept_until_it_is_due(vendor: Vendor, clock: Clock, ask: Ask) -> None:
    await ask()
    clock.now = 99.9
    assert await ask() == "token 1"
    clock.now = 100
    assert await ask() == "token 2"
    assert vendor.fetches == 2


async def test_a_dropped_token_is_replaced(cache: TokenCache, ask: Ask) -> None:
    cache.drop(await ask())
    assert await ask() == "token 2"


async def test_dropping_an_older_token_keeps_the_newer(cache: TokenCache, vendor: Vendor, ask: Ask) -> None:
    """Fifty calls that were refused with the same old token cause one renewal."""
    old = await ask()
    for _ in range(50):
        cache.drop(old)
        assert await ask() == "token 2"
    assert vendor.fetches == 2


async def test_dropping_before_there_is_a_token_does_nothing(cache: TokenCache, ask: Ask) -> None:
    cache.drop("token 1")
    assert await ask() == "token 1"


async def test_after_a_refusal_nobody_asks_during_the_pause(vendor: Vendor, clock: Clock, ask: Ask) -> None:
    vendor.error = Unauthorized
    outcomes = await asyncio.gather(*(ask() for _ in range(10)), return_exceptions=True)
    clock.now = 59.9
    outcomes += await asyncio.gather(*(ask() for _ in range(10)), return_exceptions=True)
    assert vendor.fetches == 1
    assert {type(outcome) for outcome in outcomes} == {Unauthorized}
    assert {outcome.vendor_code for outcome in outcomes if isinstance(outcome, Unauthorized)} == {"10005"}
    assert len({id(outcome) for outcome in outcomes}) == 20


async def test_after_the_pause_one_fetch_tries_again(vendor: Vendor, clock: Clock, ask: Ask) -> None:
    vendor.error = Unauthorized
    await asyncio.wait([ask()])
    clock.now, vendor.error = 60, None
    assert await asyncio.gather(ask(), ask()) == ["token 2"] * 2
    clock.now = 200
    assert await ask() == "token 3"


async def test_a_failure_that_is_no_refusal_pauses_nobody(vendor: Vendor, ask: Ask) -> None:
    vendor.error = Unreachable
    with pytest.raises(Unreachable):
        await ask()
    vendor.error = None
    assert await ask() == "token 2"


async def test_who_started_the_fetch_may_leave(vendor: Vendor, ask: Ask) -> None:
    vendor.gate.clear()
    leader, follower = ask(), ask()
    await asyncio.sleep(0.001)
    leader.cancel()
    await asyncio.wait([leader])
    vendor.gate.set()
    assert await follower == "token 1"
    assert vendor.fetches == 1


async def test_a_fetch_that_everybody_left_goes_on(vendor: Vendor, ask: Ask) -> None:
    """Whether the vendor refused it decides when the next one may start."""
    vendor.gate.clear()
    waiters = [ask(), ask()]
    await asyncio.sleep(0.001)
    for waiter in waiters:
        waiter.cancel()
    await asyncio.wait(waiters)
    vendor.gate.set()
    assert await ask() == "token 1"


async def test_fresh_tokens_that_are_refused_are_not_renewed_in_a_hurry(
    cache: TokenCache, vendor: Vendor, clock: Clock, ask: Ask
) -> None:
    for _ in range(50):
        cache.drop(await ask())
    assert vendor.fetches == 2
    clock.now = 10
    for _ in range(50):
        cache.drop(await ask())
    assert vendor.fetches == 3


async def test_after_a_lost_answer_the_pauses_grow(vendor: Vendor, clock: Clock) -> None:
    """A fetch whose answer was lost may have been refused, and a vendor may count refusals."""
    cache = TokenCache(vendor.fetch, pause=60, pause_after_loss=5, clock=clock)
    vendor.error = Unreachable
    tried = []
    for second in range(200):
        clock.now = second
        before = vendor.fetches
        with pytest.raises(Unreachable):
            await cache.current(Operation(timeout=5))
        if vendor.fetches > before:
            tried.append(second)
    assert tried == [0, 5, 15, 35, 75, 135, 195]
    clock.now, vendor.error = 255, None
    assert await cache.current(Operation(timeout=5)) == "token 8"


async def test_a_fetch_that_was_not_made_starts_no_pause(vendor: Vendor, clock: Clock) -> None:
    cache = TokenCache(vendor.fetch, pause=60, pause_after_loss=5, clock=clock)
    vendor.error = BreakerOpen
    with pytest.raises(BreakerOpen):
        await cache.current(Operation(timeout=5))
    vendor.error = None
    assert await cache.current(Operation(timeout=5)) == "token 2"


async def test_a_credential_that_was_good_is_tried_again_soon_after_a_refusal(vendor: Vendor, clock: Clock) -> None:
    """It is most likely a slip of the vendor; if it is not, the pauses grow to those of a credential that is wrong."""
    cache = TokenCache(vendor.fetch, pause=60, pause_if_known=5, clock=clock)
    cache.drop(await cache.current(Operation(timeout=5)))
    vendor.error = Unauthorized
    tried = []
    for second in range(200):
        clock.now = second
        before = vendor.fetches
        with pytest.raises(Unauthorized):
            await cache.current(Operation(timeout=5))
        if vendor.fetches > before:
            tried.append(second)
    assert tried == [0, 5, 15, 35, 75, 135, 195]


async def test_a_credential_that_was_never_good_is_tried_again_after_the_whole_pause(
    vendor: Vendor, clock: Clock
) -> None:
    cache = TokenCache(vendor.fetch, pause=60, pause_if_known=5, clock=clock)
    vendor.error = Unauthorized
    for clock.now in (0, 5, 59.9, 60, 119.9):
        with pytest.raises(Unauthorized):
            await cache.current(Operation(timeout=5))
    assert vendor.fetches == 2
