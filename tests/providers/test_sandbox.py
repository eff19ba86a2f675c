"""The bench that ages the network: each fault over a real socket and in process, its record, and its control."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from providers.errors import Broken, Garbled, ProviderError, RateLimited, TimedOut, Unauthorized, Unreachable
from providers.http import Upstream
from providers.operation import Operation
from providers.sandbox import Bench, Fault
from tests.providers.vendor import KINDS, OTHER, get, reached

on_both = pytest.mark.parametrize("kind", KINDS)


async def _thing(request: Request) -> JSONResponse:
    return JSONResponse({"value": 1, "id": request.path_params["id"]}, headers={"x-own": "yes"})


def sandbox() -> Starlette:
    return Starlette(routes=[Route("/things/{id}", _thing), Route("/others/{id}", _thing)])


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture(params=KINDS)
async def upstream(
    request: pytest.FixtureRequest, bench: Bench, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Upstream]:
    """A caller of the sandbox behind the bench; the server must have nothing to complain of."""
    with caplog.at_level(logging.WARNING, logger="uvicorn.error"):
        async with reached(request.param, bench.wrap("pluggy", sandbox()), timeout=0.8, max_bytes=100_000) as upstream:
            yield upstream
            await asyncio.sleep(0.02)
    assert caplog.records == []


async def outcome(upstream: Upstream) -> str:
    """The class of the error of one read, or the value; counted with its attempts."""
    operation = Operation(timeout=5)
    try:
        answer = str((await get(upstream, operation=operation)).value)
    except ProviderError as error:
        answer = type(error).__name__
    return f"{answer} after {operation.calls[0].attempts}"


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault("pluggy", "*", status=503), "1 after 2"),
        (Fault("pluggy", "*", status=503, times=3), f"{Broken.__name__} after 3"),
        (Fault("pluggy", "*", status=500), f"{Broken.__name__} after 1"),
        (Fault("pluggy", "*", status=429, headers={"Retry-After": "60"}), f"{RateLimited.__name__} after 1"),
        (Fault("pluggy", "*", body="<html>"), f"{Garbled.__name__} after 1"),
        (Fault("pluggy", "*", body='{"value": 7}'), "7 after 1"),
        (Fault("pluggy", "*", body='{"value": 7}', gzip=True), "7 after 1"),
        (Fault("pluggy", "*", body=" " * 1_000, repeat=101), f"{Garbled.__name__} after 1"),
        (Fault("pluggy", "*", body=" " * 100_000, repeat=2, gzip=True), f"{Garbled.__name__} after 1"),
        (Fault("pluggy", "*", headers={"Content-Type": "text/html"}), f"{Garbled.__name__} after 1"),
        (Fault("pluggy", "*", delay_ms=20), "1 after 1"),
        (Fault("pluggy", "*", delay_ms=1_200), f"{TimedOut.__name__} after 1"),
        (Fault("pluggy", "*", drip_ms=1), "1 after 1"),
        (Fault("pluggy", "*", drip_ms=100), f"{TimedOut.__name__} after 1"),
        (Fault("pluggy", "*", after_ms=20), "1 after 1"),
        (Fault("pluggy", "*", after_ms=1_200), f"{TimedOut.__name__} after 1"),
        (Fault("pluggy", "*", status=500, acts=True), f"{Broken.__name__} after 1"),
        (Fault("pluggy", "*", drop="before"), "1 after 2"),
        (Fault("pluggy", "*", drop="after"), "1 after 2"),
        (Fault("pluggy", "*", drop="half"), "1 after 2"),
        (Fault("pluggy", "*", drop="before", times=3), f"{Unreachable.__name__} after 3"),
        (Fault("pluggy", "*", drop="half", times=3), f"{Unreachable.__name__} after 3"),
        (Fault("pluggy", "*", drop="half", body='{"value": 7}'), "1 after 2"),
        (Fault("pluggy", "*", drop="half", status=401), f"{Unauthorized.__name__} after 1"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_each_fault_has_its_outcome(bench: Bench, upstream: Upstream, fault: Fault, expected: str) -> None:
    """A fault with a body or a status replaces the answer; any other disturbs the real one."""
    bench.add(fault)
    assert await outcome(upstream) == expected


async def test_a_dripping_answer_takes_its_time(bench: Bench, upstream: Upstream) -> None:
    bench.add(Fault("pluggy", "*", drip_ms=4))
    started = time.monotonic()
    assert await outcome(upstream) == "1 after 1"
    assert time.monotonic() - started > 0.08


async def test_a_fault_is_used_up_and_the_next_one_follows(bench: Bench, upstream: Upstream) -> None:
    bench.add(Fault("pluggy", "*", status=500, times=2))
    bench.add(Fault("pluggy", "*", status=404))
    assert [await outcome(upstream) for _ in range(4)] == [
        "Broken after 1",
        "Broken after 1",
        "NotFound after 1",
        "1 after 1",
    ]


def test_a_fault_strikes_as_often_as_its_chance_says(bench: Bench) -> None:
    bench.add(Fault("pluggy", "*", status=500, times=10_000, chance=0.25))
    struck = sum(bench.take("pluggy", "GET", "/things/1") is not None for _ in range(2_000))
    assert 400 < struck < 600


@pytest.mark.parametrize(
    ("fault", "hits"),
    [
        (Fault("*", "*", status=500), True),
        (Fault("pluggy", "/things/*", status=500), True),
        (Fault("pluggy", "/things/1", "GET", status=500), True),
        (Fault("plug*", "*/1", "G*", status=500), True),
        (Fault("formance", "*", status=500), False),
        (Fault("pluggy", "/others/*", status=500), False),
        (Fault("pluggy", "*", "POST", status=500), False),
    ],
)
async def test_a_fault_hits_what_matches_in_all_parts(bench: Bench, fault: Fault, *, hits: bool) -> None:
    bench.add(fault)
    async with reached("in process", bench.wrap("pluggy", sandbox())) as upstream:
        assert await outcome(upstream) == ("Broken after 1" if hits else "1 after 1")


async def test_the_bench_can_slow_every_call() -> None:
    bench = Bench(delay_ms=30)
    async with reached("in process", bench.wrap("pluggy", sandbox())) as upstream:
        started = time.monotonic()
        await get(upstream)
    assert time.monotonic() - started >= 0.03


@on_both
async def test_calls_are_recorded_as_they_arrive(bench: Bench, kind: str) -> None:
    async with reached(kind, bench.wrap("pluggy", sandbox())) as upstream:
        await get(upstream, "a b", query=[("page", "2")])
        bench.add(Fault("pluggy", "*", drop="before", times=3))
        with pytest.raises(Unreachable):
            await get(upstream, endpoint=OTHER)
    first, *lost = bench.calls
    assert (first.vendor, first.method, first.path, first.query, first.status) == (
        "pluggy",
        "GET",
        "/things/a b",
        "page=2",
        200,
    )
    assert 0 < first.started_ms <= first.ended_ms <= time.time() * 1000 + 1
    assert [(call.path, call.status) for call in lost] == [("/others/1", 0)] * 3


@on_both
@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault("pluggy", "*", status=500), 500),
        (Fault("pluggy", "*", status=500, acts=True), 200),
        (Fault("pluggy", "*", drop="after", times=3), 200),
        (Fault("pluggy", "*", after_ms=100), 200),
        (Fault("pluggy", "*", delay_ms=100), 0),
    ],
)
async def test_whether_the_vendor_has_acted_is_on_record(bench: Bench, kind: str, fault: Fault, status: int) -> None:
    """Whatever became of its answer, and before that has left."""
    async with reached(kind, bench.wrap("pluggy", sandbox()), timeout=0.05) as upstream:
        bench.add(fault)
        with pytest.raises(ProviderError):
            await get(upstream)
        assert {call.status for call in bench.calls} == {status}


async def test_only_the_newest_calls_are_kept() -> None:
    bench = Bench(keep=2)
    async with reached("in process", bench.wrap("pluggy", sandbox())) as upstream:
        for number in range(4):
            await get(upstream, str(number))
    assert [call.path for call in bench.calls] == ["/things/2", "/things/3"]


async def test_what_is_no_http_passes_by(bench: Bench) -> None:
    seen: list[str] = []

    async def app(scope: object, receive: object, send: object) -> None:
        seen.append("passed")

    await bench.wrap("pluggy", app)({"type": "lifespan"}, None, None)  # type: ignore[arg-type]
    assert (seen, list(bench.calls)) == (["passed"], [])


# --- the control


@pytest.fixture
async def client(bench: Bench) -> AsyncIterator[httpx.AsyncClient]:
    """A plain client of the sandbox and its control, mounted as the server mounts them."""
    app = Starlette(
        routes=[Mount("/sandbox/pluggy", bench.wrap("pluggy", sandbox())), Mount("/sandbox", bench.control())]
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here.test/sandbox") as client:
        yield client


async def test_calls_are_listed_and_cleared(client: httpx.AsyncClient) -> None:
    await client.get("/pluggy/things/1?page=2")
    calls = (await client.get("/_calls")).json()
    assert [(call["path"], call["query"], call["status"]) for call in calls] == [("/things/1", "page=2", 200)]
    assert set(calls[0]) == {"vendor", "method", "path", "query", "status", "started_ms", "ended_ms"}
    assert (await client.delete("/_calls")).status_code == 204
    assert (await client.get("/_calls")).json() == []


async def test_faults_are_armed_and_cleared(client: httpx.AsyncClient) -> None:
    armed = await client.post("/_faults", json={"vendor": "*", "method": "GET", "path": "*", "times": 9, "status": 418})
    assert armed.status_code == 201
    assert (await client.get("/pluggy/things/1")).status_code == 418
    assert (await client.delete("/_faults")).status_code == 204
    assert (await client.get("/pluggy/things/1")).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"null",
        b"{}",
        b'{"vendor": "*"}',
        b'{"vendor": "*", "path": "*", "typo": 1}',
        b'{"vendor": "*", "path": "*", "times": 0}',
        b'{"vendor": "*", "path": "*", "status": 99}',
        b'{"vendor": "*", "path": "*", "status": 1000}',
        b'{"vendor": "*", "path": "*", "drop": "later"}',
        b'{"vendor": "*", "path": "*", "delay_ms": -1}',
        b"[" * 100_000,
    ],
)
async def test_a_wrong_fault_is_refused_with_the_reason(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/_faults", content=body)
    assert answer.status_code == 400
    assert msgspec.json.decode(answer.content)["error"]
    assert (await client.get("/pluggy/things/1")).status_code == 200
