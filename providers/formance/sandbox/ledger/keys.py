"""Idempotency keys of the second API: what was answered once is answered again. Refusals are not kept."""

import hashlib
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from providers.formance.sandbox.ledger.book import Book
from providers.formance.sandbox.ledger.records import Outcome, Version
from providers.formance.sandbox.ledger.refusals import invalid

_HEADER, _HIT = "Idempotency-Key", "Idempotency-Hit"


def fingerprint(*parts: bytes | str) -> str:
    """What tells one write from another."""
    text = b"\0".join(part.encode() if isinstance(part, str) else part for part in parts)
    return hashlib.sha256(text).hexdigest()


def kept(book: Book, key: str, print_: str, version: Version) -> bytes | None:
    """What was answered under this key. Newer servers refuse it for another write."""
    outcome = book.outcomes.get(key) if key else None
    if outcome is None:
        return None
    if outcome.fingerprint != print_ and version == "v2.4":
        raise invalid("invalid idempotency hash when using idempotency key")
    return outcome.body


async def once(request: Request, book: Book, version: Version, status: int, write: Callable[[], bytes]) -> Response:
    """Do a write, or answer as the first time."""
    key = request.headers.get(_HEADER, "")
    print_ = fingerprint(request.method, request.url.path, request.url.query, await request.body())
    found = kept(book, key, print_, version)
    if found is not None:
        return _answered(found, status, {_HIT: "true"} if version == "v2.4" else {})
    body = write()
    if key:
        book.outcomes[key] = Outcome(print_, body)
        book.logs[-1].idempotency_key = key
    return _answered(body, status, {})


def _answered(body: bytes, status: int, headers: dict[str, str]) -> Response:
    return Response(body or None, status, headers, media_type="application/json" if body else None)
