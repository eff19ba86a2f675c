"""Traces, as a collector receives them by OTLP over a socket, and as vendors are told of them."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.process import serving

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
ADA = "WzEsIkN1c3RvbWVyIixudWxsLFsiY3VzXzAwMDEiXV0"
QUERY = """query Money($id: ID!) {
  customer(id: $id) { name accounts(provider: FORMANCE) { nodes { balances { money { amount } } } } }
  payments(first: 2, filter: {reference: "literal-in-the-document"}) { totalCount }
}"""


class Collector:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                collector.bodies.append(self.rfile.read(int(self.headers["content-length"])))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def spans(self) -> list[tuple[Any, dict[str, str]]]:
        """Each span with its resource."""
        found = []
        for body in self.bodies:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                named = {each.key: each.value.string_value for each in resource.resource.attributes}
                found += [(span, named) for scope in resource.scope_spans for span in scope.spans]
        return found


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def attributes(span: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}


def asked(folder: Path, collector: Collector, **settings: str) -> tuple[Any, list[tuple[Any, dict[str, str]]]]:
    """The answer to the query, and all spans once the server has ended."""
    variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, **settings}
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-01", "x-upstream-trace": "1"}
    with serving(folder, **variables) as process:
        body = {"query": QUERY, "variables": {"id": ADA}}
        answer = httpx.post(f"{process.url}/graphql", json=body, headers=headers).json()
        process.tell_to_stop()
        process.wait()
    return answer, collector.spans()


def test_an_operation_is_a_span_and_so_is_each_vendor_call(collector: Collector, tmp_path: Path) -> None:
    answer, spans = asked(tmp_path, collector)
    [(own, resource)] = [each for each in spans if each[0].parent_span_id.hex() == PARENT]
    calls = [span for span, _ in spans if span.parent_span_id == own.span_id]

    assert {span.trace_id.hex() for span, _ in spans} == {TRACE}
    assert own.name == "query Money"
    assert resource["service.name"] == "tributary"
    assert attributes(own)["tributary.vendor_calls"] == answer["extensions"]["upstream"]["totals"]["calls"]
    assert sorted(span.name for span in calls) == sorted(
        f"{call['provider'].lower()} {call['operation']}" for call in answer["extensions"]["upstream"]["calls"]
    )
    assert len(spans) == len(calls) + 1
    assert len({span.span_id for span, _ in spans}) == len(spans)
    for span in calls:
        assert own.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
        assert span.end_time_unix_nano <= own.end_time_unix_nano


def test_no_span_holds_a_literal_or_a_person(collector: Collector, tmp_path: Path) -> None:
    _, spans = asked(tmp_path, collector)
    everything = b"".join(collector.bodies)

    assert len(spans) > 3
    for secret in (
        b"literal-in-the-document",
        b"Lovelace",
        b"cus_0001",
        ADA.encode(),
        b"sandbox-formance",
        b"http://formance",
    ):
        assert secret not in everything


@pytest.mark.parametrize(
    "settings",
    [{"OTEL_SDK_DISABLED": "true"}, {"OTEL_TRACES_EXPORTER": "none"}, {"OTEL_TRACES_SAMPLER": "always_off"}],
    ids=lambda settings: next(iter(settings)),
)
def test_the_standard_variables_turn_it_off(settings: dict[str, str], collector: Collector, tmp_path: Path) -> None:
    answer, spans = asked(tmp_path, collector, **settings)

    assert answer["data"]["customer"]["name"] == "Ada Lovelace"
    assert spans == []


def test_a_collector_that_is_gone_harms_nobody(tmp_path: Path) -> None:
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_EXPORTER_OTLP_TIMEOUT": "1"}
    with serving(tmp_path, **settings) as process:
        answer = httpx.post(f"{process.url}/graphql", json={"query": QUERY, "variables": {"id": ADA}})

    assert answer.json()["data"]["customer"]["name"] == "Ada Lovelace"
