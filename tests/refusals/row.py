"""A row of a vendor's table of refusals, and what each refusal becomes in the graph."""

from collections.abc import Mapping
from typing import Any

import msgspec


class Told(msgspec.Struct, frozen=True):
    """What a client reads: an entry of `userErrors`, or of `errors` with advice on a retry."""

    code: str
    is_retryable: bool = False
    is_user_error: bool = False


class Meaning(msgspec.Struct, frozen=True):
    """Of one refusal, for a read and for a write. None: the object is null, without an error."""

    read: Told | None
    write: Told


def _refusal(code: str) -> Meaning:
    return Meaning(Told(code), Told(code, is_user_error=True))


REFUSED = _refusal("UPSTREAM_REJECTED")
NOT_SERVED = _refusal("UNSUPPORTED")
ABSENT = Meaning(None, Told("NOT_FOUND", is_user_error=True))
BUSY = Meaning(Told("UPSTREAM_REJECTED"), Told("ALREADY_RUNNING", is_user_error=True))
NOT_LET_IN = Meaning(Told("UPSTREAM_UNAUTHORIZED"), Told("UPSTREAM_UNAUTHORIZED"))
TOO_OFTEN = Meaning(*[Told("UPSTREAM_RATE_LIMITED", is_retryable=True)] * 2)
_MAY_HAVE_HAPPENED = Told("UPSTREAM_UNKNOWN_OUTCOME", is_retryable=True)
BROKEN = Meaning(Told("UPSTREAM_UNAVAILABLE", is_retryable=True), _MAY_HAVE_HAPPENED)
LATE = Meaning(Told("UPSTREAM_TIMEOUT", is_retryable=True), _MAY_HAVE_HAPPENED)
NOT_SENT = Meaning(*[Told("UPSTREAM_UNAVAILABLE", is_retryable=True)] * 2)
"""Where it is a token that cannot be had."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of the vendor. `body` is as the vendor sends it, empty where it sends none."""

    status: int
    body: str = ""
    means: Meaning
    vendor_code: str | None = None
    media_type: str = "application/json"
    headers: Mapping[str, str] = {}
    retry_after: int | None = None
    at: str = ""
    """The path that answers so, such as that of tokens; empty for that of the read or write itself."""
    only: frozenset[str] = frozenset()
    """The names of the ways on which the vendor can answer so, where it cannot on all."""

    def __str__(self) -> str:
        return f"{self.status} {self.vendor_code or self.body[:30] or 'empty'}{' for a token' if self.at else ''}"

    @property
    def is_lasting(self) -> bool:
        """True when the server acts otherwise after it: it pauses, or looks the outcome up."""
        return bool(self.at) or self.means in (BROKEN, LATE)

    @property
    def fault(self) -> dict[str, Any]:
        """For the sandbox. An answer without a body has no media type."""
        media_type = {"content-type": self.media_type if self.body else ""}
        return {"status": self.status, "body": self.body, "headers": {**media_type, **self.headers}}

    @property
    def words(self) -> list[str]:
        """Whatever the body says beyond its codes: none of it may reach a client or a log."""
        try:
            told = _texts(msgspec.json.decode(self.body))
        except msgspec.DecodeError:
            told = [self.body]
        return [word for word in told if len(word) > 4 and word != self.vendor_code]


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """A query or mutation with one vendor call that can be refused."""

    name: str
    document: str
    variables: Mapping[str, Any]
    method: str
    path: str
    settles: int = 0
    """Seconds after which a lost write is known to be absent. 0 for a read."""

    def told(self, row: Row) -> Told | None:
        """What a client of this way reads of a row."""
        return row.means.write if self.settles else row.means.read

    def retry_after(self, row: Row) -> int | None:
        """The pause that is advised."""
        return self.settles if self.settles and row.means.write == _MAY_HAVE_HAPPENED else row.retry_after


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [text for each in inner for text in _texts(each)]
    return [value] if isinstance(value, str) else []
