"""How much structure a request's JSON may have, told from its bytes before anything is built of them.

What works on values is recursive in places, and a megabyte of empty lists takes far longer to build than to send.
"""

import re
from array import array
from itertools import accumulate

DEEPEST = 64
"""Objects and lists within one another."""
MOST = 10_000
"""Objects and lists in all."""

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_OTHERS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_STEPS = bytes.maketrans(b"[]{}", b"\x01\xff\x01\xff")


def is_too_complex(data: bytes) -> bool:
    """Whether JSON has more than `DEEPEST` levels or `MOST` objects and lists. It need not be valid."""
    if data.count(b"[") + data.count(b"{") <= DEEPEST:
        return False
    steps = _STRING.sub(b"", data).translate(_STEPS, _OTHERS)
    if len(steps) > 2 * MOST:
        return True
    return max(accumulate(array("b", steps)), default=0) > DEEPEST
