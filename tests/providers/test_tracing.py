"""The trace context that comes in, and the one that vendors are told."""

import httpx
import msgspec
import pytest

from providers.domain import Provider
from providers.endpoint import Endpoint
from providers.http import Upstream
from providers.operation import Operation
from providers.telemetry import Telemetry
from providers.tracing import trace

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
READ = Endpoint("read", "GET", "/things")
ANYTHING = msgspec.json.Decoder(dict[str, str])


def test_a_trace_goes_on_from_the_callers() -> None:
    found = trace(f"00-{TRACE}-{PARENT}-01", "vendor=1")

    assert (found.id, found.parent, found.state, found.is_sampled) == (TRACE, PARENT, "vendor=1", True)
    assert found.span not in {PARENT, ""}
    assert trace(f"00-{TRACE}-{PARENT}-00").is_sampled is False


@pytest.mark.parametrize(
    "parent",
    [
        None,
        "",
        "garbage",
        f"01-{TRACE}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"00-{TRACE}-{PARENT}-01\r\nx: y",
        f"00-{TRACE}-{PARENT}-1",
    ],
)
def test_one_that_cannot_be_read_begins_anew(parent: str | None) -> None:
    found = trace(parent)

    assert found.id != TRACE
    assert (len(found.id), len(found.span), found.parent) == (32, 16, "")


@pytest.mark.parametrize("state", ["a" * 513, "a=1\r\nx: y", "naïve=1"])
def test_a_state_that_no_header_could_hold_is_left_out(state: str) -> None:
    assert trace(f"00-{TRACE}-{PARENT}-01", state).state == ""


async def test_a_vendor_is_told_the_trace_and_the_span_of_its_call() -> None:
    told: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        told.append(request.headers)
        return httpx.Response(200, json={})

    upstream = Upstream(
        provider=Provider.PLUGGY,
        base_url="https://vendor.example",
        transport=httpx.MockTransport(answer),
        telemetry=Telemetry(),
    )
    traced, plain = Operation(timeout=5), Operation(timeout=5)
    traced.trace = trace(f"00-{TRACE}-{PARENT}-01", "a=b")
    await upstream.read(READ, ANYTHING, traced)
    await upstream.read(READ, ANYTHING, plain)

    assert told[0]["traceparent"] == f"00-{TRACE}-{traced.calls[0].span}-01"
    assert told[0]["tracestate"] == "a=b"
    assert traced.calls[0].span not in {PARENT, traced.trace.span}
    assert "traceparent" not in told[1]
