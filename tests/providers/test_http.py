"""Reads through the one caller: shared, bounded in time and number, recorded."""

import asyncio
from decimal import Decimal

import pytest

from providers.domain import Provider
from providers.errors import (
    Broken,
    Rejected,
    TimedOut,
)
from providers.http import HttpSettings, Upstream
from providers.operation import Operation
from providers.telemetry import Telemetry, UpstreamCall
from providers.transport import InProcessTransport
from tests.providers.vendor import (
    KINDS,
    OTHER,
    QUICK,
    Reply,
    Vendor,
    get,
    listening,
    reached,
    until,
    wired,
)

pytestmark = pytest.mark.usefixtures("tidy")
on_both = pytest.mark.parametrize("kind", KINDS)


@on_both
async def test_identical_reads_at_once_are_one_call(kind: str) -> None:
    vendor, operations = Vendor(), [Operation(timeout=5) for _ in range(50)]
    async with reached(kind, vendor) as upstream:
        things = await asyncio.gather(*(get(upstream, operation=operation) for operation in operations))
    assert [thing.value for thing in things] == [Decimal(1)] * 50
    assert len(vendor.asked) == 1
    calls = [operation.calls[0] for operation in operations]
    assert sorted(call.coalesced for call in calls) == [False] + [True] * 49
    assert {(call.status, call.attempts) for call in calls} == {(200, 1)}


async def test_a_read_after_another_asks_again() -> None:
    vendor = Vendor()
    async with reached("in process", vendor) as upstream:
        await get(upstream)
        await get(upstream)
    assert len(vendor.asked) == 2


async def test_what_is_read_for_an_event_is_not_what_was_asked_for_an_earlier_one() -> None:
    """It may have been answered before the change. Those who read for the same event share."""
    vendor, first = Vendor(), Operation(timeout=5)
    async with reached("in process", vendor) as upstream:
        occasions = (first, first.anew(1), first.anew(1), first.anew(2))
        await asyncio.gather(*(get(upstream, operation=operation) for operation in occasions))
        assert len(vendor.asked) == 3
        for operation in (first.anew(1), first.anew(2), first.anew(2)):
            await get(upstream, operation=operation)
        assert len(vendor.asked) == 3
        for operation in (first, first.anew(3), Operation(timeout=5)):
            await get(upstream, operation=operation)
    assert len(vendor.asked) == 6


async def test_what_is_read_for_an_event_is_given_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a failure never."""
    monkeypatch.setattr("providers.http.OCCASION_SECONDS", 0.0)
    vendor, first = Vendor(), Operation(timeout=5)
    async with reached("in process", vendor) as upstream:
        for _ in range(3):
            await get(upstream, operation=first.anew(1))
    assert len(vendor.asked) == 3
    monkeypatch.setattr("providers.http.OCCASION_SECONDS", 60.0)
    vendor = Vendor(Reply(400), Reply(400))
    async with reached("in process", vendor) as upstream:
        for _ in range(2):
            with pytest.raises(Rejected):
                await get(upstream, operation=first.anew(1))
    assert len(vendor.asked) == 2


async def test_what_differs_in_anything_is_not_shared() -> None:
    vendor = Vendor()
    async with reached("in process", vendor) as upstream:
        await asyncio.gather(
            get(upstream, "1"),
            get(upstream, "2"),
            get(upstream, query=[("page", "1")]),
            get(upstream, query=[("page", "2")]),
            get(upstream, authenticated=False),
            get(upstream, endpoint=OTHER),
        )
    assert len(vendor.asked) == 6


@on_both
async def test_a_reader_that_leaves_harms_no_other(kind: str) -> None:
    vendor = Vendor(Reply(gate=asyncio.Event()))
    async with reached(kind, vendor) as upstream:
        readers = [asyncio.create_task(get(upstream)) for _ in range(3)]
        await until(lambda: vendor.busy == 1)
        readers[0].cancel()
        await asyncio.wait([readers[0]])
        vendor.replies[0].gate.set()  # type: ignore[union-attr]
        assert len(await asyncio.gather(*readers[1:])) == 2
    assert readers[0].cancelled()
    assert len(vendor.asked) == 1


@on_both
async def test_the_last_readers_leaving_ends_the_vendors_work(kind: str) -> None:
    vendor = Vendor(Reply(gate=asyncio.Event()))
    async with reached(kind, vendor) as upstream:
        readers = [asyncio.create_task(get(upstream)) for _ in range(3)]
        await until(lambda: vendor.busy == 1)
        for reader in readers:
            reader.cancel()
        await asyncio.wait(readers)
        await until(lambda: vendor.busy == 0)


async def test_a_failed_read_fails_every_reader_with_an_error_of_its_own() -> None:
    vendor = Vendor(Reply(status=500))
    async with reached("in process", vendor) as upstream:
        errors = await asyncio.gather(*(get(upstream) for _ in range(10)), return_exceptions=True)
    assert {type(error) for error in errors} == {Broken}
    assert len({id(error) for error in errors}) == 10
    assert len(vendor.asked) == 1


async def test_the_operations_deadline_ends_a_wait_for_a_slot() -> None:
    vendor = Vendor(Reply(gate=asyncio.Event()))
    async with reached("in process", vendor, concurrency=1) as upstream:
        slow = asyncio.create_task(get(upstream, "slow"))
        await until(lambda: vendor.busy == 1)
        with pytest.raises(TimedOut):
            await get(upstream, "2", operation=Operation(timeout=0.02))
        slow.cancel()
        await asyncio.wait([slow])
    assert len(vendor.asked) == 1


async def test_a_pause_that_outlives_the_operation_is_not_begun() -> None:
    """The failure at hand is told at once: it says more than a time-out later."""
    vendor, operation = Vendor(Reply(status=503, headers={"retry-after": "2"})), Operation(timeout=1)
    async with reached("in process", vendor) as upstream:
        with pytest.raises(Broken) as caught:
            await get(upstream, operation=operation)
    assert caught.value.retry_after == 2
    assert (operation.calls[0].error, operation.calls[0].status, operation.calls[0].ms < 500) == ("Broken", 503, True)


async def test_a_deadline_that_has_passed_reaches_no_vendor() -> None:
    vendor = Vendor()
    async with reached("in process", vendor) as upstream:
        with pytest.raises(TimedOut):
            await get(upstream, operation=Operation(timeout=-1))
    assert vendor.asked == []


async def test_one_readers_deadline_is_not_anothers() -> None:
    vendor = Vendor(Reply(gate=asyncio.Event()))
    async with reached("in process", vendor) as upstream:
        patient = asyncio.create_task(get(upstream))
        with pytest.raises(TimedOut):
            await get(upstream, operation=Operation(timeout=0.02))
        vendor.replies[0].gate.set()  # type: ignore[union-attr]
        assert (await patient).value == 1


async def test_connections_of_abandoned_reads_are_closed() -> None:
    vendor = Vendor(Reply(gate=asyncio.Event()))
    async with listening(vendor) as server, wired(server.url) as upstream:
        reads = [get(upstream, str(number), operation=Operation(timeout=0.5)) for number in range(20)]
        outcomes = asyncio.gather(*reads, return_exceptions=True)
        await until(lambda: server.connections == 20)
        assert {type(outcome) for outcome in await outcomes} == {TimedOut}
        await until(lambda: server.connections == 0)


async def test_a_connection_is_used_again_after_a_read() -> None:
    vendor = Vendor()
    async with listening(vendor) as server, wired(server.url) as upstream:
        for number in range(5):
            await get(upstream, str(number))
        assert server.connections == 1
    assert len(vendor.asked) == 5


@on_both
async def test_no_more_calls_than_allowed_are_under_way(kind: str) -> None:
    vendor = Vendor(Reply(gate=asyncio.Event()))
    async with reached(kind, vendor, concurrency=3) as upstream:
        reads = asyncio.gather(*(get(upstream, str(number)) for number in range(12)))
        await until(lambda: vendor.busy == 3)
        await asyncio.sleep(0.02)
        vendor.replies[0].gate.set()  # type: ignore[union-attr]
        await reads
    assert (vendor.most_busy, len(vendor.asked)) == (3, 12)


async def test_a_record_holds_the_template_and_no_id() -> None:
    heard: list[UpstreamCall] = []

    def deaf(_: UpstreamCall) -> None:
        raise LookupError

    telemetry, operation = Telemetry([deaf, heard.append]), Operation(timeout=5)
    upstream = Upstream(
        provider=Provider.PLUGGY,
        base_url="http://vendor.test/base/",
        transport=InProcessTransport(vendor := Vendor()),
        telemetry=telemetry,
        settings=HttpSettings(retry=QUICK),
        headers={"x-app-key": "k"},
    )
    await get(upstream, "acct-4711", operation=operation, query=[("number", "4711")])
    assert operation.calls == heard
    assert heard[0].path == "/things/{id}"
    assert "4711" not in repr(heard)
    assert vendor.asked[0].raw_path == b"/base/things/acct-4711"
    assert vendor.asked[0].headers["x-app-key"] == "k"


async def test_calls_at_once_are_one_wave_and_those_after_them_the_next() -> None:
    operation = Operation(timeout=5)
    async with reached("in process", Vendor()) as upstream:
        await asyncio.gather(*(get(upstream, str(number), operation=operation) for number in range(3)))
        await get(upstream, operation=operation)
    assert [call.wave for call in operation.calls] == [1, 1, 1, 2]
    assert operation.waves == 2


async def test_a_cancelled_read_is_recorded_too() -> None:
    vendor, operation = Vendor(Reply(gate=asyncio.Event())), Operation(timeout=5)
    async with reached("in process", vendor) as upstream:
        read = asyncio.create_task(get(upstream, operation=operation))
        await until(lambda: vendor.busy == 1)
        read.cancel()
        await asyncio.wait([read])
    assert [(call.error, call.status, call.attempts) for call in operation.calls] == [("CancelledError", None, 1)]
