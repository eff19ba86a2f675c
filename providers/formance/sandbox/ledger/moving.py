"""A ledger's log out of one server and into another, one JSON object a line."""

import copy
from collections.abc import Iterator
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import RefusedError
from providers.formance.sandbox.ledger import chain, wire
from providers.formance.sandbox.ledger.bodies import Moment, converted, loaded
from providers.formance.sandbox.ledger.book import Book
from providers.formance.sandbox.ledger.commits import Commits
from providers.formance.sandbox.ledger.reads import ROOT
from providers.formance.sandbox.ledger.records import Account, Log, Posting, Transaction
from providers.formance.sandbox.routing import route


class Line(msgspec.Struct, rename="camel"):
    """A line of an export."""

    type: str
    data: dict[str, Any]
    date: Moment
    id: int
    hash: str = ""
    idempotency_key: str = ""


class Entry(msgspec.Struct):
    """The transaction of a line."""

    id: int
    postings: list[Posting]
    timestamp: Moment
    reference: str = ""
    metadata: dict[str, str] = {}


class Moving:
    """Export and import of one server's ledgers."""

    def __init__(self, commits: Commits) -> None:
        self._commits = commits

    def routes(self, auth: Auth) -> list[Route]:
        """Both ways."""
        return [
            route("POST", f"{ROOT}/{{ledger}}/logs/export", auth.protect(self._export)),
            route("POST", f"{ROOT}/{{ledger}}/logs/import", auth.protect(self._import)),
        ]

    async def _export(self, request: Request) -> Response:
        book = self._commits.book(request.path_params["ledger"])
        return StreamingResponse(_lines(list(book.logs)), media_type="application/octet-stream")

    async def _import(self, request: Request) -> Response:
        """Into a ledger that nothing has happened to but imports. All lines, or none."""
        book = self._commits.book(request.path_params["ledger"])
        if book.logs and not book.is_imported:
            raise _refused("ledger must be in initializing state")
        lines = [converted(loaded(text), Line) for text in (await request.body()).splitlines() if text.strip()]
        filled = copy.deepcopy(book)
        filled.is_imported = True
        for line in lines:
            _enter(filled, line)
        self._commits.books[book.name] = filled
        return Response(status_code=204)


def _lines(logs: list[Log]) -> Iterator[bytes]:
    for entry in logs:
        yield msgspec.json.encode({**wire.log(entry), "idempotencyKey": entry.idempotency_key}) + b"\n"


def _enter(book: Book, line: Line) -> None:
    expected = book.first_id + len(book.logs)
    if line.id != expected:
        raise _refused(f"invalid log id, got {line.id}, expected {expected}")
    previous = book.logs[-1].hash if book.logs else ""
    link = chain.linked(previous, line.type, line.data, line.date)
    if line.hash and line.hash != link:
        raise _refused(f"invalid hash of log {line.id}")
    if "transaction" in line.data:
        _enter_transaction(book, line)
    elif line.type == "SET_METADATA":
        target = _target(book, line)
        target.metadata = {**target.metadata, **line.data["metadata"]}
    elif line.type == "DELETE_METADATA":
        target = _target(book, line)
        target.metadata = {key: value for key, value in target.metadata.items() if key != line.data["key"]}
    else:
        raise _refused(f"invalid log type {line.type}")
    book.logs.append(Log(line.id, line.type, line.data, line.date, link, line.idempotency_key))


def _enter_transaction(book: Book, line: Line) -> None:
    entry = converted(line.data["transaction"], Entry)
    if entry.id != book.first_id + len(book.transactions):
        raise _refused(f"invalid transaction id {entry.id}")
    for address, metadata in (line.data.get("accountMetadata") or {}).items():
        book.account(address, line.date).metadata |= metadata
    made = Transaction(
        entry.id,
        entry.postings,
        entry.timestamp,
        line.date,
        reference=entry.reference,
        metadata=entry.metadata,
        updated_at=line.date,
    )
    book.enter(made)
    reverted = book.transaction(line.data.get("revertedTransactionID", -1))
    if reverted is not None:
        reverted.reverted_at = line.date


def _target(book: Book, line: Line) -> Account | Transaction:
    identifier = line.data["targetId"]
    found = book.transaction(identifier) if line.data["targetType"] == "TRANSACTION" else None
    if line.data["targetType"] == "ACCOUNT":
        return book.account(str(identifier), line.date)
    if found is None:
        raise _refused(f"transaction {identifier} not found")
    return found


def _refused(message: str) -> RefusedError:
    return RefusedError(400, "IMPORT", message)
