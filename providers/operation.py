"""One GraphQL operation as the providers see it: how long it may take, and which vendor calls it made."""

import asyncio
import time
import uuid

from providers.domain import Provider
from providers.telemetry import UpstreamCall
from providers.tracing import Trace


class Operation:
    """Passed to every provider method. Work for many operations may be shared, but each keeps its own record.

    `deadline` is in the running loop's clock, in seconds.
    """

    def __init__(self, *, timeout: float, request_id: str | None = None) -> None:
        self.started = time.monotonic()
        self._timeout = timeout
        self.loop = asyncio.get_running_loop()
        """Kept because asking for it anew costs a call of the system each time."""
        self.deadline = self.loop.time() + timeout
        self.request_id = request_id or uuid.uuid4().hex
        self.is_afresh = False
        """Whether its reads are never answered by what was kept: it has to do with a write."""
        self.calls: list[UpstreamCall] = []
        self.occasion = 0
        """Which event it is about. Its reads are never answered by calls that were begun for an earlier one."""
        self.trace: Trace | None = None
        """Its place in a trace, where there are traces."""
        self._calls_left: int | None = None
        self._allowed: int | None = None
        self._ended_wave = 0
        self._tokens: dict[Provider, int] = {}

    def lasting(self, seconds: float) -> "Operation":
        """The same operation for work that goes on when its client has left: a later deadline, the same record."""
        longer = _Lasting(timeout=seconds, request_id=self.request_id)
        longer.first, longer.is_afresh, longer.trace = self, True, self.trace
        return longer

    def anew(self, occasion: int) -> "Operation":
        """The same operation for the next event: with all its time and all its calls, and an empty record."""
        again = Operation(timeout=self._timeout, request_id=self.request_id)
        again.is_afresh, again.occasion = True, occasion
        again.trace = self.trace.next() if self.trace else None
        again._allowed = again._calls_left = self._allowed
        return again

    @property
    def remaining(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.deadline - self.loop.time())

    @property
    def waves(self) -> int:
        """How many rounds of vendor calls followed one another so far."""
        return max((call.wave for call in self.calls), default=0)

    def allow(self, calls: int) -> None:
        """Let this operation make no more reads than these, from now on."""
        self._allowed = self._calls_left = calls

    def spend(self) -> bool:
        """Take one call from what is allowed. False when there is none left."""
        if self._calls_left is None:
            return True
        self._calls_left -= 1
        return self._calls_left >= 0

    def tokens(self, provider: Provider) -> int:
        """How many tokens of a provider were fetched for this operation so far."""
        return self._tokens.get(provider, 0)

    def next_wave(self) -> int:
        """The wave of a call that starts now: one more than the latest wave of which a call has ended."""
        return self._ended_wave + 1

    def record(self, call: UpstreamCall) -> None:
        """Keep a finished call."""
        self.calls.append(call)
        if call.is_token:
            self._tokens[call.provider] = self._tokens.get(call.provider, 0) + 1
        self._ended_wave = max(self._ended_wave, call.wave)


class _Lasting(Operation):
    """Keeps its record in the operation that it lasts longer than. What belongs to a write is not stopped half-way."""

    first: Operation

    def tokens(self, provider: Provider) -> int:
        return self.first.tokens(provider)

    def next_wave(self) -> int:
        return self.first.next_wave()

    def record(self, call: UpstreamCall) -> None:
        self.first.record(call)
