"""A stop that no client notices: first the probes say so while everything is still answered, then the port is closed.

signal → `/readyz` is 503, answers close their connections → the load balancer sends nothing more → uvicorn's own stop:
the port is closed, what is under way is finished, connections and database are closed.
"""

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Drain:
    """Whether this replica is about to stop."""

    def __init__(self) -> None:
        self.has_begun = False
        self._listeners: set[Callable[[], None]] = set()

    @contextmanager
    def told(self, listener: Callable[[], None]) -> Iterator[None]:
        """Call this when it is about to stop, as long as the block lasts."""
        self._listeners.add(listener)
        try:
            yield
        finally:
            self._listeners.discard(listener)

    def tell(self) -> None:
        """Tell those who have not been told, now that it has begun."""
        listeners, self._listeners = self._listeners, set()
        for listener in listeners:
            listener()


class Server(uvicorn.Server):
    """Goes on for `seconds` after the first SIGTERM. A second one, or Ctrl-C, stops it at once."""

    def __init__(self, config: uvicorn.Config, *, drain: Drain, seconds: float) -> None:
        super().__init__(config)
        self._drain, self._seconds = drain, seconds
        self._stops_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain, or to stop."""
        is_first = not self._drain.has_begun
        self._drain.has_begun = True
        if sig == signal.SIGTERM and is_first and self.started and self._seconds:
            self._captured_signals.append(sig)
            self._stops_at = time.monotonic() + self._seconds
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Asked ten times a second whether to stop."""
        if self._drain.has_begun:
            self._drain.tell()
        if self._stops_at is not None and time.monotonic() >= self._stops_at:
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the port, and see what is under way end. What would never end by itself is told to."""
        self._drain.has_begun = True
        self._drain.tell()
        await super().shutdown(sockets)


class LastAnswers:
    """Middleware: while draining, each answer is its connection's last, so that the end finds none in use."""

    def __init__(self, app: ASGIApp, drain: Drain) -> None:
        self._app, self._drain = app, drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""

        async def closing(message: Message) -> None:
            if message["type"] == "http.response.start" and self._drain.has_begun:
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        await self._app(scope, receive, closing if scope["type"] == "http" else send)
