"""What a worker and its parent tell each other: connections, one with each byte, and reports the other way."""

import socket
import struct
from collections.abc import Sequence

OPTION = "--worker"
"""How a worker is told that it is one; the number of its channel follows."""
PASSED = b"\0"
"""Goes with a connection, since a descriptor cannot be sent with nothing."""

_REPORT = struct.Struct("=II")
SIZE = _REPORT.size
_KEPT = 1 << 32


def channel_in(arguments: Sequence[str]) -> socket.socket | None:
    """The channel that a command line names; None when it starts no worker."""
    if len(arguments) != 2 or arguments[0] != OPTION:
        return None
    channel = socket.socket(fileno=int(arguments[1]))
    channel.settimeout(0)
    return channel


def packed(received: int, held: int) -> bytes:
    """A report: connections received so far, and those that it has now."""
    return _REPORT.pack(received % _KEPT, held)


def unpacked(report: bytes, handed: int) -> int:
    """How many connections a worker has, those on their way included, after so many were handed over."""
    received, held = _REPORT.unpack(report)
    return int(held + (handed - received) % _KEPT)
