"""How much structure a request's JSON may have, told from its bytes before anything is built of them.

What works on values is recursive in places, and a megabyte of empty lists takes far longer to build than to send.
"""

from array import array
from itertools import accumulate

DEEPEST = 64
"""Objects and lists within one another."""
MOST = 10_000
"""Objects and lists in all."""
BEGINNING = 64 * 1024
"""Bytes that are looked at first: what has too much there need not be looked at whole."""

_OTHERS = bytes(byte for byte in range(256) if byte not in b'[]{}"')
_STEPS = bytes.maketrans(b"[]{}", b"\x01\xff\x01\xff")


def is_too_complex(data: bytes) -> bool:
    """Whether JSON has more than `DEEPEST` levels or `MOST` objects and lists. It need not be valid."""
    if len(data) > BEGINNING and is_too_complex(data[:BEGINNING]):
        return True
    if data.count(b"[") + data.count(b"{") <= DEEPEST:
        return False
    steps = _outside_strings(data)
    if len(steps) > 2 * MOST:
        return True
    return max(accumulate(array("b", steps.translate(_STEPS))), default=0) > DEEPEST


def _outside_strings(data: bytes) -> bytes:
    """The brackets that stand outside strings: all of them, or more than `2 * MOST`.

    Everything is done to the whole at once, and never bracket by bracket: that would take a tenth of a second.
    """
    if b"\\" in data:
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    # Two quotes side by side are an empty string or part two with nothing between: without them, every other piece
    # has a bracket, so that more pieces than these are too many brackets.
    marks = data.translate(None, _OTHERS).replace(b'""', b"")
    return b"".join(marks.split(b'"', 4 * MOST + 2)[::2])
