"""Spans made of an operation's record when it ends: one for the operation, and one for each vendor call.

They hold names, classes and figures: never a document, a variable, an address, or anything of a caller or an account.
"""

import time
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, TraceFlags, set_span_in_context
from opentelemetry.trace.span import NonRecordingSpan
from opentelemetry.trace.status import Status, StatusCode
from opentelemetry.util.types import AttributeValue

from providers.telemetry import UpstreamCall
from providers.tracing import Trace, new_span, trace
from resolvers.context import RequestContext
from serving.version import VERSION

_LONGEST_NAME = 100
_MILLISECOND = 1_000_000
_SCOPE = InstrumentationScope("tributary", VERSION)


class Spans:
    """A `Tracer`. Whether a trace is sent is decided where it begins, or by the caller who began it."""

    def __init__(self, processor: SpanProcessor | None = None) -> None:
        self._resource = _resource()
        self._sampler = TracerProvider().sampler
        self._processor = processor or BatchSpanProcessor(OTLPSpanExporter())
        self._epoch = time.time_ns() - time.monotonic_ns()

    def begin(self, context: RequestContext, headers: Mapping[str, str]) -> None:
        """Give an operation its place in the trace that its headers name, or in a new one."""
        found = trace(headers.get("traceparent"), headers.get("tracestate"))
        above = None if not found.parent else set_span_in_context(NonRecordingSpan(_place(found, found.parent)))
        decision = self._sampler.should_sample(above, int(found.id, 16), "operation").decision
        is_sampled = decision is Decision.RECORD_AND_SAMPLE
        context.operation.trace = msgspec.structs.replace(found, is_sampled=is_sampled)

    def end(self, context: RequestContext, outcome: str, codes: Sequence[str]) -> None:
        """Send the operation, with each of its vendor calls."""
        own = context.operation.trace
        if own is None or not own.is_sampled:
            return
        for span in (self._operation(context, own, outcome, codes), *self._calls(context.operation.calls, own)):
            self._processor.on_end(span)

    def close(self) -> None:
        """Send what waits, and end."""
        self._processor.shutdown()

    def _operation(self, context: RequestContext, own: Trace, outcome: str, codes: Sequence[str]) -> ReadableSpan:
        operation = context.operation
        name = (context.name or "")[:_LONGEST_NAME]
        attributes: dict[str, AttributeValue] = {
            "graphql.operation.type": context.type,
            **({"graphql.operation.name": name} if name else {}),
            **({"error.type": codes[0], "tributary.errors": list(codes)} if codes else {}),
            **({} if context.worst is None else {"tributary.cost": context.worst}),
            "tributary.outcome": outcome,
            "tributary.vendor_calls": sum(not call.coalesced for call in operation.calls),
            "tributary.waves": operation.waves,
            "tributary.request_id": operation.request_id,
        }
        return self._span(
            f"{context.type} {name}".strip(),
            _place(own, own.span),
            _place(own, own.parent) if own.parent else None,
            (self._epoch + int(operation.started * 1e9), time.time_ns()),
            kind=SpanKind.SERVER,
            attributes=attributes,
            has_failed=outcome == "failed",
        )

    def _calls(self, calls: Iterable[UpstreamCall], own: Trace) -> Iterable[ReadableSpan]:
        for call in calls:
            began = self._epoch + int(call.started_ms * _MILLISECOND)
            yield self._span(
                f"{call.provider.value} {call.operation}",
                _place(own, call.span or new_span()),
                _place(own, own.span),
                (began, began + int(call.ms * _MILLISECOND)),
                kind=SpanKind.CLIENT,
                attributes=_told(call),
                has_failed=call.error is not None,
            )

    def _span(
        self,
        name: str,
        place: SpanContext,
        above: SpanContext | None,
        times: tuple[int, int],
        *,
        kind: SpanKind,
        attributes: Mapping[str, AttributeValue],
        has_failed: bool,
    ) -> ReadableSpan:
        return ReadableSpan(
            name=name,
            context=place,
            parent=above,
            resource=self._resource,
            attributes=attributes,
            kind=kind,
            status=Status(StatusCode.ERROR if has_failed else StatusCode.UNSET),
            start_time=times[0],
            end_time=times[1],
            instrumentation_scope=_SCOPE,
        )


def _told(call: UpstreamCall) -> dict[str, AttributeValue]:
    return {
        "http.request.method": call.method,
        "url.template": call.path,
        **({} if call.status is None else {"http.response.status_code": call.status}),
        **({"http.request.resend_count": call.attempts - 1} if call.attempts > 1 else {}),
        **({"error.type": call.error} if call.error else {}),
        "tributary.provider": call.provider.value,
        "tributary.operation": call.operation,
        "tributary.wave": call.wave,
        "tributary.shared": call.coalesced,
        "tributary.token": call.is_token,
    }


def _place(own: Trace, span: str) -> SpanContext:
    flags = TraceFlags(TraceFlags.SAMPLED if own.is_sampled else TraceFlags.DEFAULT)
    return SpanContext(int(own.id, 16), int(span, 16), is_remote=False, trace_flags=flags)


def _resource() -> Resource:
    """As the standard variables describe this server, or by the project's name."""
    told = Resource.create({"service.version": VERSION})
    is_named = not str(told.attributes["service.name"]).startswith("unknown_service")
    return told if is_named else told.merge(Resource({"service.name": "tributary"}))
