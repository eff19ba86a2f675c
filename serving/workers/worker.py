"""One worker: a server that is handed its connections instead of a port."""

import asyncio
import socket
from contextlib import suppress

import uvicorn

from serving.draining import Drain, Server
from serving.workers import channel as channels

FAREWELL = 2.0
"""Seconds that a worker which stops waits for its parent to say that no more connections come."""


class Worker(Server):
    """As `Server`; stops, too, when its parent is gone."""

    def __init__(self, config: uvicorn.Config, *, drain: Drain, seconds: float, channel: socket.socket) -> None:
        super().__init__(config, drain=drain, seconds=seconds)
        self._channel = channel
        self._received = 0
        self._reported = b""
        self._arriving: set[asyncio.Task[None]] = set()
        self._no_more = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 - has none
        """Open everything but a port, and say so to the parent."""
        await super().startup(sockets=[])
        asyncio.get_running_loop().add_reader(self._channel, self._receive)
        self._report()

    async def on_tick(self, counter: int) -> bool:
        """Keep the parent informed, ten times a second."""
        self._report()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say farewell first: what was handed over until the parent knows of it is answered, too."""
        with suppress(OSError):
            self._channel.shutdown(socket.SHUT_WR)
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL):
                await self._no_more.wait()
        await asyncio.gather(*self._arriving)
        await super().shutdown(sockets)

    def _report(self) -> None:
        report = channels.packed(self._received, len(self.server_state.connections))
        if report != self._reported:
            with suppress(OSError):  # the parent has much to read, and gets the next one, or is gone
                self._channel.send(report)
                self._reported = report

    def _receive(self) -> None:
        """Take one connection; others have their turn when the event loop has looked after those that are there."""
        try:
            sent, descriptors, _, _ = socket.recv_fds(self._channel, len(channels.PASSED), 1)
        except BlockingIOError:
            return
        except OSError:
            sent, descriptors = b"", []
        self._received += len(sent)
        for descriptor in descriptors:  # none when there are too many open files: then the connection is lost
            task = asyncio.get_running_loop().create_task(self._serve_one(socket.socket(fileno=descriptor)))
            self._arriving.add(task)
            task.add_done_callback(self._arriving.discard)
        if not sent:
            asyncio.get_running_loop().remove_reader(self._channel)
            self._no_more.set()
            self.should_exit = True

    async def _serve_one(self, connection: socket.socket) -> None:
        connection.settimeout(0)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)
        except OSError:  # the client has left
            connection.close()

    def _protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
