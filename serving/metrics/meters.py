"""What is counted. Nothing that is counted tells of a caller, a customer or an account.

With several workers each writes into files of its own, and whoever is asked adds them up.
"""

import time
from collections.abc import Sequence
from typing import TypeVar, cast

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.multiprocess import MultiProcessCollector

from providers.telemetry import UpstreamCall
from resolvers.context import RequestContext
from serving.metrics.names import Names
from serving.metrics.together import is_together

MetricT = TypeVar("MetricT", Counter, Histogram)

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_CALLS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_BREAKER_OPEN = "BreakerOpen"


disable_created_metrics()  # type: ignore[no-untyped-call]  # they double what counters take, and nobody asks for them


class Meters:
    """One for each process."""

    def __init__(self) -> None:
        own = self._own = CollectorRegistry()
        self._names = Names()
        self._operations = Counter(
            "tributary_operations",
            "GraphQL operations that were answered. Outcome: ok, partial (data with errors), failed (no data).",
            ["operation", "type", "outcome"],
            registry=own,
        )
        self._operation_seconds = Histogram(
            "tributary_operation_seconds",
            "Seconds from an operation's arrival to its answer.",
            ["type"],
            buckets=_SECONDS,
            registry=own,
        )
        self._operation_calls = Histogram(
            "tributary_operation_vendor_calls",
            "Vendor calls that an operation took.",
            ["type"],
            buckets=_CALLS,
            registry=own,
        )
        self._operation_cost = Histogram(
            "tributary_operation_cost",
            "Vendor calls that an operation might have taken, computed before the first one.",
            ["type"],
            buckets=_CALLS,
            registry=own,
        )
        self._errors = Counter("tributary_errors", "Entries of `errors` in answers, by code.", ["code"], registry=own)
        self._refusals = Counter(
            "tributary_refusals",
            "Requests that were refused before anything of an operation was looked at, by code.",
            ["code"],
            registry=own,
        )
        self._calls = Counter(
            "tributary_vendor_calls",
            "Vendor calls. Shared: the answer was that of an identical call. Error: the class of the failure, or none.",
            ["provider", "operation", "status", "shared", "error"],
            registry=own,
        )
        self._call_seconds = Histogram(
            "tributary_vendor_call_seconds",
            "Seconds that a vendor call took, all its attempts together. Shared ones are left out.",
            ["provider"],
            buckets=_SECONDS,
            registry=own,
        )
        self._retries = Counter(
            "tributary_vendor_retries", "Attempts at vendor calls beyond the first.", ["provider"], registry=own
        )
        self._breakers = Gauge(
            "tributary_breaker_open",
            "1 while calls of an operation are refused because the vendor fails, 0 once one was let through.",
            ["provider", "operation"],
            registry=own,
            multiprocess_mode="livemax",
        )
        self._open: set[tuple[str, str]] = set()
        self._children: dict[tuple[object, tuple[str, ...]], object] = {}
        if not is_together():
            ProcessCollector(registry=own)

    def call(self, call: UpstreamCall) -> None:
        """Count a vendor call. A listener of the telemetry."""
        provider, operation = call.provider.value, call.operation
        status = str(call.status or "none")
        shared = "true" if call.coalesced else "false"
        self._child(self._calls, provider, operation, status, shared, call.error or "none").inc()
        if not call.coalesced:
            self._child(self._call_seconds, provider).observe(call.ms / 1000)
            if call.attempts > 1:
                self._child(self._retries, provider).inc(call.attempts - 1)
        self._look_at_breaker((provider, operation), is_refused=call.error == _BREAKER_OPEN)

    def operation(self, context: RequestContext, outcome: str, codes: Sequence[str]) -> None:
        """Count an answer, and its errors."""
        type_, operation = context.type, context.operation
        self._child(self._operations, self._names.of(context.name), type_, outcome).inc()
        self._child(self._operation_seconds, type_).observe(time.monotonic() - operation.started)
        self._child(self._operation_calls, type_).observe(sum(not call.coalesced for call in operation.calls))
        if context.worst is not None:
            self._child(self._operation_cost, type_).observe(context.worst)
        for code in codes:
            self._child(self._errors, code).inc()

    def refusal(self, code: str) -> None:
        """Count a request that is no operation: whose caller is not let in, or for which there is no room."""
        self._child(self._refusals, code).inc()

    @property
    def registry(self) -> CollectorRegistry:
        """What is told: this process's, or all workers' together."""
        if not is_together():
            return self._own
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # the library's has no annotation here
        return together

    def _child(self, metric: MetricT, *labels: str) -> MetricT:
        """The series of these labels: kept here, because the library looks at each label again each time."""
        key = (metric, labels)
        found = self._children.get(key)
        if found is None:
            found = self._children[key] = metric.labels(*labels)
        return cast("MetricT", found)

    def _look_at_breaker(self, key: tuple[str, str], *, is_refused: bool) -> None:
        if is_refused is (key in self._open):
            return
        (self._open.add if is_refused else self._open.remove)(key)
        self._breakers.labels(*key).set(int(is_refused))
