"""Questions that are too long for an address, and answers that are nothing but a header."""

import asyncio
from collections.abc import Sequence

import pytest

from providers.answers import COUNT
from providers.endpoint import Endpoint
from providers.errors import Garbled, NotFound
from providers.http import Upstream
from providers.kept import Kept
from providers.operation import Operation
from providers.transport import InProcessTransport
from tests.providers.kept.test_shelf import Clock
from tests.providers.test_wire import ANSWER, BODY, Bytewise
from tests.providers.vendor import DECODER, KINDS, THING, Reply, Thing, Vendor, calling, listening, raw, wired

pytestmark = pytest.mark.usefixtures("tidy")

THINGS = Endpoint("count_things", "HEAD", "/things/{id}")
HEAD = b"HTTP/1.1 %b\r\ncontent-type: application/json\r\ncount: 12\r\n%b\r\n"


async def ask(upstream: Upstream, content: bytes, *, max_age: float = 0.0) -> Thing:
    return await upstream.read(THING, DECODER, Operation(timeout=5), path={"id": "1"}, content=content, max_age=max_age)


async def count(upstream: Upstream, *, times: int = 1) -> Sequence[int]:
    return [await upstream.read(THINGS, COUNT, Operation(timeout=5), path={"id": "1"}) for _ in range(times)]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_question_is_sent_as_a_body_of_json(kind: str) -> None:
    vendor = Vendor()
    if kind == KINDS[0]:
        await ask(calling(InProcessTransport(vendor)), b'{"a": 1}')
    else:
        async with listening(vendor) as server, wired(server.url) as upstream:
            await ask(upstream, b'{"a": 1}')

    [asked] = vendor.asked
    assert (asked.method, asked.body, asked.query) == ("GET", b'{"a": 1}', b"")
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["content-length"] == "8"


async def test_only_the_same_question_shares_a_call() -> None:
    gate = asyncio.Event()
    vendor = Vendor(Reply(gate=gate))
    upstream = calling(InProcessTransport(vendor))
    asking = [asyncio.ensure_future(ask(upstream, content)) for content in (b"1", b"1", b"2", b"")]
    await asyncio.sleep(0.01)
    gate.set()
    await asyncio.gather(*asking)

    assert sorted(asked.body for asked in vendor.asked) == [b"", b"1", b"2"]


async def test_only_the_same_question_is_answered_by_what_was_kept() -> None:
    clock = Clock()
    clock.now = 1e6
    vendor = Vendor()
    upstream = calling(InProcessTransport(vendor))
    upstream.kept = Kept(size=2**20, clock=clock)
    for content in (b"1", b"2", b"1", b"", b"2"):
        await ask(upstream, content, max_age=60)

    assert [asked.body for asked in vendor.asked] == [b"1", b"2", b""]


async def test_a_count_is_a_header() -> None:
    vendor = Vendor(Reply(status=204, body=b"", headers={"Count": "12345678901234567890123"}))

    assert await count(calling(InProcessTransport(vendor))) == [12345678901234567890123]
    assert vendor.asked[0].method == "HEAD"


@pytest.mark.parametrize("value", [None, "", "-1", "1.5", "x", "1" * 100, "\u00b2"])
async def test_what_does_not_count_is_garbled(value: str | None) -> None:
    headers = {} if value is None else {"Count": value}
    if value == "\u00b2":
        headers = {"Count": "\u00c2\u00b2"}
    vendor = Vendor(Reply(status=204, body=b"", headers=headers))

    with pytest.raises(Garbled):
        await count(calling(InProcessTransport(vendor)))


@pytest.mark.parametrize("tail", [b"", b"content-length: 500\r\n", b"transfer-encoding: chunked\r\n"])
@pytest.mark.parametrize("status", [b"200 OK", b"204 No Content"])
async def test_an_answer_to_head_ends_with_its_headers(status: bytes, tail: bytes) -> None:
    """Whatever they say of a body; and the connection serves the next, unless its end is the only sign of the end."""
    vendor = Bytewise(HEAD % (status, tail))
    async with raw(vendor.serve) as url, wired(url) as upstream:
        counts = [(await count(upstream))[0] for _ in range(3)]

    assert counts == [12, 12, 12]
    assert vendor.connections == (3 if status == b"200 OK" and not tail else 1)


async def test_a_read_after_a_count_is_read_whole() -> None:
    vendor = Bytewise(HEAD % (b"200 OK", b"content-length: 12\r\n"), ANSWER)
    async with raw(vendor.serve) as url, wired(url) as upstream:
        assert await count(upstream) == [12]
        assert (await ask(upstream, b"")).value == 1

    assert vendor.connections == 1


async def test_a_body_that_comes_nevertheless_is_nobodys() -> None:
    """It must not be taken for the next answer."""
    vendor = Bytewise(HEAD % (b"200 OK", b"content-length: 12\r\n") + BODY, ANSWER)
    async with raw(vendor.serve) as url, wired(url) as upstream:
        assert await count(upstream) == [12]
        await asyncio.sleep(0.01)
        assert (await ask(upstream, b"")).value == 1


async def test_a_refused_count_is_an_error() -> None:
    vendor = Bytewise(HEAD % (b"404 Not Found", b"content-length: 80\r\n"))
    async with raw(vendor.serve) as url, wired(url) as upstream:
        with pytest.raises(NotFound):
            await count(upstream)
