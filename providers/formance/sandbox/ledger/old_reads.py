"""Reads of the first API: `/api/ledger/{ledger}/...`. They make the ledger that they are asked of."""

import re
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import invalid
from providers.formance.sandbox.ledger import history, wire
from providers.formance.sandbox.ledger.book import Book
from providers.formance.sandbox.ledger.commits import Commits
from providers.formance.sandbox.ledger.filters import address_pattern, moment
from providers.formance.sandbox.ledger.pages import OLD_MOST, Listing, asked, envelope, page
from providers.formance.sandbox.ledger.records import Account, Log, Transaction
from providers.formance.sandbox.routing import answer, route

OLD_LEDGER = "/api/ledger/{ledger}"

_SIZES = ("pageSize", "page_size")
_METADATA = re.compile(r"metadata\[(.+)\]")
_BALANCES: dict[str, Callable[[int, int], bool]] = {
    "e": lambda has, told: has == told,
    "ne": lambda has, told: has != told,
    "lt": lambda has, told: has < told,
    "lte": lambda has, told: has <= told,
    "gt": lambda has, told: has > told,
    "gte": lambda has, told: has >= told,
}


class OldReads:
    """What the first API tells of one server's ledgers."""

    def __init__(self, commits: Commits) -> None:
        self._commits = commits

    def routes(self, auth: Auth) -> list[Route]:
        """Lists, their counts, and single objects."""
        reads: dict[str, Callable[[Request], Any]] = {
            "stats": self._stats,
            "accounts": self._accounts,
            "accounts/{address}": self._account,
            "transactions": self._transactions,
            "transactions/{id}": self._transaction,
            "balances": self._balances,
            "aggregate/balances": self._aggregated,
            "logs": self._logs,
        }
        return [
            *(route("GET", f"{OLD_LEDGER}/{path}", auth.protect(endpoint)) for path, endpoint in reads.items()),
            route("HEAD", f"{OLD_LEDGER}/accounts", auth.protect(self._count_accounts)),
            route("HEAD", f"{OLD_LEDGER}/transactions", auth.protect(self._count_transactions)),
        ]

    def _book(self, request: Request) -> Book:
        return self._commits.opened(request.path_params["ledger"])

    async def _asked(self, request: Request) -> Listing:
        return await asked(request, most=OLD_MOST, size=_SIZES)

    async def _stats(self, request: Request) -> Response:
        book = self._book(request)
        return answer({"data": {"accounts": len(book.accounts), "transactions": len(book.transactions)}})

    async def _accounts(self, request: Request) -> Response:
        listing = await self._asked(request)
        found = _found_accounts(self._book(request), listing)
        return envelope(listing, found, lambda each: each.address, _account)

    async def _account(self, request: Request) -> Response:
        address = request.path_params["address"]
        return answer({"data": wire.old_account(address, self._book(request).accounts.get(address))})

    async def _transactions(self, request: Request) -> Response:
        book, listing = self._book(request), await self._asked(request)
        rows, cursor = page(listing, _found_transactions(book, listing), lambda each: each.id)
        return answer({"cursor": {**cursor, "data": _with_volumes(book, list(rows))}})

    async def _transaction(self, request: Request) -> Response:
        book = self._book(request)
        found = self._commits.transaction(book, request.path_params["id"])
        return answer({"data": _with_volumes(book, [found])[0]})

    async def _balances(self, request: Request) -> Response:
        listing = await self._asked(request)
        found = _found_accounts(self._book(request), listing)
        return envelope(listing, found, lambda each: each.address, _balances)

    async def _aggregated(self, request: Request) -> Response:
        totals: dict[str, int] = {}
        for account in _found_accounts(self._book(request), await self._asked(request)):
            for asset, held in account.volumes.items():
                totals[asset] = totals.get(asset, 0) + held.balance
        return answer({"data": totals})

    async def _logs(self, request: Request) -> Response:
        book, listing = self._book(request), await self._asked(request)
        found = [each for each in reversed(book.logs) if _is_within(each, listing)]
        return envelope(listing, found, lambda each: each.id, wire.old_log)

    async def _count_accounts(self, request: Request) -> Response:
        return self._count(len(_found_accounts(self._book(request), await self._asked(request))))

    async def _count_transactions(self, request: Request) -> Response:
        return self._count(len(_found_transactions(self._book(request), await self._asked(request))))

    def _count(self, rows: int) -> Response:
        return Response(status_code=200 if self._commits.version == "v1" else 204, headers={"Count": str(rows)})


def _found_accounts(book: Book, listing: Listing) -> list[Account]:
    """From the greatest address on."""
    address, after = listing.option("address"), listing.option("after")
    pattern = address_pattern(address) if address else None
    return [
        each
        for each in reversed(history.accounts(book, None))
        if (pattern is None or pattern.fullmatch(each.address))
        and (not after or each.address < after)
        and _has_metadata(each.metadata, listing)
        and _has_balance(each, listing)
    ]


def _found_transactions(book: Book, listing: Listing) -> list[Transaction]:
    after, reference = listing.option("after"), listing.option("reference")
    if after and not after.isdigit():
        raise invalid("invalid 'after' query param")
    return [
        each
        for each in reversed(book.transactions)
        if (not after or each.id < int(after))
        and (not reference or each.reference == reference)
        and _is_within(each, listing)
        and _has_metadata(each.metadata, listing)
        and _moves(each, listing)
    ]


def _moves(transaction: Transaction, listing: Listing) -> bool:
    sides = {
        "account": transaction.accounts,
        "source": [each.source for each in transaction.postings],
        "destination": [each.destination for each in transaction.postings],
    }
    return all(
        any(address_pattern(listing.option(name)).fullmatch(each) for each in addresses)
        for name, addresses in sides.items()
        if listing.option(name)
    )


def _is_within(row: Transaction | Log, listing: Listing) -> bool:
    at = row.timestamp if isinstance(row, Transaction) else row.date
    start, end = listing.option("startTime", "start_time"), listing.option("endTime", "end_time")
    return (not start or at >= moment(start, "startTime")) and (not end or at < moment(end, "endTime"))


def _has_metadata(metadata: dict[str, str], listing: Listing) -> bool:
    wanted = {found[1]: value for name, value in listing.options.items() if (found := _METADATA.fullmatch(name))}
    return all(metadata.get(key) == value for key, value in wanted.items())


def _has_balance(account: Account, listing: Listing) -> bool:
    told, name = listing.option("balance"), listing.option("balanceOperator", "balance_operator") or "gte"
    if not told:
        return True
    if name not in _BALANCES or not told.lstrip("-").isdigit():
        raise invalid("invalid parameter 'balanceOperator' or 'balance'")
    return any(_BALANCES[name](held.balance, int(told)) for held in account.volumes.values())


def _account(found: Account) -> dict[str, Any]:
    return {"address": found.address, "metadata": found.metadata}


def _balances(found: Account) -> dict[str, Any]:
    return {found.address: {asset: held.balance for asset, held in found.volumes.items()}}


def _with_volumes(book: Book, rows: list[Transaction]) -> list[dict[str, Any]]:
    bodies = {each.id: wire.old_transaction(each) for each in rows}
    for number, before, after in history.committed(book.transactions, lambda each: each.id in bodies):
        bodies[number] |= {"preCommitVolumes": wire.held(before), "postCommitVolumes": wire.held(after)}
    return list(bodies.values())
