"""Reads of the second API: `/api/ledger/v2/...`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.ledger import history, wire
from providers.formance.sandbox.ledger.book import Book
from providers.formance.sandbox.ledger.columns import ACCOUNTS, LEDGERS, LOGS, TRANSACTIONS, columns
from providers.formance.sandbox.ledger.commits import Commits
from providers.formance.sandbox.ledger.filters import moment, predicate
from providers.formance.sandbox.ledger.pages import Listing, asked, envelope, page
from providers.formance.sandbox.ledger.records import Account, Transaction
from providers.formance.sandbox.ledger.refusals import not_found
from providers.formance.sandbox.routing import answer, route

ROOT = "/api/ledger/v2"
_LEDGER = f"{ROOT}/{{ledger}}"


class Reads:
    """What is read of one server's ledgers, their accounts, transactions and logs."""

    def __init__(self, commits: Commits) -> None:
        self._commits, self._version = commits, commits.version

    def routes(self, auth: Auth) -> list[Route]:
        """Lists, their counts, and single objects."""
        reads: dict[str, Callable[[Request], Any]] = {
            ROOT: self._ledgers,
            _LEDGER: self._ledger,
            f"{_LEDGER}/stats": self._stats,
            f"{_LEDGER}/accounts": self._accounts,
            f"{_LEDGER}/accounts/{{address}}": self._account,
            f"{_LEDGER}/transactions": self._transactions,
            f"{_LEDGER}/transactions/{{id}}": self._transaction,
            f"{_LEDGER}/logs": self._logs,
        }
        return [
            *(route("GET", path, auth.protect(endpoint)) for path, endpoint in reads.items()),
            route("HEAD", f"{_LEDGER}/accounts", auth.protect(self._count_accounts)),
            route("HEAD", f"{_LEDGER}/transactions", auth.protect(self._count_transactions)),
        ]

    def _book(self, request: Request) -> Book:
        return self._commits.book(request.path_params["ledger"])

    async def _ledgers(self, request: Request) -> Response:
        listing = await asked(request)
        wanted = predicate(listing.filter, columns(LEDGERS, self._version), self._version)
        books = [book for book in self._commits.books.values() if wanted(book)]
        return envelope(listing, books, lambda book: book.name, wire.ledger)

    async def _ledger(self, request: Request) -> Response:
        return answer({"data": wire.ledger(self._book(request))})

    async def _stats(self, request: Request) -> Response:
        book = self._book(request)
        return answer({"data": {"accounts": len(book.accounts), "transactions": len(book.transactions)}})

    async def _accounts(self, request: Request) -> Response:
        book, listing = self._book(request), await asked(request)
        pit = _moment(listing, "pit")
        found = self._found_accounts(book, listing)
        effective = history.volumes(book, until=pit) if "effectiveVolumes" in listing.expand and pit else None
        return envelope(
            listing, found, lambda each: each.address, lambda each: self._expanded(each, listing.expand, effective)
        )

    async def _count_accounts(self, request: Request) -> Response:
        return _count(len(self._found_accounts(self._book(request), await asked(request))))

    async def _account(self, request: Request) -> Response:
        book, listing = self._book(request), await asked(request)
        pit, address = _moment(listing, "pit"), request.path_params["address"]
        found = next((each for each in history.accounts(book, pit) if each.address == address), None)
        if found is None:
            raise not_found("account")
        effective = history.volumes(book, until=pit) if pit else None
        return answer({"data": self._expanded(found, listing.expand, effective)})

    async def _transactions(self, request: Request) -> Response:
        book, listing = self._book(request), await asked(request)
        found = self._found_transactions(book, listing)
        is_effective = listing.option("order") == "effective" or listing.option("sort").startswith("timestamp")
        found.sort(key=(lambda each: (each.timestamp, each.id)) if is_effective else (lambda each: each.id))
        is_ascending = listing.option("reverse") == "true" or listing.option("sort").endswith(":asc")
        found = found if is_ascending else found[::-1]
        rows, cursor = page(listing, found, lambda each: each.id)
        data = self._with_volumes(book, list(rows), listing.expand)
        return answer({"cursor": {**cursor, "data": data}})

    async def _count_transactions(self, request: Request) -> Response:
        return _count(len(self._found_transactions(self._book(request), await asked(request))))

    async def _transaction(self, request: Request) -> Response:
        book, listing = self._book(request), await asked(request)
        number = self._commits.transaction(book, request.path_params["id"]).id
        pit = _moment(listing, "pit")
        found = [each for each in history.transactions(book, pit) if each.id == number]
        if not found:
            raise not_found("transaction")
        return answer({"data": self._with_volumes(book, found, listing.expand)[0]})

    async def _logs(self, request: Request) -> Response:
        book, listing = self._book(request), await asked(request)
        pit = _moment(listing, "pit")
        wanted = predicate(listing.filter, columns(LOGS, self._version), self._version)
        found = [each for each in reversed(book.logs) if wanted(each) and (pit is None or each.date <= pit)]
        return envelope(listing, found, lambda each: each.id, wire.log)

    def _found_accounts(self, book: Book, listing: Listing) -> list[Account]:
        wanted = predicate(listing.filter, columns(ACCOUNTS, self._version), self._version)
        return [each for each in history.accounts(book, _moment(listing, "pit")) if wanted(each)]

    def _found_transactions(self, book: Book, listing: Listing) -> list[Transaction]:
        wanted = predicate(listing.filter, columns(TRANSACTIONS, self._version), self._version)
        return [each for each in history.transactions(book, _moment(listing, "pit")) if wanted(each)]

    def _expanded(self, found: Account, expand: list[str], effective: history.Held | None) -> dict[str, Any]:
        body = wire.account(found, self._version)
        if "volumes" in expand:
            body["volumes"] = wire.volumes(found.volumes)
        if "effectiveVolumes" in expand:
            held = found.volumes if effective is None else effective.get(found.address, {})
            body["effectiveVolumes"] = wire.volumes(held)
        return body

    def _with_volumes(self, book: Book, rows: list[Transaction], expand: list[str]) -> list[dict[str, Any]]:
        bodies = {each.id: wire.transaction(each, self._version) for each in rows}
        if "volumes" in expand:
            _add(bodies, book.transactions, "CommitVolumes")
        if "effectiveVolumes" in expand:
            in_order = sorted(book.transactions, key=lambda each: (each.timestamp, each.id))
            _add(bodies, in_order, "CommitEffectiveVolumes")
        return list(bodies.values())


def _add(bodies: dict[int, dict[str, Any]], in_order: list[Transaction], name: str) -> None:
    for number, before, after in history.committed(in_order, lambda each: each.id in bodies):
        bodies[number] |= {f"pre{name}": wire.held(before), f"post{name}": wire.held(after)}


def _count(rows: int) -> Response:
    return Response(status_code=204, headers={"Count": str(rows)})


def _moment(listing: Listing, name: str) -> datetime | None:
    text = listing.option(name)
    return moment(text, name) if text else None
