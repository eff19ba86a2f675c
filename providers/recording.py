"""Makes an `UpstreamCall` of a vendor call: for the operation that waited for it, and for whoever listens."""

import time

import msgspec

from providers.domain import Provider
from providers.operation import Operation
from providers.telemetry import Telemetry, UpstreamCall
from providers.tracing import Trace, new_span


class Trail(msgspec.Struct):
    """What the work behind a call notes about itself, for all who wait for it."""

    attempts: int = 0
    status: int | None = None
    waited: int = 0
    """Waves that it stood back for tokens."""
    trace: Trace | None = None
    """Of the operation that made the call."""
    span: str = ""
    """The call's own id in that trace."""


def trail_of(operation: Operation) -> Trail:
    """The trail of a call that an operation makes."""
    if operation.trace is None:
        return Trail()
    return Trail(trace=operation.trace, span=new_span())


class Call(msgspec.Struct, frozen=True):
    """What is known of a call before it ends."""

    provider: Provider
    operation: str
    method: str
    path: str
    is_coalesced: bool
    is_token: bool


class Recorded:
    """Around the wait for a call, however it ends."""

    __slots__ = ("_call", "_operation", "_started", "_telemetry", "_trail", "_wave")

    def __init__(self, call: Call, operation: Operation, trail: Trail, telemetry: Telemetry) -> None:
        self._call, self._operation, self._trail, self._telemetry = call, operation, trail, telemetry
        self._wave, self._started = operation.next_wave(), time.monotonic()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: object) -> None:
        call, trail = self._call, self._trail
        record = UpstreamCall(
            call.provider,
            call.operation,
            call.method,
            call.path,
            trail.status,
            round(self._started * 1000, 3),  # started_ms
            round((time.monotonic() - self._started) * 1000, 3),  # ms
            self._wave + trail.waited,  # wave
            call.is_coalesced,  # coalesced
            trail.attempts,
            None if kind is None else kind.__name__,  # error
            call.is_token,
            "" if call.is_coalesced else trail.span,
        )
        self._operation.record(record)
        self._telemetry.emit(record)
