"""W3C trace context: which trace an operation belongs to, and what vendors are told of it.

https://www.w3.org/TR/trace-context/
"""

import re
import secrets

import msgspec

_PARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")
_LONGEST_STATE = 512
_SAMPLED = 1


class Trace(msgspec.Struct, frozen=True):
    """An operation's place in a trace. Ids are hexadecimal. `parent` is the caller's span, "" when there is none."""

    id: str
    span: str
    parent: str = ""
    state: str = ""
    is_sampled: bool = True

    def next(self) -> "Trace":
        """Of what follows from this, as a span of its own."""
        return Trace(self.id, new_span(), self.span, self.state, is_sampled=self.is_sampled)

    def header(self, span: str) -> str:
        """`traceparent` of a call that is a span of its own."""
        return f"00-{self.id}-{span}-{int(self.is_sampled):02x}"


def new_span() -> str:
    """An id for a span."""
    return secrets.token_hex(8)


def trace(parent: str | None, state: str | None = None) -> Trace:
    """A trace that goes on from the caller's, or a new one when the caller names none that can be read."""
    found = _PARENT.fullmatch(parent or "")
    if found is None:
        return Trace(secrets.token_hex(16), new_span())
    kept = state if state and len(state) <= _LONGEST_STATE and state.isprintable() and state.isascii() else ""
    return Trace(found[1], new_span(), found[2], kept, is_sampled=bool(int(found[3], 16) & _SAMPLED))
