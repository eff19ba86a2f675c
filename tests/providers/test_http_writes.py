"""Writes through the one caller: sent once, and never said to have failed when they may have happened."""

import asyncio
from collections.abc import Mapping

import pytest
from starlette.types import Receive, Scope, Send

from providers.breaker import BreakerSettings
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
    UnknownOutcome,
    Unreachable,
)
from providers.http import Endpoint, Upstream
from providers.operation import Operation
from providers.transport import InProcessTransport
from tests.providers.test_http_tokens import Guarded, Login
from tests.providers.vendor import (
    DECODER,
    KINDS,
    Reply,
    Thing,
    Vendor,
    calling,
    get,
    listening,
    raw,
    reached,
    until,
    wired,
)

pytestmark = pytest.mark.usefixtures("tidy")
on_both = pytest.mark.parametrize("kind", KINDS)
MAKE = Endpoint("make_thing", "POST", "/things")
REMOVE = Endpoint("remove_thing", "DELETE", "/things/{id}")
NO_CONTENT = Reply(status=204, body=b"", headers={})


async def make(
    upstream: Upstream, *, operation: Operation | None = None, content: bytes = b'{"value": 1}', patience: float = 5
) -> Thing:
    return await upstream.write(
        MAKE, DECODER, operation or Operation(timeout=5), content=content, patience=patience, query=[("dry", "no")]
    )


async def remove(upstream: Upstream, *, operation: Operation | None = None) -> None:
    await upstream.command(REMOVE, operation or Operation(timeout=5), path={"id": "a/b"})


async def failure(upstream: Upstream, *, operation: Operation | None = None, patience: float = 5) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await make(upstream, operation=operation, patience=patience)
    return caught.value


@on_both
async def test_a_write_is_sent_as_it_is_and_answered(kind: str) -> None:
    vendor, operation = Vendor(), Operation(timeout=5)
    async with reached(kind, vendor) as upstream:
        assert (await make(upstream, operation=operation)).value == 1
    [asked] = vendor.asked
    assert (asked.method, asked.raw_path, asked.query, asked.body) == ("POST", b"/things", b"dry=no", b'{"value": 1}')
    assert asked.headers["content-type"] == "application/json"
    assert [(call.operation, call.attempts, call.status, call.error) for call in operation.calls] == [
        ("make_thing", 1, 200, None)
    ]


@on_both
async def test_an_answer_without_a_body_is_enough_for_a_command(kind: str) -> None:
    vendor, operation = Vendor(NO_CONTENT), Operation(timeout=5)
    async with reached(kind, vendor) as upstream:
        await remove(upstream, operation=operation)
    assert (vendor.asked[0].method, vendor.asked[0].raw_path) == ("DELETE", b"/things/a%2Fb")
    assert "content-type" not in vendor.asked[0].headers
    assert [(call.path, call.status) for call in operation.calls] == [("/things/{id}", 204)]


async def test_identical_writes_at_once_are_two() -> None:
    vendor = Vendor()
    async with reached("in process", vendor) as upstream:
        await asyncio.gather(make(upstream), make(upstream))
    assert len(vendor.asked) == 2


@on_both
@pytest.mark.parametrize(
    ("reply", "kind_of_error"),
    [
        (Reply(status=429, headers={"retry-after": "0"}), RateLimited),
        (Reply(status=500), Broken),
        (Reply(status=502), Broken),
        (Reply(status=503), Broken),
        (Reply(status=504), Broken),
        (Reply(status=400), Rejected),
        (Reply(status=404), NotFound),
        (Reply(status=401), Unauthorized),
        (Reply(status=408), UnknownOutcome),
        (Reply(body=b"{"), Garbled),
        (NO_CONTENT, Garbled),
    ],
    ids=lambda value: str(getattr(value, "status", getattr(value, "__name__", ""))),
)
async def test_no_answer_has_a_write_sent_again(kind: str, reply: Reply, kind_of_error: type[ProviderError]) -> None:
    vendor = Vendor(reply)
    async with reached(kind, vendor) as upstream:
        error = await failure(upstream)
    assert (type(error), error.operation, error.status) == (kind_of_error, "make_thing", reply.status)
    assert len(vendor.asked) == 1


async def hang_up(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise ConnectionError


@on_both
async def test_a_lost_connection_leaves_open_whether_it_happened(kind: str) -> None:
    operation = Operation(timeout=5)
    if kind == "in process":
        async with reached(kind, hang_up) as upstream:
            error = await failure(upstream, operation=operation)
    else:
        async with raw(b"") as url, wired(url) as upstream:
            error = await failure(upstream, operation=operation)
    assert type(error) is UnknownOutcome
    assert [(call.attempts, call.error) for call in operation.calls] == [(1, "UnknownOutcome")]


async def test_half_an_answer_leaves_open_whether_it_happened() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"
    async with raw(head) as url, wired(url) as upstream:
        assert type(await failure(upstream)) is UnknownOutcome


@on_both
async def test_no_answer_in_time_leaves_open_whether_it_happened(kind: str) -> None:
    vendor = Vendor(Reply(gate=asyncio.Event()))
    async with reached(kind, vendor) as upstream:
        assert type(await failure(upstream, patience=0.05)) is UnknownOutcome
    assert len(vendor.asked) == 1


async def drip(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    for _ in range(40):
        await send({"type": "http.response.body", "body": b" ", "more_body": True})
        await asyncio.sleep(0.005)


@on_both
async def test_an_answer_that_drips_past_our_patience_leaves_open_whether_it_happened(kind: str) -> None:
    """Every byte comes in time, and the whole does not: the head's 200 is no outcome."""
    async with reached(kind, drip) as upstream:
        assert type(await failure(upstream, patience=0.05)) is UnknownOutcome


async def test_a_refused_connection_is_told_as_nothing_sent() -> None:
    operation = Operation(timeout=5)
    async with wired("http://127.0.0.1:1") as upstream:
        assert type(await failure(upstream, operation=operation)) is Unreachable
    assert [(call.attempts, call.error) for call in operation.calls] == [(1, "Unreachable")]


async def test_a_connection_that_never_stands_is_told_as_nothing_sent() -> None:
    """The server takes the connection and answers no handshake: the time ends before a byte of the request left."""

    async def mute(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with raw(mute) as url, wired(url.replace("http:", "https:")) as upstream:
        assert type(await failure(upstream, patience=0.05)) is Unreachable


@on_both
async def test_slow_writes_take_no_room_from_reads(kind: str) -> None:
    vendor, gate = Vendor(Reply(gate=asyncio.Event()), Reply(gate=asyncio.Event()), Reply()), asyncio.Event()
    vendor.replies[0].gate = vendor.replies[1].gate = gate
    async with reached(kind, vendor, concurrency=2) as upstream:
        slow = [asyncio.create_task(make(upstream)) for _ in range(2)]
        await until(lambda: vendor.busy == 2)
        await get(upstream)
        assert not any(write.done() for write in slow)
        gate.set()
        await asyncio.gather(*slow)


async def test_a_connection_is_used_again_after_a_write() -> None:
    vendor = Vendor()
    async with listening(vendor) as server, wired(server.url) as upstream:
        for _ in range(5):
            await make(upstream)
        assert server.connections == 1


BREAKER = BreakerSettings(window=10, least=4, ratio=0.5, pause=5)


async def test_an_open_breaker_sends_nothing() -> None:
    vendor = Vendor(Reply(status=500))
    async with reached("in process", vendor, breaker=BREAKER) as upstream:
        for _ in range(4):
            assert type(await failure(upstream)) is Broken
        assert type(await failure(upstream)) is BreakerOpen
    assert len(vendor.asked) == 4


async def test_lost_writes_open_the_breaker_of_the_host() -> None:
    async with reached("in process", hang_up, breaker=BREAKER) as upstream:
        for _ in range(4):
            assert type(await failure(upstream)) is UnknownOutcome
        with pytest.raises(BreakerOpen):
            await get(upstream)


async def test_a_write_that_gets_no_slot_in_time_is_told_as_nothing_sent() -> None:
    vendor = Vendor(Reply(gate=asyncio.Event()))
    async with reached("in process", vendor, concurrency=1, timeout=0.02) as upstream:
        slow = asyncio.create_task(make(upstream))
        await until(lambda: vendor.busy == 1)
        assert type(await failure(upstream)) is Unreachable
        vendor.replies[0].gate.set()  # type: ignore[union-attr]
        assert (await slow).value == 1
    assert len(vendor.asked) == 1


@on_both
async def test_a_write_takes_its_own_time_whatever_the_operation_has_left(kind: str) -> None:
    vendor = Vendor(Reply(gate=asyncio.Event()))
    async with reached(kind, vendor, timeout=0.02) as upstream:
        slow = asyncio.create_task(make(upstream, operation=Operation(timeout=-1)))
        await until(lambda: vendor.busy == 1)
        await asyncio.sleep(0.05)
        vendor.replies[0].gate.set()  # type: ignore[union-attr]
        assert (await slow).value == 1


async def test_a_cancelled_write_is_recorded() -> None:
    vendor, operation = Vendor(Reply(gate=asyncio.Event())), Operation(timeout=5)
    async with reached("in process", vendor) as upstream:
        write = asyncio.create_task(make(upstream, operation=operation))
        await until(lambda: vendor.busy == 1)
        write.cancel()
        await asyncio.wait([write])
    assert [(call.error, call.attempts) for call in operation.calls] == [("CancelledError", 1)]


async def test_a_read_after_a_write_does_not_share_one_from_before_it() -> None:
    gate = asyncio.Event()
    vendor = Vendor(Reply(gate=gate), Reply())
    async with reached("in process", vendor) as upstream:
        before = asyncio.create_task(get(upstream))
        await until(lambda: vendor.busy == 1)
        await make(upstream)
        await get(upstream)
        gate.set()
        await before
    assert [asked.method for asked in vendor.asked] == ["GET", "POST", "GET"]


async def test_a_write_whose_token_was_refused_is_sent_once_more_with_another() -> None:
    vendor, operation = Guarded(), Operation(timeout=5)
    upstream = calling(InProcessTransport(vendor))
    upstream.authenticator = Login(upstream)
    await remove(upstream)
    vendor.revoked = 1
    await remove(upstream, operation=operation)
    assert [asked.method for asked in vendor.asked] == ["POST", "DELETE", "DELETE", "POST", "DELETE"]
    assert [(call.attempts, call.status) for call in operation.calls if not call.is_token] == [(2, 200)]


async def test_a_write_whose_second_token_is_refused_too_is_given_up() -> None:
    vendor = Guarded()
    vendor.revoked = 1000
    upstream = calling(InProcessTransport(vendor))
    upstream.authenticator = Login(upstream)
    with pytest.raises(Unauthorized):
        await remove(upstream)
    assert [asked.method for asked in vendor.asked] == ["POST", "DELETE", "POST", "DELETE"]


class Locked:
    """No credential to be had: fails, or waits for ever."""

    def __init__(self, error: ProviderError | None) -> None:
        self._error = error

    async def headers(self, operation: Operation) -> Mapping[str, str]:
        if self._error is not None:
            raise self._error
        await asyncio.Event().wait()
        return {}

    def refused(self, headers: Mapping[str, str]) -> None:
        pass


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        (Unauthorized, Unauthorized),
        (RateLimited, RateLimited),
        (Unreachable, Unreachable),
        (BreakerOpen, BreakerOpen),
        (TimedOut, Unreachable),
        (Broken, Unreachable),
        (Garbled, Unreachable),
        (Rejected, Unreachable),
        (NotFound, Unreachable),
        (None, Unreachable),
    ],
)
async def test_what_befalls_a_token_is_never_taken_for_the_writes_own_outcome(
    kind: type[ProviderError] | None, seen: type[ProviderError]
) -> None:
    """A refused token call is no refusal of the write, and one without an answer leaves nothing open."""
    vendor = Vendor()
    async with reached("in process", vendor, timeout=0.02) as upstream:
        upstream.authenticator = Locked(None if kind is None else kind(Provider.PLUGGY, "create_token"))
        assert type(await failure(upstream)) is seen
    assert vendor.asked == []
