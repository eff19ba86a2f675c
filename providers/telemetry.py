"""A record for every vendor call, handed to whoever listens. Logs, metrics and traces are made of these records only.

A record holds nothing of a caller or an account: the path is the template, the query string is left out.
"""

import logging
from collections.abc import Callable, Sequence

import msgspec

from providers.domain import Provider

log = logging.getLogger(__name__)


class UpstreamCall(msgspec.Struct, frozen=True, gc=False):
    """One finished vendor call, all its attempts together.

    `started_ms` counts from the process's own clock (monotonic); `ms` is how long the call took for this operation.
    `is_token`: it fetched a token, which other calls of its wave then waited for.
    `coalesced`: the answer was that of an identical call of somebody else.
    `status` is the last HTTP status, None when there was none. `error` is the class of the failure.
    """

    provider: Provider
    operation: str
    method: str
    path: str
    status: int | None
    started_ms: float
    ms: float
    wave: int
    coalesced: bool
    attempts: int
    error: str | None
    is_token: bool = False
    span: str = ""
    """Its id in the operation's trace; empty where there is none, and for an answer that was shared."""


Hook = Callable[[UpstreamCall], None]


class Telemetry:
    """The listeners of one process."""

    def __init__(self, hooks: Sequence[Hook] = ()) -> None:
        self._hooks = list(hooks)

    def listen(self, hook: Hook) -> None:
        """Call `hook` with every record from now on."""
        self._hooks.append(hook)

    def emit(self, call: UpstreamCall) -> None:
        """Hand a record to all listeners. A listener that fails harms neither the call nor the others."""
        for hook in self._hooks:
            try:
                hook(call)
            except Exception:
                log.warning("a telemetry listener failed", exc_info=True)
