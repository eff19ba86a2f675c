"""The least HTTP client that can read from the vendors: GET, `content-length`, kept-alive connections, nothing else."""

import asyncio
from typing import Any

import orjson

MOST = 100
"""Calls at once."""


class _Connection(asyncio.Protocol):
    """One answer at a time."""

    def __init__(self) -> None:
        self.is_open = True
        self.answer: asyncio.Future[bytes]
        self._received = b""
        self._start = self._end = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def ask(self, request: bytes) -> "asyncio.Future[bytes]":
        """The body of the answer."""
        self.answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self.answer

    def data_received(self, data: bytes) -> None:
        self._received = self._received + data if self._received else data
        if not self._end and not self._head_is_there():
            return
        if len(self._received) >= self._end:
            body, self._received = self._received[self._start : self._end], b""
            self._end = 0
            self.answer.set_result(body)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the loop calls it so
        self.is_open = False
        if not self.answer.done():
            self.answer.set_exception(ConnectionError("a vendor hung up"))

    def _head_is_there(self) -> bool:
        head = self._received.find(b"\r\n\r\n")
        if head < 0:
            return False
        if not self._received.startswith(b"HTTP/1.1 200"):
            self.answer.set_exception(ConnectionError("a vendor refused"))
            return False
        length = self._received.index(b"content-length:") + 15
        self._start = head + 4
        self._end = self._start + int(self._received[length : self._received.index(b"\r", length)])
        return True


class Client:
    """Reads JSON of one host."""

    def __init__(self, base_url: str) -> None:
        authority = base_url.partition("//")[2]
        self._host, _, self._port = authority.partition(":")
        self._tail = f" HTTP/1.1\r\nhost: {authority}\r\naccept: application/json\r\n\r\n".encode()
        self._idle: list[_Connection] = []
        self._room = asyncio.Semaphore(MOST)

    async def get(self, path: str) -> Any:
        """What stands behind a path."""
        async with self._room:
            connection = self._idle.pop() if self._idle else None
            if connection is None or not connection.is_open:
                loop = asyncio.get_running_loop()
                _, connection = await loop.create_connection(_Connection, self._host, int(self._port))
            body = await connection.ask(b"GET " + path.encode() + self._tail)
            self._idle.append(connection)
        return orjson.loads(body)
