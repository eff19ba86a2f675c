"""A request that is ready to go, and how far it came."""

import re
from collections.abc import Mapping
from functools import cached_property

import msgspec

_FORBIDDEN = re.compile(r"[^\t\x20-\x7e\x80-\xff]")


class Headers:
    """Headers that many requests have in common."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields

    @cached_property
    def written(self) -> bytes:
        """As HTTP/1.1 writes them. Raises `ValueError` for a value that would end its line."""
        if any(_FORBIDDEN.search(part) for field in self.fields.items() for part in field):
            raise ValueError("a header has a control character in it")
        return "".join(f"{name}: {value}\r\n" for name, value in self.fields.items()).encode("latin-1")


class Passage(msgspec.Struct):
    """How far a request has come. A transport that says nothing of it is taken to have sent it."""

    has_left: bool = False
    """The vendor may have seen a part of it."""


class Letter(msgspec.Struct, frozen=True):
    """`timeout` is in seconds, for all of the exchange; `max_bytes` counts the answer's body, unpacked."""

    method: str
    url: str
    headers: Headers
    content: bytes
    timeout: float
    max_bytes: int
    passage: Passage | None = None
    """Given for a write: how far it came is noted here."""
    lines: int = 0
    """Lines of the answer's body after which the rest is not wanted; 0 for all of it."""
