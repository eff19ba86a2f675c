"""Connections that break, drip, stall or flood: the right error in time, in little memory, and nothing left open."""

import asyncio
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from providers.errors import Garbled, ProviderError, TimedOut, Unreachable
from providers.http import Upstream
from providers.operation import Operation
from providers.transport import SMALL, BodyRefused, InProcessTransport, body_of
from tests.providers.vendor import KINDS, Reply, Vendor, get, listening, raw, reached, until, wired

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
pytestmark = pytest.mark.usefixtures("tidy")
on_both = pytest.mark.parametrize("kind", KINDS)


def answering(*chunks: bytes, encoding: str | None = None, times: int = 1) -> ASGIApp:
    """An app that sends these chunks so many times over."""

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json")]
        headers += [(b"content-encoding", encoding.encode())] if encoding else []
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for _ in range(times):
            for chunk in chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    return app


def packed(content: bytes, *, times: int = 1) -> bytes:
    """gzip of so many copies, without ever holding them."""
    packer = zlib.compressobj(wbits=31)
    return b"".join([*(packer.compress(content) for _ in range(times)), packer.flush()])


BOMB = packed(b" " * 1_000_000, times=100)


async def refused(upstream: Upstream) -> tuple[ProviderError, int]:
    """The error of a read, and the most memory in bytes that it took."""
    tracemalloc.start()
    try:
        with pytest.raises(Garbled) as caught:
            await get(upstream)
        return caught.value, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@on_both
async def test_a_flood_is_refused_in_little_memory(kind: str) -> None:
    async with reached(kind, answering(b" " * 50_000, times=4_000), max_bytes=1_000_000) as upstream:
        error, memory = await refused(upstream)
    assert "larger" in error.message
    assert memory < 8_000_000


@on_both
async def test_a_bomb_is_refused_in_little_memory_even_in_one_piece(kind: str) -> None:
    assert len(BOMB) < 110_000
    async with reached(kind, answering(BOMB, encoding="gzip"), max_bytes=1_000_000) as upstream:
        error, memory = await refused(upstream)
    assert "larger" in error.message
    assert memory < 8_000_000


@on_both
@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "deflate", "zstd", "compress"])
async def test_only_one_layer_of_gzip_is_unpacked(kind: str, encoding: str) -> None:
    async with reached(kind, answering(packed(BOMB), encoding=encoding)) as upstream:
        error, memory = await refused(upstream)
    assert "packed" in error.message
    assert memory < 8_000_000


@on_both
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"not gzip at all", "cannot be unpacked"),
        (packed(b'{"value": 1}')[:-4], "is cut"),
        (packed(b'{"value": 1}') + b"and more", "goes on"),
    ],
)
async def test_broken_gzip_is_refused(kind: str, body: bytes, reason: str) -> None:
    async with reached(kind, answering(body, encoding="gzip")) as upstream:
        with pytest.raises(Garbled, match=reason):
            await get(upstream)


@on_both
async def test_gzip_in_pieces_is_read(kind: str) -> None:
    body = packed(b'{"value": 1}' + b" " * 300_000)
    pieces = [body[start : start + 7] for start in range(0, len(body), 7)]
    async with reached(kind, answering(*pieces, encoding="gzip")) as upstream:
        assert (await get(upstream)).value == 1


@on_both
async def test_a_body_of_just_the_allowed_size_is_read(kind: str) -> None:
    body = b'{"value": 1}'
    for content, encoding in ((body, None), (packed(body), "gzip")):
        async with reached(kind, answering(content, encoding=encoding), max_bytes=len(body)) as upstream:
            assert (await get(upstream)).value == 1
        async with reached(kind, answering(content, encoding=encoding), max_bytes=len(body) - 1) as upstream:
            with pytest.raises(Garbled, match="larger"):
                await get(upstream)


async def test_a_body_that_does_not_come_in_pieces_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError):
        await body_of(httpx.Response(200, content=iter([b""])), limit=1, large=asyncio.Semaphore())
    assert BodyRefused("why").reason == "why"


async def test_large_bodies_wait_for_one_another_and_small_ones_for_nobody() -> None:
    large = asyncio.Semaphore(1)
    await large.acquire()
    assert len(await body_of(_pieces(SMALL), limit=2 * SMALL, large=large)) == SMALL
    waiting = asyncio.create_task(body_of(_pieces(SMALL + 1), limit=2 * SMALL, large=large))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    large.release()
    assert len(await waiting) == SMALL + 1
    assert not large.locked()


async def test_a_large_body_that_fails_lets_the_next_one_go_on() -> None:
    large = asyncio.Semaphore(1)
    for _ in range(2):
        with pytest.raises(BodyRefused) as caught:
            await body_of(_pieces(3 * SMALL), limit=2 * SMALL, large=large)
        frame = caught.traceback[-1].frame.f_locals
        assert frame["body"] == b""  # what a traceback keeps, stays in memory
    assert not large.locked()


def _pieces(size: int) -> httpx.Response:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, size, 50_000):
            yield b" " * min(50_000, size - start)

    return httpx.Response(200, content=pieces())


# --- slow


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"content-length: 1000\r\n\r\n")
    for _ in range(1000):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def drip_head(writer: asyncio.StreamWriter) -> None:
    for byte in HEAD * 10:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)


async def stall(_: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("slowness", [drip, drip_head, stall])
async def test_an_attempt_has_a_total_time_out(slowness: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> None:
    """A byte now and then does not prolong it, and the connection is closed at once."""
    closed = asyncio.Event()

    async def watched(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sending = asyncio.ensure_future(slowness(writer))
        try:
            await reader.read()
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            closed.set()

    async with raw(watched) as url, wired(url, timeout=0.15) as upstream:
        started, operation = time.monotonic(), Operation(timeout=5)
        with pytest.raises(TimedOut):
            await get(upstream, operation=operation)
        assert time.monotonic() - started < 3
        assert operation.calls[0].attempts == 1
        async with asyncio.timeout(5):
            await closed.wait()


async def test_a_slow_app_in_process_is_stopped() -> None:
    vendor = Vendor(Reply(gate=asyncio.Event()))
    async with reached("in process", vendor, timeout=0.05) as upstream:
        with pytest.raises(TimedOut):
            await get(upstream)
        assert vendor.busy == 0


async def test_time_outs_leave_no_connection_open() -> None:
    vendor = Vendor(Reply(gate=asyncio.Event()))
    async with listening(vendor) as server, wired(server.url, timeout=0.05) as upstream:
        await asyncio.gather(*(get(upstream, str(n)) for n in range(10)), return_exceptions=True)
        await until(lambda: server.connections == 0)


# --- broken

BROKEN = {
    "nothing": (b"", Unreachable),
    "half a head": (HEAD, Unreachable),
    "half a body": (HEAD + b'content-length: 100\r\n\r\n{"value"', Unreachable),
    "half a chunk": (HEAD + b'transfer-encoding: chunked\r\n\r\n64\r\n{"value"', Unreachable),
    "no last chunk": (HEAD + b'transfer-encoding: chunked\r\n\r\nc\r\n{"value": 1}\r\n', Unreachable),
    "a bad chunk size": (HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", Garbled),
    "a bad status line": (b"HELLO 200 OK\r\n\r\n{}", Garbled),
    "another protocol": (b"SSH-2.0-OpenSSH_9.6\r\n", Garbled),
    "2 MB in one header": (HEAD + b"x: " + b"y" * 2_000_000 + b"\r\n\r\n{}", Garbled),
    "2 MB of headers": (HEAD + b"x: y\r\n" * 350_000 + b"\r\n{}", Garbled),
    "two lengths": (HEAD + b'content-length: 2\r\ncontent-length: 12\r\n\r\n{"value": 1}', Garbled),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_broken_http_is_lost_or_garbled(case: str) -> None:
    """Lost connections are tried again; what was answered, but not in HTTP, is final."""
    answer, error = BROKEN[case]
    operation = Operation(timeout=5)
    async with raw(answer) as url, wired(url) as upstream:
        with pytest.raises(error) as caught:
            await get(upstream, "acct-4711", operation=operation)
    assert type(caught.value) is error
    assert operation.calls[0].attempts == (3 if error is Unreachable else 1)
    for secret in ("4711", "127.0.0.1", "http://"):
        assert secret not in str(caught.value)


async def test_a_refused_port_is_unreachable() -> None:
    operation = Operation(timeout=5)
    async with wired("http://127.0.0.1:1") as upstream:
        with pytest.raises(Unreachable) as caught:
            await get(upstream, operation=operation)
    assert (operation.calls[0].attempts, operation.calls[0].status) == (3, None)
    assert "127.0.0.1" not in str(caught.value)


async def test_a_redirect_is_not_followed() -> None:
    elsewhere = Vendor()
    async with listening(elsewhere) as server:
        vendor = Vendor(Reply(status=307, body=b"", headers={"location": f"{server.url}/things/1"}))
        async with reached("over the wire", vendor) as upstream:
            with pytest.raises(Garbled):
                await get(upstream)
    assert elsewhere.asked == []


async def test_cookies_are_not_sent_back() -> None:
    vendor = Vendor(Reply(headers={"content-type": "application/json", "set-cookie": "session=1; Path=/"}))
    async with reached("over the wire", vendor) as upstream:
        await get(upstream)
        await get(upstream)
    assert all("cookie" not in asked.headers for asked in vendor.asked)


async def test_a_caller_that_was_never_used_can_be_closed() -> None:
    async with wired("http://127.0.0.1:1"):
        pass


# --- apps that break in process


def breaking(*messages: Message, error: Exception | None = None) -> ASGIApp:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)
        if error is not None:
            raise error

    return app


START: Message = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
HALF: Message = {"type": "http.response.body", "body": b'{"value"', "more_body": True}


@pytest.mark.parametrize(
    "app",
    [
        breaking(),
        breaking(error=LookupError("a bug")),
        breaking(START, error=LookupError("a bug")),
        breaking(START, HALF),
        breaking(START, *[HALF] * 50, error=LookupError("a bug")),
    ],
    ids=["no answer", "an error at once", "an error after the head", "half a body", "an error later"],
)
async def test_an_app_that_breaks_is_a_lost_connection(app: ASGIApp) -> None:
    operation = Operation(timeout=5)
    async with reached("in process", app) as upstream:
        with pytest.raises(Unreachable):
            await get(upstream, operation=operation)
    assert operation.calls[0].attempts == 3


async def test_an_app_that_sends_no_headers_is_understood() -> None:
    app = breaking({"type": "http.response.start", "status": 404}, {"type": "http.response.body"})
    with pytest.raises(ProviderError):
        await get_through(app)


async def test_an_app_sees_a_request_like_a_real_one() -> None:
    scopes: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)
        assert await receive() == {"type": "http.request", "body": b"", "more_body": False}
        await answering(b'{"value": 1}')(scope, receive, send)

    await get_through(app)
    scope = scopes[0]
    assert (scope["type"], scope["method"], scope["path"], scope["server"]) == (
        "http",
        "GET",
        "/things/1",
        ("vendor.test", None),
    )
    assert (b"host", b"vendor.test") in scope["headers"]


async def get_through(app: ASGIApp) -> None:
    async with reached("in process", app) as upstream:
        await get(upstream)


async def test_the_transport_needs_nothing_to_be_closed() -> None:
    await InProcessTransport(Vendor()).aclose()
