"""`/api/wallets/transactions`: the ledger's transactions of wallets."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.ledger.book import Transaction
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.wallets import chart, wire
from providers.formance.sandbox.wallets.keeping import ROOT, Keeping
from providers.formance.sandbox.wallets.paging import asked, page

_VERSION = "v2.1.5"


class Transactions:
    """Transactions, and the service's version."""

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping

    def routes(self, auth: Auth) -> list[Route]:
        """Two operations. The version needs no token."""
        return [
            route("GET", f"{ROOT}/transactions", self._keeping.endpoint(auth, self._list)),
            route("GET", f"{ROOT}/_info", self._info),
        ]

    async def _list(self, request: Request) -> Response:
        """Newest first."""
        query = asked(request)
        wallet = query.filters.get("walletID")
        rows = [
            each
            for each in reversed(self._keeping.book.transactions)
            if each.metadata.get(chart.MOVE) == "true" and (not wallet or _touches(each, wallet))
        ]
        return page(query, rows, lambda each: wire.transaction(each, ledger=self._keeping.ledger))

    async def _info(self, _request: Request) -> Response:
        return answer({"version": _VERSION})


def _touches(made: Transaction, wallet: str) -> bool:
    start = chart.balance_address(wallet, "")
    return any(each.source.startswith(start) or each.destination.startswith(start) for each in made.postings)
