"""Which failures the caller tries again, and when it stops to ask."""

import asyncio

import pytest

from providers.breaker import BreakerSettings
from providers.domain import Provider
from providers.errors import (
    BreakerOpen,
    Broken,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    TimedOut,
    Unauthorized,
    Unreachable,
)
from providers.http import Upstream
from providers.operation import Operation
from providers.retry import RetrySettings
from tests.providers.vendor import (
    KINDS,
    OTHER,
    Reply,
    Vendor,
    get,
    reached,
    until,
    wired,
)

pytestmark = pytest.mark.usefixtures("tidy")
on_both = pytest.mark.parametrize("kind", KINDS)


@on_both
@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_passing_trouble_is_tried_again_and_attempts_are_counted(kind: str, status: int) -> None:
    vendor, operation = Vendor(Reply(status=status), Reply(status=status), Reply()), Operation(timeout=5)
    async with reached(kind, vendor) as upstream:
        assert (await get(upstream, operation=operation)).value == 1
    assert [(call.attempts, call.status, call.error) for call in operation.calls] == [(3, 200, None)]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(status=400), Rejected),
        (Reply(status=404), NotFound),
        (Reply(status=408), TimedOut),
        (Reply(status=422), Rejected),
        (Reply(status=500), Broken),
        (Reply(status=401, body=b""), Unauthorized),
        (Reply(status=403, body=b"", headers={}), Unauthorized),
    ],
    ids=lambda value: str(getattr(value, "status", getattr(value, "__name__", ""))),
)
async def test_other_answers_are_final(reply: Reply, error: type[ProviderError]) -> None:
    vendor = Vendor(reply)
    async with reached("in process", vendor) as upstream:
        with pytest.raises(error) as caught:
            await get(upstream)
    assert (caught.value.status, caught.value.provider, caught.value.operation) == (
        reply.status,
        Provider.PLUGGY,
        "get_thing",
    )
    assert len(vendor.asked) == 1


async def test_after_the_last_try_the_error_stands() -> None:
    vendor, operation = Vendor(Reply(status=503)), Operation(timeout=5)
    async with reached("in process", vendor) as upstream:
        with pytest.raises(Broken):
            await get(upstream, operation=operation)
    assert len(vendor.asked) == operation.calls[0].attempts == 3


async def test_a_short_wish_of_the_vendor_is_kept() -> None:
    vendor = Vendor(Reply(status=429, headers={"retry-after": "1"}), Reply())
    async with reached("in process", vendor) as upstream:
        started = asyncio.get_running_loop().time()
        await get(upstream)
        assert asyncio.get_running_loop().time() - started >= 1


async def test_a_long_wish_of_the_vendor_is_handed_on_at_once() -> None:
    vendor = Vendor(Reply(status=429, headers={"retry-after": "30"}))
    async with reached("in process", vendor) as upstream:
        with pytest.raises(RateLimited) as caught:
            await get(upstream)
    assert caught.value.retry_after == 30
    assert len(vendor.asked) == 1


async def test_an_empty_budget_ends_all_retries() -> None:
    vendor = Vendor(Reply(status=503))
    settings = RetrySettings(attempts=9, base=0.0, saved=2.0, earned=0.0)
    async with reached("in process", vendor, retry=settings) as upstream:
        for _ in range(3):
            with pytest.raises(Broken):
                await get(upstream)
    assert len(vendor.asked) == 3 + 2


BREAKER = BreakerSettings(window=10, least=4, ratio=0.5, pause=0.05)
ONCE = RetrySettings(attempts=1)


async def fail(upstream: Upstream, error: type[ProviderError], *, times: int = 4) -> None:
    for _ in range(times):
        with pytest.raises(error):
            await get(upstream)


async def test_an_operation_that_keeps_failing_is_not_asked_until_one_probe_succeeds() -> None:
    vendor = Vendor(Reply(status=500))
    async with reached("in process", vendor, breaker=BREAKER, retry=ONCE) as upstream:
        await fail(upstream, Broken)
        await fail(upstream, BreakerOpen, times=1)
        vendor.replies = [Reply(gate=asyncio.Event())]
        await asyncio.sleep(0.06)
        probe = asyncio.create_task(get(upstream, "probe"))
        await until(lambda: vendor.busy == 1)
        outcomes = await asyncio.gather(*(get(upstream, str(n)) for n in range(20)), return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {BreakerOpen}
        vendor.replies[0].gate.set()  # type: ignore[union-attr]
        await probe
        await get(upstream)
    assert len(vendor.asked) == 4 + 2


async def test_other_operations_are_still_asked() -> None:
    vendor = Vendor(Reply(status=500))
    async with reached("in process", vendor, breaker=BREAKER, retry=ONCE) as upstream:
        await fail(upstream, Broken)
        vendor.replies = [Reply()]
        await get(upstream, endpoint=OTHER)


async def test_time_outs_open_the_breaker_of_their_operation_only() -> None:
    vendor = Vendor(Reply(gate=asyncio.Event()))
    async with reached("in process", vendor, breaker=BREAKER, retry=ONCE, timeout=0.01) as upstream:
        await fail(upstream, TimedOut)
        await fail(upstream, BreakerOpen, times=1)
        vendor.replies = [Reply()]
        await get(upstream, endpoint=OTHER)


async def test_lost_connections_open_the_breaker_for_all_operations() -> None:
    operation = Operation(timeout=5)
    async with wired("http://127.0.0.1:1", breaker=BREAKER, retry=ONCE) as upstream:
        await fail(upstream, Unreachable)
        with pytest.raises(BreakerOpen):
            await get(upstream, endpoint=OTHER, operation=operation)
    assert [(call.attempts, call.error) for call in operation.calls] == [(0, "BreakerOpen")]


async def test_a_cancelled_probe_leaves_the_next_one_free() -> None:
    vendor = Vendor(Reply(status=500))
    async with reached("in process", vendor, breaker=BREAKER, retry=ONCE) as upstream:
        await fail(upstream, Broken)
        vendor.replies = [Reply(gate=asyncio.Event())]
        await asyncio.sleep(0.06)
        probe = asyncio.create_task(get(upstream))
        await until(lambda: vendor.busy == 1)
        probe.cancel()
        await until(lambda: vendor.busy == 0)
        vendor.replies = [Reply()]
        await get(upstream)


@pytest.mark.parametrize("status", [400, 401, 404, 429])
async def test_refusals_open_nothing(status: int) -> None:
    vendor = Vendor(Reply(status=status))
    async with reached("in process", vendor, breaker=BREAKER, retry=ONCE) as upstream:
        await fail(upstream, ProviderError, times=20)
    assert len(vendor.asked) == 20
