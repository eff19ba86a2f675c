"""`extensions.upstream`: every vendor call that one operation took, for whoever sends `X-Upstream-Trace: 1`."""

from typing import Any

from providers.operation import Operation
from providers.telemetry import UpstreamCall


def upstream(operation: Operation) -> dict[str, Any]:
    """The calls in the order in which they started, and their sums. Times are milliseconds."""
    calls = sorted(operation.calls, key=lambda call: call.started_ms)
    made = [call for call in calls if not call.coalesced]
    began = operation.started * 1000
    return {
        "calls": [_call(call, began) for call in calls],
        "totals": {
            "calls": len(made),
            "coalesced": len(calls) - len(made),
            "attempts": sum(call.attempts for call in made),
            "waves": operation.waves,
            "ms": round(max((call.started_ms + call.ms for call in calls), default=began) - began, 3),
        },
    }


def _call(call: UpstreamCall, began: float) -> dict[str, Any]:
    return {
        "provider": call.provider.name,
        "operation": call.operation,
        "method": call.method,
        "path": call.path,
        "status": call.status,
        "startedMs": round(call.started_ms - began, 3),
        "ms": call.ms,
        "wave": call.wave,
        "coalesced": call.coalesced,
        "token": call.is_token,
        "attempts": call.attempts,
        "error": call.error,
    }
