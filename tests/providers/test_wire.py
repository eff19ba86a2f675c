"""How connections to a vendor are kept and let go, and what comes over them that nobody asked for."""

import asyncio
import ssl

import pytest

from providers import wire
from providers.errors import Garbled, Rejected, Unreachable
from providers.letter import Headers
from providers.operation import Operation
from providers.transport import SMALL
from providers.wire import Wire
from tests.providers.vendor import Reply, Vendor, calling, get, listening, raw, until, wired

pytestmark = pytest.mark.usefixtures("tidy")
BODY = b'{"value": 1}'
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n" + BODY


class Bytewise:
    """A vendor that sends its answers as they are, one for each request, over connections that it counts."""

    def __init__(self, *answers: bytes) -> None:
        self.connections = 0
        self._answers = list(answers)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        is_first = True
        while is_first or await reader.readuntil(b"\r\n\r\n"):
            is_first = False
            writer.write(self._answers.pop(0) if len(self._answers) > 1 else self._answers[0])
            await writer.drain()


async def values(*answers: bytes, times: int = 2) -> tuple[list[object], int]:
    """What so many reads give, one after the other, and over how many connections."""
    vendor = Bytewise(*answers)
    async with raw(vendor.serve) as url, wired(url) as upstream:
        found: list[object] = []
        for _ in range(times):
            found.append((await get(upstream)).value)
            await asyncio.sleep(0.01)
    return found, vendor.connections


async def test_one_connection_serves_one_request_after_the_other() -> None:
    assert await values(ANSWER, times=5) == ([1] * 5, 1)


async def test_a_large_answer_leaves_its_connection_to_the_next() -> None:
    body = BODY + b" " * 3 * SMALL
    large = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)

    assert await values(large, ANSWER, large, times=3) == ([1] * 3, 1)


@pytest.mark.parametrize(
    "interim",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\ncontent-encoding: br\r\n\r\n",
    ],
)
async def test_an_interim_answer_is_passed_over(interim: bytes) -> None:
    """With its headers: they are not the answer's."""
    assert await values(interim + ANSWER, times=3) == ([1] * 3, 1)


async def test_an_answer_that_ends_with_its_connection_is_whole() -> None:
    async with raw(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n" + BODY) as url, wired(url) as upstream:
        assert [(await get(upstream)).value for _ in range(2)] == [1, 1]


@pytest.mark.parametrize(
    "unasked", [ANSWER, ANSWER[:5], ANSWER[:17], ANSWER[:30], ANSWER[:-5], b"x", b"\r\n\r\n"], ids=repr
)
async def test_what_comes_with_an_answer_unasked_is_nobodys(unasked: bytes) -> None:
    """The next request must not get it."""
    other = ANSWER.replace(b"1}", b"2}")
    vendor = Bytewise(ANSWER + unasked, other)
    async with raw(vendor.serve) as url, wired(url) as upstream:
        try:
            first = (await get(upstream)).value
        except Garbled:
            first = None
        await asyncio.sleep(0.01)
        second = (await get(upstream)).value

    assert first in {1, None}
    assert second == 2
    assert vendor.connections == (1 if unasked.isspace() else 2)


async def test_what_comes_unasked_between_requests_closes_the_connection() -> None:
    asked, vendors = asyncio.Event(), 0

    async def talkative(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal vendors
        vendors += 1
        writer.write(ANSWER)
        await writer.drain()
        await asked.wait()
        writer.write(ANSWER.replace(b"1}", b"9}"))
        await reader.read()

    async with raw(talkative) as url, wired(url) as upstream:
        await get(upstream)
        asked.set()
        await asyncio.sleep(0.02)
        assert (await get(upstream)).value == 1

    assert vendors == 2


async def test_another_protocol_is_no_answer() -> None:
    switching = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"
    async with raw(switching) as url, wired(url) as upstream:
        with pytest.raises(Garbled):
            await get(upstream)


async def test_a_connection_that_the_vendor_closes_is_not_used_again() -> None:
    vendor = Vendor()
    async with listening(vendor) as server, wired(server.url) as upstream:
        await asyncio.gather(*(get(upstream, str(number)) for number in range(3)))
        assert server.connections == 3
        for connection in list(server._server.server_state.connections):
            connection.shutdown()
        await until(lambda: server.connections == 0)
        operation = Operation(timeout=5)
        await get(upstream, operation=operation)

    assert operation.calls[0].attempts == 1


async def test_connections_that_are_idle_for_long_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are used meanwhile stay."""
    monkeypatch.setattr(wire, "IDLE_SECONDS", 0.2)
    vendor = Vendor()
    async with listening(vendor) as server, wired(server.url) as upstream:
        await asyncio.gather(*(get(upstream, str(number)) for number in range(3)))
        assert server.connections == 3
        while server.connections > 1:
            await get(upstream)
        kept: Wire = upstream._transport  # type: ignore[attr-defined]
        await until(lambda: server.connections == 0)
        await until(lambda: kept._sweeping is None)
        assert (await get(upstream)).value == 1
        assert kept._sweeping is not None


async def test_who_is_closed_while_it_reads_keeps_no_connection() -> None:
    gate = asyncio.Event()
    vendor = Vendor(Reply(gate=gate))
    async with listening(vendor) as server:
        upstream = calling(Wire(), url=server.url)
        reading = asyncio.create_task(get(upstream))
        await until(lambda: vendor.busy == 1)
        await upstream.aclose()
        gate.set()
        assert (await reading).value == 1
        await until(lambda: server.connections == 0)


async def test_an_address_that_no_server_takes_is_not_sent() -> None:
    vendor = Vendor()
    async with listening(vendor) as server, wired(server.url) as upstream:
        with pytest.raises(Rejected, match="longer"):
            await get(upstream, "x" * 100_000)

    assert vendor.asked == []


@pytest.mark.parametrize(
    ("authority", "address"),
    [
        ("vendor.test", ("vendor.test", 443)),
        ("vendor.test:8443", ("vendor.test", 8443)),
        ("[2001:db8::1]", ("2001:db8::1", 443)),
        ("[2001:db8::1]:8443", ("2001:db8::1", 8443)),
        ("127.0.0.1", ("127.0.0.1", 443)),
    ],
)
def test_hosts_are_found_with_and_without_a_port(authority: str, address: tuple[str, int]) -> None:
    assert wire._address("https", authority) == address
    assert wire._address("http", "vendor.test") == ("vendor.test", 80)


def test_vendors_have_to_prove_who_they_are() -> None:
    tls = wire._tls()

    assert (tls.verify_mode, tls.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert wire._tls() is tls


async def test_a_server_that_speaks_no_tls_is_not_spoken_to() -> None:
    vendor = Vendor()
    async with listening(vendor) as server, wired(server.url.replace("http://", "https://")) as upstream:
        with pytest.raises(Unreachable):
            await get(upstream)

    assert vendor.asked == []


@pytest.mark.parametrize("field", [("x", "a\r\nhost: evil"), ("x", "a\nb"), ("x\r\ny", "a"), ("x", "\0"), ("x", "€")])
def test_a_header_cannot_end_its_line(field: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="control character"):
        _ = Headers(dict([field])).written


def test_a_letter_has_its_headers_as_they_are() -> None:
    assert Headers({"a": "b", "c": "é\t"}).written == b"a: b\r\nc: \xe9\t\r\n"
