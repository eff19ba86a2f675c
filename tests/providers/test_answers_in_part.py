"""Answers of which the beginning is enough, and refusals that are answers."""

import asyncio
import zlib

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from providers.answers import LINES
from providers.bodies import Lines
from providers.endpoint import Endpoint
from providers.errors import Broken, Garbled, ProviderError, Rejected
from providers.http import Upstream
from providers.operation import Operation
from tests.providers.vendor import DECODER, KINDS, Reply, Vendor, get, reached

pytestmark = pytest.mark.usefixtures("tidy")
on_both = pytest.mark.parametrize("kind", KINDS)

LOGS = Endpoint("export_logs", "POST", "/logs")
BULK = Endpoint("create_bulk", "POST", "/bulk", answers=400)
JSON = {"content-type": "application/json"}


class Endless:
    """A vendor that goes on writing lines for as long as somebody reads them. Its other answers are short."""

    def __init__(self, *, is_packed: bool = False) -> None:
        self._is_packed = is_packed
        self.has_seen_them_leave = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/logs":
            await Vendor()(scope, receive, send)
            return
        headers = [(b"content-encoding", b"gzip")] if self._is_packed else []
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await receive()
        leaving = asyncio.ensure_future(receive())
        try:
            await self._write(send, leaving)
        finally:
            leaving.cancel()
            self.has_seen_them_leave.set()

    async def _write(self, send: Send, leaving: "asyncio.Future[Message]") -> None:
        packer, number = zlib.compressobj(wbits=31), 0
        while not leaving.done():
            number += 1
            line = b'{"id": %d}\n' % number
            if self._is_packed:
                line = packer.compress(line) + packer.flush(zlib.Z_SYNC_FLUSH)
            await send({"type": "http.response.body", "body": line, "more_body": True})
            await asyncio.sleep(0)


async def export(upstream: Upstream, lines: int) -> bytes:
    return await upstream.read(LOGS, LINES, Operation(timeout=5), lines=lines)


@on_both
@pytest.mark.parametrize("is_packed", [False, True])
async def test_no_more_is_read_than_is_wanted(kind: str, *, is_packed: bool) -> None:
    """Whatever the vendor would still say; the next call is another connection's."""
    vendor = Endless(is_packed=is_packed)
    async with reached(kind, vendor) as upstream:
        assert await export(upstream, 3) == b'{"id": 1}\n{"id": 2}\n{"id": 3}\n'
        await vendor.has_seen_them_leave.wait()
        assert (await get(upstream)).value == 1


@on_both
async def test_fewer_lines_than_are_wanted_are_all(kind: str) -> None:
    body = b'{"id": 1}\n{"id": 2}'
    async with reached(kind, Vendor(Reply(body=body, headers={}))) as upstream:
        assert await export(upstream, 5) == body
        assert await export(upstream, 0) == body


@on_both
async def test_a_line_without_an_end_is_too_much(kind: str) -> None:
    async with reached(kind, Vendor(Reply(body=b"x" * 2_000)), max_bytes=1_000) as upstream:
        with pytest.raises(Garbled):
            await export(upstream, 1)


@on_both
async def test_lines_after_the_last_one_that_is_wanted_count_for_nothing(kind: str) -> None:
    """Not even for the size that is allowed."""
    app: ASGIApp = Vendor(Reply(body=b"{}\n" + b"x" * 500 + b"\n" * 2_000, headers={}))
    async with reached(kind, app, max_bytes=1_000) as upstream:
        assert await export(upstream, 1) == b"{}\n"


@on_both
async def test_a_refusal_is_read_whole(kind: str) -> None:
    """It is not the answer that is asked for in lines."""
    refusal = Reply(status=404, body=b'{\n"errorCode":\n"NOT_FOUND"}', headers=JSON)
    async with reached(kind, Vendor(refusal)) as upstream:
        with pytest.raises(ProviderError) as caught:
            await export(upstream, 1)
    assert caught.value.status == 404


@pytest.mark.parametrize(
    ("pieces", "wanted", "expected"),
    [
        ([b"a\nb\nc"], 0, b"a\nb\nc"),
        ([b"a\nb\nc"], 1, b"a\n"),
        ([b"a", b"\n", b"b\nc\n"], 2, b"a\nb\n"),
        ([b"a\nb"], 2, b"a\nb"),
        ([b"\n\n\n"], 2, b"\n\n"),
    ],
)
def test_lines_are_counted_over_pieces(pieces: list[bytes], wanted: int, expected: bytes) -> None:
    lines = Lines(wanted)

    assert b"".join(lines.taken(piece) for piece in pieces if not lines.are_enough) == expected
    assert lines.are_enough is (0 < wanted <= expected.count(b"\n"))


async def bulk(upstream: Upstream) -> object:
    return (await upstream.write(BULK, DECODER, Operation(timeout=5), content=b"[]")).value


@on_both
async def test_a_refusal_can_be_an_answer(kind: str) -> None:
    async with reached(kind, Vendor(Reply(status=400))) as upstream:
        assert await bulk(upstream) == 1


@on_both
@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(status=400, body=b"", headers={}), Rejected),
        (Reply(status=400, body=b"no", headers={"content-type": "text/plain"}), Rejected),
        (Reply(status=400, body=b"[]"), Garbled),
        (Reply(status=409), Rejected),
        (Reply(status=500), Broken),
    ],
)
async def test_other_refusals_are_none(kind: str, reply: Reply, error: type[ProviderError]) -> None:
    async with reached(kind, Vendor(reply)) as upstream:
        with pytest.raises(error):
            await bulk(upstream)


async def test_where_it_is_not_said_to_be_one_it_is_none() -> None:
    async with reached(KINDS[0], Vendor(Reply(status=400))) as upstream:
        with pytest.raises(Rejected):
            await get(upstream)
