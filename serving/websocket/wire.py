"""Uvicorn's WebSocket protocol with an end to everything, and with the words that clients expect there."""

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.protocol import OPEN

UNWANTED = 16 * 1024 * 1024
"""Bytes after a refused message that are read and thrown away, so that its client gets to read why."""
PARTING = 5.0
"""Seconds that a client has to end a connection which this side has closed."""
GOING_AWAY = 1001


class Wire(WebSocketsSansIOProtocol):
    """One connection."""

    _is_parting = False
    _unwanted = 0

    def data_received(self, data: bytes) -> None:
        """Take what comes, or throw it away when it is refused already."""
        if not self._is_parting:
            super().data_received(data)
            return
        self._unwanted += len(data)
        if self._unwanted > UNWANTED:
            self.transport.abort()

    def handle_cont(self, event: Frame) -> None:
        """Keep a part of a message. Parts of nothing would be kept without end."""
        if event.data or event.fin:
            super().handle_cont(event)

    def handle_ping(self) -> None:
        """Answer, but not one who reads no answers."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.transport.abort()

    def handle_parser_exception(self) -> None:
        """Say what is wrong, and let the client read it before the connection ends."""
        closed = self.conn.close_sent
        code, reason = (closed.code, closed.reason) if closed else (GOING_AWAY, "")
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self._part()

    def keepalive_timeout(self) -> None:
        """End a connection whose client answers no ping: it would not read the end of one either."""
        self.transport.abort()

    def shutdown(self) -> None:
        """The server stops."""
        if self.handshake_complete and self.conn.state is OPEN:
            self.queue.put_nowait({"type": "websocket.disconnect", "code": GOING_AWAY})
            self.conn.send_close(GOING_AWAY, "The server stops")
            self._part()
        elif not self._is_parting:
            super().shutdown()

    async def send(self, message: ASGISendEvent) -> None:
        """Send what the app sends, as long as there is somebody to send it to."""
        if self._is_parting:
            raise ClientDisconnected
        await super().send(message)
        if message["type"] == "websocket.http.response.body":
            self.handshake_complete = True  # it is over: Uvicorn would log that the app had not ended it
        if message["type"] == "websocket.close" and self.close_timer is not None:
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(PARTING, self.transport.abort)

    def _part(self) -> None:
        self.stop_keepalive()
        self.close_sent = self._is_parting = True
        self.transport.write(b"".join(self.conn.data_to_send()))
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.close_timer = self.loop.call_later(PARTING, self.transport.abort)
