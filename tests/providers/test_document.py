"""A document is fetched whole, in time and from where it was asked for; whatever else happens is no document."""

import asyncio
import time

import pytest

from providers.document import DocumentUnavailable, fetched
from tests.providers.test_transport import BOMB, answering
from tests.providers.vendor import Reply, Vendor, listening, raw

pytestmark = pytest.mark.usefixtures("tidy")


async def refusal(url: str, *, seconds: float = 20.0, max_bytes: int = 1000) -> str:
    """Why there is no document at this address."""
    with pytest.raises(DocumentUnavailable) as caught:
        await fetched(url, timeout=seconds, max_bytes=max_bytes)
    assert url not in str(caught.value)
    return str(caught.value)


async def test_a_document_is_fetched_without_any_credential() -> None:
    vendor = Vendor(Reply(body=b'{"keys": []}'))
    async with listening(vendor) as server:
        assert await fetched(f"{server.url}/keys?of=us", timeout=20, max_bytes=12) == b'{"keys": []}'

    (asked,) = vendor.asked
    assert (asked.method, asked.raw_path, asked.query, asked.body) == ("GET", b"/keys", b"of=us", b"")
    assert not {"authorization", "cookie"} & asked.headers.keys()


@pytest.mark.parametrize("status", [201, 204, 301, 302, 307, 308, 401, 404, 429, 500, 503])
async def test_any_other_answer_is_none_and_no_redirect_is_followed(status: int) -> None:
    elsewhere = Vendor()
    async with listening(elsewhere) as other:
        vendor = Vendor(Reply(status=status, body=b"", headers={"location": other.url}))
        async with listening(vendor) as server:
            assert await refusal(server.url) == f"status {status}"

    assert elsewhere.asked == []
    assert len(vendor.asked) == 1


async def test_a_document_may_be_as_large_as_allowed_and_no_larger() -> None:
    async with listening(answering(b" " * 1000)) as server:
        assert len(await fetched(server.url, timeout=20, max_bytes=1000)) == 1000
        assert await refusal(server.url, max_bytes=999) == "Garbled"


async def test_a_bomb_is_not_unpacked() -> None:
    async with listening(answering(BOMB, encoding="gzip")) as server:
        assert await refusal(server.url) == "Garbled"


async def test_an_endless_document_ends_at_its_largest() -> None:
    async with listening(answering(b" " * 65536, times=100_000)) as server:
        assert await refusal(server.url, max_bytes=1_000_000) == "Garbled"


async def test_a_document_that_drips_is_given_up_in_time() -> None:
    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with raw(drip) as url:
        started = time.monotonic()
        assert await refusal(url, seconds=0.2) == "TimedOut"
        assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "Unreachable"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{}", "Unreachable"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "Unreachable"),
    ],
    ids=repr,
)
async def test_a_broken_answer_is_none(answer: bytes, reason: str) -> None:
    async with raw(answer) as url:
        assert await refusal(url) in (reason, "Garbled")


async def test_a_port_where_nobody_listens_is_said_to_be_unreachable() -> None:
    async with raw(b"") as url:
        gone = url
    assert await refusal(gone) == "Unreachable"


@pytest.mark.parametrize("url", ["https://127.0.0.1:{port}/keys"])
async def test_a_server_without_a_certificate_is_not_believed(url: str) -> None:
    async with listening(Vendor()) as server:
        assert await refusal(url.format(port=server.url.rpartition(":")[2])) == "Unreachable"
