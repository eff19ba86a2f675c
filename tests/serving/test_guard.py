"""The guard around an app of the test's own: what no operation of the graph does on demand."""

import asyncio
import re
from collections.abc import AsyncIterator
from itertools import accumulate

import httpx
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.guard import Guard, Limits, Turns
from serving.guard.nesting import DEEPEST, MOST, is_too_complex

START = {"type": "http.response.start", "status": 200, "headers": []}
SECONDS = 0.05
MB = 1024 * 1024
LARGE = 40 * MB


def guarded(app: ASGIApp, **limits: int) -> httpx.AsyncClient:
    limits_ = Limits(**limits)  # type: ignore[arg-type]
    guard = Guard(app, limits=limits_, seconds=SECONDS, turns=Turns(), count=[].append)
    return httpx.AsyncClient(transport=httpx.ASGITransport(guard), base_url="http://tributary")


async def test_an_answer_that_has_begun_may_take_as_long_as_it_needs() -> None:
    async def streaming(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        for _ in range(3):
            await asyncio.sleep(SECONDS)
            await send({"type": "http.response.body", "body": b"part ", "more_body": True})
        await send({"type": "http.response.body", "body": b"end"})

    async with guarded(streaming) as client:
        assert (await client.post("/graphql")).content == b"part part part end"


async def test_a_time_out_of_the_app_itself_is_not_taken_for_the_end_of_its_time() -> None:
    async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise TimeoutError("its own")

    async with guarded(failing) as client:
        with pytest.raises(TimeoutError, match="its own"):
            await client.post("/graphql")


async def test_an_app_that_waits_for_its_client_to_leave_hears_of_it() -> None:
    heard: list[str] = []
    left = asyncio.Event()

    async def receive() -> dict[str, object]:
        if not heard:
            return {"type": "http.request", "body": b"{}"}
        await left.wait()
        return {"type": "http.disconnect"}

    async def listening(_scope: Scope, receive: Receive, _send: Send) -> None:
        heard.append((await receive())["type"])
        asyncio.get_running_loop().call_soon(left.set)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            heard.append((await receive())["type"])
            raise

    async def send(_message: object) -> None:
        raise AssertionError("nobody is there")

    scope = {"type": "http", "path": "/graphql", "method": "POST", "headers": []}
    await Guard(listening, limits=Limits(), seconds=60, turns=Turns(), count=[].append)(scope, receive, send)  # type: ignore[arg-type]

    assert heard == ["http.request", "http.disconnect"]


async def test_large_bodies_that_arrive_at_once_share_what_there_is() -> None:
    """Small ones are read all the same, and there is room again when one of the large ones has gone."""
    arrived: list[int] = []
    begun, both = asyncio.Event(), asyncio.Event()

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        arrived.append(len((await receive())["body"]))
        await send(START)
        await send({"type": "http.response.body"})

    async def body(size: int, *, waits: bool) -> AsyncIterator[bytes]:
        yield bytes(size)
        yield b"more"
        if waits:
            begun.set()
            await both.wait()

    async with guarded(app, request_bytes=2 * LARGE) as client:
        first = asyncio.create_task(client.post("/graphql", content=body(LARGE, waits=True)))
        await begun.wait()
        second = await client.post("/graphql", content=body(LARGE, waits=False))
        small = await client.post("/graphql", content=body(1000, waits=False))
        both.set()
        await first
        third = await client.post("/graphql", content=body(LARGE, waits=False))

    assert (second.status_code, second.json()["errors"][0]["extensions"]["code"]) == (503, "OVERLOADED")
    assert small.status_code == third.status_code == 200
    assert sorted(arrived) == [1004, LARGE + 4, LARGE + 4]


def nested(deep: int) -> bytes:
    return b"[" * deep + b"]" * deep


@pytest.mark.parametrize(
    ("text", "is_too_much"),
    [
        (nested(DEEPEST), False),
        (nested(DEEPEST + 1), True),
        (b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1), True),
        (b"[" + b",".join([b"[]"] * (MOST - 1)) + b"]", False),
        (b"[" + b",".join([b"[]"] * MOST) + b"]", True),
        (b'{"query": "' + b"{ a " * 1000 + b'"}', False),
        (b'{"query": "\\"' + b"[" * 1000 + b'\\\\"}', False),
        (b'{"query": "\\\\"' + b"[" * 1000 + b'"}', True),
        (b'"' + b"[" * 1000, False),
        (b'"' + b'\\"' * 500_000 + b"[" * 1000, False),
        (b"]" * 1000, False),
        (b'["' + b"[" * MB + b'"]', False),
        (b'["' + b"a" * MB + b'",' + b"[]," * MOST + b"[]]", True),
        (b"[" + b'"[",' * 250_000 + b"[]]", False),
        (b"[" + b'"",' * 300_000 + b"[" * DEEPEST, True),
        (b"[" + b'"[",[],' * (MOST - 1) + b"1]", False),
        (b"[" + b'"[",[],' * 100_000 + b"1]", True),
        (b'["' + b"\\\\" * 100_000 + b'",' + b"[" * DEEPEST, True),
        (b"", False),
    ],
    ids=lambda value: repr(value[:12]) if isinstance(value, bytes) else str(value),
)
def test_json_may_have_so_much_structure(text: bytes, is_too_much: bool) -> None:  # noqa: FBT001
    assert is_too_complex(text) is is_too_much


BRACKETS = [b"[", b"]", b"{", b"}", b"[" * DEEPEST, b"[]" * (MOST - 2), b'"["' * MOST]
QUOTES = [b'"', b'"\\\\"', b'"[\\"["', b'\\"', b"a"]


@given(st.lists(st.sampled_from(BRACKETS + QUOTES)))
def test_structure_is_counted_as_if_it_was_read_byte_by_byte(parts: list[bytes]) -> None:
    text = b"".join(parts)
    outside = re.sub(rb'"(?:[^"\\]|\\.)*"?', b"", text, flags=re.DOTALL)
    assume(b"\\" not in outside)  # a parser ends there
    steps = [1 if byte in b"[{" else -1 for byte in outside if byte in b"[]{}"]

    assert is_too_complex(text) is (len(steps) > 2 * MOST or max(accumulate(steps), default=0) > DEEPEST)
