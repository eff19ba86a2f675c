"""Makes an `UpstreamCall` of a vendor call: for the operation that waited for it, and for whoever listens."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from providers.domain import Provider
from providers.operation import Operation
from providers.telemetry import Telemetry, UpstreamCall


class Trail(msgspec.Struct):
    """What the work behind a call notes about itself, for all who wait for it."""

    attempts: int = 0
    status: int | None = None
    waited: int = 0
    """Waves that it stood back for tokens."""


class Call(msgspec.Struct, frozen=True):
    """What is known of a call before it ends."""

    provider: Provider
    operation: str
    method: str
    path: str
    is_coalesced: bool
    is_token: bool


@contextmanager
def recorded(call: Call, operation: Operation, trail: Trail, telemetry: Telemetry) -> Iterator[None]:
    """Around the wait for a call, however it ends."""
    wave, started, error = operation.next_wave(), time.monotonic(), None
    try:
        yield
    except BaseException as raised:
        error = type(raised).__name__
        raise
    finally:
        record = UpstreamCall(
            provider=call.provider,
            operation=call.operation,
            method=call.method,
            path=call.path,
            status=trail.status,
            started_ms=round(started * 1000, 3),
            ms=round((time.monotonic() - started) * 1000, 3),
            wave=wave + trail.waited,
            coalesced=call.is_coalesced,
            is_token=call.is_token,
            attempts=trail.attempts,
            error=error,
        )
        operation.record(record)
        telemetry.emit(record)
