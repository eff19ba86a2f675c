"""Uvicorn's HTTP protocol with an end to everything: header bytes, time to arrive, connections, unread answers.

Its parser keeps a header in memory until the header is complete, and it waits for ever. Both are bounded here, where
the bytes come in, because an app sees a request only when its headers are complete.
"""

import asyncio
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from serving.guard.limits import Limits
from serving.guard.presence import LEAVING, Leaving
from serving.guard.refusal import Refusal, overloaded
from serving.guard.turns import SMALL, Flow, Turns

UNWANTED = 16 * 1024 * 1024
"""Bytes of a refused request that are read and thrown away, so that its client gets to read the answer."""
PIECE = 8 * 1024
"""Bytes of a body that the parser gets at once. What comes in very small chunks takes it a millisecond or two."""
HEAD = 1024
"""The same of what may be a request, or thirty."""
ANOTHER = 0.0002
"""Seconds that a request is said to take for which its client did not await the answer to the one before."""
WHILE = 0.0005
"""Seconds after which the rest of what was read waits for a turn. A thousand requests, or more, may come in a read."""
SLOWEST = 1024
"""Bytes a second that a client must take of its answer."""

MALFORMED = Refusal(400, "BAD_REQUEST", "This is not HTTP/1.1.")
HEADERS_TOO_LARGE = Refusal(431, "HEADERS_TOO_LARGE", "The headers are too large.")
TOO_SLOW = Refusal(408, "REQUEST_TIMEOUT", "The request took too long to arrive.")

if TYPE_CHECKING:
    Waiting = OrderedDict["GuardedProtocol", None]


class GuardedProtocol(HttpToolsProtocol):
    """One connection. Made by `guarded`, which says the limits."""

    limits: ClassVar[Limits]
    waiting: "ClassVar[Waiting]"
    """Connections on which no whole request has come that is not answered yet, the oldest first."""
    turns: ClassVar[Turns]
    """Of those on which a large request comes, wanted or not."""

    flow: Flow
    cycle: RequestResponseCycle | None  # type: ignore[assignment]  # there is none before the first request
    _is_arriving = False
    _is_head = False
    _is_parting = False
    _unread = 0
    """Bytes that came since the parser last handed something on: what it may be keeping."""
    _taken = 0
    """Bytes that came since the last whole request, or since its last turn."""
    _left = b""
    """What was read and waits for its turn."""
    _unwanted = 0
    _unsent = 0
    _arrival: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None
    _problem: Refusal | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Make room for it, at the cost of the connection that has waited longest; refuse it when all are at work."""
        super().connection_made(transport)
        self.flow = Flow(transport, self.turns)
        self._exit = _Exit(self)
        self._await_request()
        self.waiting[self] = None
        if len(self.connections) > self.limits.connections:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it without garbage: what refers to its connection would keep it, with all that it had read."""
        self.waiting.pop(self, None)
        self.flow.leave()
        self._left = b""
        self._stop_clocks()
        super().connection_lost(exc)
        if self.cycle is not None and not self.cycle.response_complete:
            _leave(self.cycle)
        self.cycle = None
        self._exit.forget()
        del self._exit

    def data_received(self, data: bytes) -> None:
        """Feed the parser, a little at a time, unless it keeps too much. What is large waits for its turn then."""
        self._taken += len(data)
        began = time.monotonic()
        if len(data) <= HEAD:
            self._feed(data)
        else:
            self._left = self._feed_until(began + WHILE, data)
        if self._left or self._taken > SMALL:
            self._taken = 0
            self.turns.charge(time.monotonic() - began)
            self.flow.rest(self._go_on)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._is_arriving = self._is_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Hand a request on, if its headers are not too large in the end."""
        if self._unread > self.limits.header_bytes and self._head_bytes() > self.limits.header_bytes:
            self._problem = HEADERS_TOO_LARGE
            raise _Unwanted
        self._unread, self._is_head = 0, False
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not None and self.cycle is not before:
            self.cycle.transport = self._exit  # type: ignore[assignment]  # what a cycle needs of a transport
            self.cycle.scope[LEAVING] = Leaving(self.loop)  # type: ignore[literal-required]  # of our own

    def on_body(self, body: bytes) -> None:
        """Hand a part of a body on, or throw it away when the request is already answered."""
        self._unread = 0
        if self._is_answered():
            self._throw_away(len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A whole request is here."""
        self._unread = self._unwanted = self._taken = 0
        self._is_arriving = False
        if not self._is_answered():
            self.waiting.pop(self, None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The connection waits for a request again."""
        if self._is_parting:
            self.server_state.total_requests += 1
            return
        self.waiting[self] = None
        if self.pipeline:
            self.turns.charge(ANOTHER)
        super().on_response_complete()
        if self._left and not self.pipeline:
            self.flow.rest(self._go_on)
        if self._is_arriving:
            self._unset_keepalive_if_required()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - Uvicorn's words are not ours
        """Answer what the parser does not take."""
        self._refuse(self._problem or MALFORMED)

    def handle_websocket_upgrade(self) -> None:
        """The connection is no longer ours."""
        self.waiting.pop(self, None)
        self._stop_clocks()
        self.flow.go_on()
        super().handle_websocket_upgrade()
        self._taken = 0

    def pause_writing(self) -> None:
        """The client does not take what is sent: it has some time."""
        super().pause_writing()
        self._unsent = self.transport.get_write_buffer_size()
        self._taking = self.loop.call_later(self.limits.arrival, self._check_taking)

    def resume_writing(self) -> None:
        """It does."""
        super().resume_writing()
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def leave(self) -> None:
        """End the connection after an answer, but not before what is on its way here: that would destroy the answer."""
        if self._is_arriving or self._left:
            self._part()
        else:
            self.transport.close()

    def _go_on(self) -> None:
        if self.pipeline and not self._is_over():
            return  # until the last of them is answered: each takes far more room than its bytes
        self.flow.go_on()
        left, self._left = self._left, b""
        if left:
            self.data_received(left)

    def _feed_until(self, end: float, data: bytes) -> bytes:
        """Feed the parser in pieces. What is left when the time is over, or when requests wait for earlier ones."""
        start = 0
        while start < len(data):
            if self._is_over():
                self._throw_away(len(data) - start)
                return b""
            if self.pipeline or time.monotonic() > end:
                return data[start:]
            size = HEAD if self._is_head or not self._is_arriving else PIECE
            self._feed(data[start : start + size])
            start += size
        return b""

    def _feed(self, data: bytes) -> None:
        if self._is_over():
            self._throw_away(len(data))
            return
        self._is_arriving = True
        self._unread += len(data)
        super().data_received(data)
        if self._is_over():
            return
        if self._unread > self.limits.header_bytes:
            self._refuse(HEADERS_TOO_LARGE)
        elif self._is_arriving:
            self._await_request()
        else:
            self._request_came()

    def _make_room(self) -> None:
        oldest = next(iter(self.waiting))
        if oldest is self:
            self._refuse(overloaded())
            return
        del self.waiting[oldest]
        self.connections.discard(oldest)
        oldest.transport.abort()

    def _is_answered(self) -> bool:
        return self.cycle is not None and self.cycle.response_complete

    def _is_over(self) -> bool:
        return self._is_parting or self.transport.is_closing()

    def _head_bytes(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _await_request(self) -> None:
        if self._arrival is None:
            self._arrival = self.loop.call_later(self.limits.arrival, self._too_slow)

    def _request_came(self) -> None:
        if self._arrival is not None:
            self._arrival.cancel()
            self._arrival = None

    def _too_slow(self) -> None:
        self._arrival = None
        if self._is_answering_another():
            self._await_request()
        elif self.cycle is None and not self._unread:
            self.transport.close()
        elif self._is_answered() and not self._is_head:
            self.transport.abort()  # the rest of a request that was answered long ago
        else:
            self._refuse(TOO_SLOW)

    def _is_answering_another(self) -> bool:
        """Whether an earlier request on this connection is under way, which holds back the one that arrives."""
        if self.pipeline:
            return True
        return self.cycle is not None and not self.cycle.more_body and not self.cycle.response_complete

    def _refuse(self, refusal: Refusal) -> None:
        """Answer in the app's place, unless something is being answered: then the connection only ends."""
        cycle = None if self._is_answered() else self.cycle
        if cycle is not None:
            if cycle.response_started or self._is_answering_another():
                self.transport.abort()
                return
            cycle.disconnected = True
            cycle.message_event.set()
            _leave(cycle)
        self.transport.write(refusal.written(self.server_state.default_headers))
        self._part()

    def _part(self) -> None:
        """Send no more, and let the client read what was sent before the connection ends."""
        self._is_parting = True
        self._stop_clocks()
        self._unset_keepalive_if_required()
        self.flow.resume_reading()
        if self._left:
            self.flow.rest(self._go_on)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._arrival = self.loop.call_later(self.limits.arrival, self.transport.abort)

    def _throw_away(self, size: int) -> None:
        self._unwanted += size
        if self._unwanted > UNWANTED:
            self.transport.abort()

    def _check_taking(self) -> None:
        unsent = self.transport.get_write_buffer_size()
        if self._unsent - unsent < SLOWEST * self.limits.arrival:
            self.transport.abort()
            return
        self._unsent = unsent
        self._taking = self.loop.call_later(self.limits.arrival, self._check_taking)

    def _stop_clocks(self) -> None:
        self._request_came()
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None


class _Unwanted(Exception):
    """Makes the parser stop."""


class _Exit:
    """What a request's cycle uses of its transport, with an end that waits for what is on its way.

    The head of an answer waits for its body, which mostly comes at once: that saves a packet and a call of the system.
    """

    __slots__ = ("_flushing", "_head", "_protocol", "_transport", "abort", "is_closing")

    def __init__(self, protocol: GuardedProtocol) -> None:
        self._protocol, self._transport = protocol, protocol.transport
        self.abort = protocol.transport.abort
        self.is_closing = protocol.transport.is_closing
        self._head: bytes | None = None
        self._flushing: asyncio.Handle | None = None

    def write(self, data: bytes) -> None:
        if self._head is not None:
            self._transport.write(self._head + data)
            self.forget()
        elif data.startswith(b"HTTP/1.1 ") and self._flushing is None:
            self._head, self._flushing = data, self._protocol.loop.call_soon(self._flush)
        else:
            self._transport.write(data)

    def close(self) -> None:
        self._flush()
        self._protocol.leave()

    def _flush(self) -> None:
        if self._head is not None:
            self._transport.write(self._head)
            self.forget()

    def forget(self) -> None:
        """Write nothing that was not written yet."""
        self._head = None
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None


def _leave(cycle: RequestResponseCycle) -> None:
    leaving: Leaving | None = cycle.scope.get(LEAVING)  # type: ignore[assignment]  # put there above
    if leaving is not None:
        leaving.happen()


def guarded(limits: Limits) -> type[asyncio.Protocol]:
    """The protocol for one server with these limits."""
    shared: dict[str, Any] = {"limits": limits, "waiting": OrderedDict(), "turns": Turns()}
    return type("LimitedProtocol", (GuardedProtocol,), shared)
