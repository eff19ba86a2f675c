"""Volumes and aggregated balances of the second API."""

from collections.abc import Iterable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import invalid
from providers.formance.sandbox.ledger import history
from providers.formance.sandbox.ledger.book import Book
from providers.formance.sandbox.ledger.columns import VOLUMES, Row, columns
from providers.formance.sandbox.ledger.commits import Commits
from providers.formance.sandbox.ledger.filters import moment, predicate
from providers.formance.sandbox.ledger.pages import Listing, asked, envelope
from providers.formance.sandbox.ledger.reads import ROOT
from providers.formance.sandbox.ledger.records import Version, Volumes
from providers.formance.sandbox.routing import answer, route


class Sums:
    """What accounts hold, one by one, by the beginnings of their addresses, or all together."""

    def __init__(self, commits: Commits) -> None:
        self._commits = commits

    def routes(self, auth: Auth) -> list[Route]:
        """Both reads."""
        return [
            route("GET", f"{ROOT}/{{ledger}}/volumes", auth.protect(self._volumes)),
            route("GET", f"{ROOT}/{{ledger}}/aggregate/balances", auth.protect(self._aggregated)),
        ]

    async def _volumes(self, request: Request) -> Response:
        book, listing = self._commits.book(request.path_params["ledger"]), await asked(request)
        depth = listing.option("groupBy") or "0"
        if not (depth.isascii() and depth.isdigit()):
            raise invalid("invalid 'groupBy' query param")
        rows = self._rows(book, listing, by_insertion=listing.option("insertionDate") == "true")
        if int(depth):
            rows = _folded(rows, int(depth))
        return envelope(listing, rows, lambda row: f"{row.address} {row.asset}", _wire)

    async def _aggregated(self, request: Request) -> Response:
        book, listing = self._commits.book(request.path_params["ledger"]), await asked(request)
        by_insertion = listing.option("useInsertionDate") == "true"
        return answer({"data": _totals(self._rows(book, listing, by_insertion=by_insertion))})

    def _rows(self, book: Book, listing: Listing, *, by_insertion: bool) -> list[Row]:
        until = listing.option("endTime", "pit")
        since = listing.option("startTime")
        held = history.volumes(
            book,
            until=moment(until, "endTime") if until else None,
            since=moment(since, "startTime") if since else None,
            by_insertion=by_insertion,
        )
        return _found(book, held, listing.filter, self._commits.version)


def sums(book: Book, filter: object, version: Version, *, until: datetime) -> dict[str, int]:
    """What the accounts that a filter finds held together at a time. Raises VALIDATION."""
    return _totals(_found(book, history.volumes(book, until=until), filter, version))


def _found(book: Book, held: history.Held, filter: object, version: Version) -> list[Row]:
    wanted = predicate(filter, columns(VOLUMES, version), version)
    rows = [
        Row(address, asset, volumes, book.accounts[address].metadata)
        for address in sorted(held)
        for asset, volumes in sorted(held[address].items())
    ]
    return [row for row in rows if wanted(row)]


def _totals(rows: Iterable[Row]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for row in rows:
        totals[row.asset] = totals.get(row.asset, 0) + row.volumes.balance
    return totals


def _folded(rows: list[Row], depth: int) -> list[Row]:
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        start = ":".join(row.address.split(":")[:depth])
        total = found.setdefault((start, row.asset), Row(start, row.asset, Volumes(), {})).volumes
        total.input += row.volumes.input
        total.output += row.volumes.output
    return list(found.values())


def _wire(row: Row) -> dict[str, object]:
    volumes = row.volumes
    return {
        "account": row.address,
        "asset": row.asset,
        "input": volumes.input,
        "output": volumes.output,
        "balance": volumes.balance,
    }
