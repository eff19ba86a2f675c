"""A write as the directory remembers it: who asked for it under which key, how far it came, and how it ended."""

from datetime import datetime
from enum import StrEnum

import msgspec

from providers.domain.ref import Provider, Ref

LONGEST_KEY = 255
"""Characters of an idempotency key."""


class WriteState(StrEnum):
    """How far a write came."""

    RUNNING = "running"
    """Somebody carries it out, or did until their lease ran out."""
    DONE = "done"
    REFUSED = "refused"
    """The provider refused it for good: nothing happened."""
    UNKNOWN = "unknown"
    """It was sent and may have happened. It has to be looked up before anything is sent again."""


class WriteKey(msgspec.Struct, frozen=True, gc=False):
    """What makes two requests one write: the caller, and the idempotency key that the caller chose."""

    caller: str
    key: str


class WriteRecord(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One write. Times are in UTC, by the clock of whoever wrote them.

    `outcome` is a serialised `WriteOutcome` once it is DONE or REFUSED. `notes` are what was known before it was sent.
    `owner` is one attempt of one process; it owns the record until `lease_until`.
    """

    key: WriteKey
    operation: str
    provider: Provider
    fingerprint: str
    """SHA-256 of the input, in hex."""
    state: WriteState
    is_sent: bool
    """It may have been sent: set before the request leaves."""
    outcome: bytes | None
    notes: bytes | None
    owner: str
    request_id: str
    lease_until: datetime
    settles_at: datetime | None
    """From then on what was sent is either visible at the provider or will never be. None when nothing was sent."""
    created_at: datetime
    updated_at: datetime


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """What the caller can mend, as data. `field` is the path of the input's field at fault, empty for the whole."""

    code: str
    message: str
    field: tuple[str, ...] = ()
    vendor_code: str | None = None


class WriteOutcome(msgspec.Struct, frozen=True, gc=False):
    """How a write ended: the identity of the object that it changed, or the refusals.

    It is stored for good, so it holds no personal data and no amounts. `ref` is None when the write was refused, or
    when it left no object of its own.
    """

    ref: Ref | None
    refusals: tuple[Refusal, ...] = ()
    parts: tuple[Ref | None, ...] = ()
    """What the parts of a write of many have changed, in their order."""
