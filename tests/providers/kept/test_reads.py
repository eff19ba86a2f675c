"""Reads that may be answered by what was kept: by the one caller, for one credential, and never from before a write."""

import asyncio
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from providers.errors import Broken, CallLimit, UnknownOutcome
from providers.http import Upstream
from providers.kept import AnswerStore, Dated, Era, Kept, Left
from providers.kept.kept import SETTLING, Key
from providers.operation import Operation
from providers.transport import InProcessTransport
from tests.providers.kept.test_shelf import Clock
from tests.providers.test_http_writes import make
from tests.providers.vendor import OTHER, THING, Reply, Vendor, calling, get, until

pytestmark = pytest.mark.usefixtures("tidy")
MIB = 1024 * 1024


class Numbered(Vendor):
    """Its answers to reads count up, so that each tells which call it came from."""

    failing = False

    def reply(self, asked: Any) -> Reply:
        if self.failing:
            return Reply(status=500, body=b"{}", gate=self.replies[0].gate)
        return Reply(body=b'{"value": %d}' % len(self.asked), gate=self.replies[0].gate)


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.now = 1e6
    return clock


@pytest.fixture
def vendor() -> Numbered:
    return Numbered()


def keeping(
    vendor: Vendor, clock: Clock, *, size: int = MIB, store: AnswerStore | None = None, url: str = "http://vendor.test"
) -> Upstream:
    """A caller with a memory of its own."""
    upstream = calling(InProcessTransport(vendor), url=url)
    upstream.kept = Kept(size=size, store=store, clock=clock)
    return upstream


@pytest.fixture
def upstream(vendor: Numbered, clock: Clock) -> Upstream:
    return keeping(vendor, clock)


async def number(upstream: Upstream, id: str = "1", *, max_age: float = 60, **more: Any) -> int:
    """Which call the answer came from."""
    return int((await get(upstream, id, max_age=max_age, **more)).value or 0)


async def test_an_answer_is_given_until_it_is_too_old_for_who_asks(upstream: Upstream, clock: Clock) -> None:
    found = [await number(upstream)]
    clock.now += 10
    found += [await number(upstream, max_age=10.5), await number(upstream, max_age=10), await number(upstream)]

    assert found == [1, 1, 2, 2]


async def test_who_says_no_age_is_answered_by_the_vendor(upstream: Upstream) -> None:
    """And what it answers is not kept."""
    assert [await number(upstream, max_age=0) for _ in "ab"] == [1, 2]
    assert [await number(upstream), await number(upstream)] == [3, 3]


async def test_the_age_counts_from_when_it_was_asked_for(upstream: Upstream, vendor: Numbered, clock: Clock) -> None:
    vendor.replies = [Reply(gate=asyncio.Event())]
    reading = asyncio.ensure_future(number(upstream))
    await until(lambda: vendor.busy == 1)
    clock.now += 59
    vendor.replies[0].gate.set()  # type: ignore[union-attr]
    await reading
    clock.now += 1

    assert await number(upstream) == 2


async def test_an_answer_is_one_urls_and_one_ways_of_asking(upstream: Upstream) -> None:
    """Another path, another query, and the same without authentication, are other questions."""
    found = [
        await number(upstream),
        await number(upstream, "2"),
        await number(upstream, query=[("a", "b")]),
        await number(upstream, endpoint=OTHER),
        await number(upstream, authenticated=False),
        await number(upstream),
    ]

    assert found == [1, 2, 3, 4, 5, 1]


async def test_the_same_answer_read_as_something_else_is_another(upstream: Upstream) -> None:
    class Other(msgspec.Struct):
        value: int

    decoder = msgspec.json.Decoder(Other)
    await number(upstream)
    read = await upstream.read(THING, decoder, Operation(timeout=5), path={"id": "1"}, max_age=60)

    assert read == Other(2)


async def test_callers_with_credentials_of_their_own_share_nothing(vendor: Numbered, clock: Clock) -> None:
    one, other = keeping(vendor, clock), keeping(vendor, clock)

    assert [await number(one), await number(other), await number(one)] == [1, 2, 1]


async def test_a_failure_is_not_kept(upstream: Upstream, vendor: Numbered) -> None:
    vendor.failing = True
    for _ in "ab":
        with pytest.raises(Broken):
            await number(upstream)
    vendor.failing = False

    assert await number(upstream) == len(vendor.asked) == 3


async def test_no_call_is_recorded_counted_or_waited_for(upstream: Upstream) -> None:
    await number(upstream)
    operation = Operation(timeout=5)
    operation.allow(0)
    await number(upstream, operation=operation)

    assert (operation.calls, operation.waves, operation.next_wave()) == ([], 0, 1)


async def test_a_call_that_is_made_counts_as_ever(upstream: Upstream, vendor: Numbered) -> None:
    operation = Operation(timeout=5)
    operation.allow(1)
    await number(upstream, operation=operation)
    with pytest.raises(CallLimit):
        await number(upstream, "2", operation=operation)

    assert [call.operation for call in operation.calls] == ["get_thing"]
    assert len(vendor.asked) == 1


async def test_who_asks_at_once_shares_one_call(upstream: Upstream, vendor: Numbered) -> None:
    assert await asyncio.gather(*(number(upstream) for _ in range(5))) == [1] * 5
    assert len(vendor.asked) == 1


async def test_after_a_write_nothing_from_before_is_given(upstream: Upstream) -> None:
    before = [await number(upstream), await number(upstream)]
    await make(upstream)

    assert before == [1, 1]
    assert await number(upstream) == 3


async def test_a_write_of_unknown_outcome_counts_as_one(upstream: Upstream, vendor: Numbered) -> None:
    await number(upstream)
    vendor.replies = [Reply(gate=asyncio.Event())]
    with pytest.raises(UnknownOutcome):
        await make(upstream, patience=0.05)
    vendor.replies = [Reply()]

    assert await number(upstream) == len(vendor.asked) == 3


async def test_a_read_begun_before_a_write_is_not_kept(upstream: Upstream, vendor: Numbered) -> None:
    gate = asyncio.Event()
    vendor.replies = [Reply(gate=gate)]
    reading = asyncio.ensure_future(number(upstream))
    await until(lambda: vendor.busy == 1)
    vendor.replies = [Reply()]
    await make(upstream)
    gate.set()

    assert await reading == 1
    assert await number(upstream) == 3


async def test_nothing_is_kept_while_a_write_may_not_show_yet(upstream: Upstream, clock: Clock) -> None:
    await make(upstream)
    clock.now += SETTLING - 0.1
    early = [await number(upstream), await number(upstream)]
    clock.now += 0.1
    late = [await number(upstream), await number(upstream)]

    assert (early, late) == ([2, 3], [4, 4])


async def test_an_operation_that_writes_asks_the_vendor(upstream: Upstream) -> None:
    """So does what goes on for it when its client has left."""
    await number(upstream)
    operation = Operation(timeout=5)
    lasting = operation.lasting(5)
    found = [await number(upstream, operation=lasting), await number(upstream, operation=operation)]
    operation.is_afresh = True
    found.append(await number(upstream, operation=operation))

    assert found == [2, 1, 3]


async def test_memory_holds_what_was_used_last(vendor: Numbered, clock: Clock) -> None:
    upstream = keeping(vendor, clock, size=5000)
    for id in "123456":
        await number(upstream, id)
        await number(upstream, "1")

    assert len(vendor.asked) == 6
    assert await number(upstream, "2") == 7


class Memory:
    """A store that replicas of one process share. It may be down."""

    def __init__(self) -> None:
        self.left: dict[Key, Left] = {}
        self.present = Era("a", 0.0)
        self.is_up = True

    async def look(self, key: Key | None) -> tuple[Era | None, Left | None]:
        await asyncio.sleep(0)
        return (self.present, self.left.get(key) if key else None) if self.is_up else (None, None)

    async def leave(self, key: Key, left: Left, *, seconds: float) -> None:
        self.left[key] = left

    async def end_era(self, now: float) -> None:
        self.present = Era(f"{self.present.name}a", now)


async def test_replicas_share_answers_and_their_age(vendor: Numbered, clock: Clock) -> None:
    store = Memory()
    one, other = keeping(vendor, clock, store=store), keeping(vendor, clock, store=store)
    first = await number(one)
    clock.now += 30
    second = await number(other)
    clock.now += 29
    third = [await number(other), await number(other, max_age=59)]

    assert (first, second, third) == (1, 1, [1, 2])


async def test_a_write_of_one_replica_ends_what_the_others_keep(vendor: Numbered, clock: Clock) -> None:
    store = Memory()
    one, other = keeping(vendor, clock, store=store), keeping(vendor, clock, store=store)
    await number(one)
    await number(other)
    await make(one)

    assert await number(other) == 3
    assert await number(other) == 4  # it may not show yet
    clock.now += SETTLING
    assert [await number(other), await number(one)] == [5, 5]


async def test_what_another_replica_has_read_since_a_write_is_enough(vendor: Numbered, clock: Clock) -> None:
    store = Memory()
    one, other = keeping(vendor, clock, store=store), keeping(vendor, clock, store=store)
    for replica in (one, other):
        await number(replica)
    await make(one)
    clock.now += SETTLING

    assert [await number(one), await number(other), await number(other)] == [3, 3, 3]


async def test_while_the_store_is_down_the_vendor_is_asked(vendor: Numbered, clock: Clock) -> None:
    store = Memory()
    upstream = keeping(vendor, clock, store=store)
    await number(upstream)
    store.is_up = False
    assert [await number(upstream), await number(upstream)] == [2, 3]
    store.is_up = True
    assert await number(upstream) == 1


@pytest.mark.parametrize("body", [b"", b"[]", b'{"value": "x"}'])
async def test_what_cannot_be_read_is_asked_for(vendor: Numbered, clock: Clock, body: bytes) -> None:
    """Another version of the server may have left it."""
    store = Memory()
    await number(keeping(vendor, clock, store=store))
    store.left = {key: msgspec.structs.replace(left, body=body) for key, left in store.left.items()}

    assert await number(keeping(vendor, clock, store=store)) == 2


class Sum(Dated, frozen=True, rename="camel"):
    """A record of a vendor."""

    amount: Decimal
    whole: int
    raw: msgspec.Raw


@pytest.mark.parametrize("amount", ["12345678901234567890.120", "-0.00", "1E+3", "9007199254740993.1"])
async def test_amounts_and_the_time_of_reading_survive_the_store(clock: Clock, amount: str) -> None:
    """To the digit; the record says when the vendor's answer came, not when it was found in the store."""
    body = f'{{"amount": {amount}, "whole": 9007199254740993123456789, "raw": {{"a": 1.10}}}}'.encode()
    vendor, store, decoder = Vendor(Reply(body=body)), Memory(), msgspec.json.Decoder(Sum)

    async def read() -> Sum:
        upstream = keeping(vendor, clock, store=store)
        return await upstream.read(THING, decoder, Operation(timeout=5), path={"id": "1"}, max_age=60)

    first = await read()
    await asyncio.sleep(0.002)
    second = await read()

    assert len(vendor.asked) == 1
    assert first == second
    assert (str(second.amount), second.whole, bytes(second.raw)) == (amount, 9007199254740993123456789, b'{"a": 1.10}')
