"""A client that sends bytes as it likes, and what the kernel tells of the server's process."""

import json
import resource
import socket
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.inside import Inside
from tests.process import Process

Server = Inside | Process

PATIENCE = 30.0
MB = 1024 * 1024
POST = b"POST /graphql HTTP/1.1\r\nhost: tributary\r\ncontent-type: application/json\r\n"
CHUNKED = POST + b"transfer-encoding: chunked\r\n\r\n"
MOST_MEMORY = 3_000_000_000


class Reply:
    """What came back: nothing, or an answer of HTTP/1.1. `was_cut` says that it ended by a reset."""

    def __init__(self, raw: bytes, *, was_cut: bool) -> None:
        self.raw, self.was_cut = raw, was_cut
        head, _, self.body = raw.partition(b"\r\n\r\n")
        line, *fields = head.decode("latin-1").split("\r\n")
        self.status = int(line.split()[1]) if raw else 0
        self.headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}

    @property
    def error(self) -> dict[str, Any]:
        """The only error."""
        (error,) = json.loads(self.body)["errors"]
        return dict(error)

    @property
    def code(self) -> str:
        """Its code."""
        return str(self.error["extensions"]["code"])


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    """A connection of our own."""
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)) as connection:
        yield connection


def exchanged(server: Server, *parts: bytes) -> Reply:
    """Send all, whatever comes back meanwhile, as simple clients do; then read until the server hangs up."""
    with connected(server) as connection:
        send(connection, parts)
        return read(connection)


def send(connection: socket.socket, parts: Iterable[bytes]) -> int:
    """Send until the server will have no more. How many parts it took."""
    number = 0
    try:
        for number, part in enumerate(parts):  # noqa: B007
            connection.sendall(part)
    except (BrokenPipeError, ConnectionResetError):
        return number
    return number + 1


def read(connection: socket.socket) -> Reply:
    """Read until the end."""
    raw = b""
    try:
        while part := connection.recv(65536):
            raw += part
    except ConnectionResetError:
        return Reply(raw, was_cut=True)
    return Reply(raw, was_cut=False)


def until(connection: socket.socket, end: bytes) -> bytes:
    """Read until these bytes have come, on a connection that goes on."""
    raw = b""
    while not raw.endswith(end):
        part = connection.recv(65536)
        assert part, raw
        raw += part
    return raw


def posted(body: bytes) -> bytes:
    """A whole POST of one operation, after which the client wants the connection closed."""
    return POST + b"connection: close\r\ncontent-length: %d\r\n\r\n" % len(body) + body


def got(path: str) -> bytes:
    """A whole GET, as a browser sends it."""
    return f"GET {path} HTTP/1.1\r\nhost: tributary\r\naccept: text/html\r\nconnection: close\r\n\r\n".encode()


def bound_memory(server: Process) -> None:
    """Let the server fail rather than this machine."""
    resource.prlimit(server.process.pid, resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def memory(server: Process) -> int:
    """The most bytes that the server has ever had in memory."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def is_well(server: Server) -> bool:
    """Whether the next client is served."""
    reply = exchanged(server, posted(b'{"query": "{ __typename }"}'))
    return reply.body == b'{"data":{"__typename":"Query"}}'
