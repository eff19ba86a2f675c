"""`/api/wallets/holds`: money that waits to be taken or given back."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import RefusedError, invalid
from providers.formance.sandbox.ledger.book import Account, Posting
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.wallets import chart, wire
from providers.formance.sandbox.wallets.bodies import Confirmation, body
from providers.formance.sandbox.wallets.keeping import ROOT, Keeping
from providers.formance.sandbox.wallets.paging import asked, page

_HOLD = f"{ROOT}/holds/{{id}}"


class Holds:
    """A hold is closed when nothing is left of it."""

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping

    def routes(self, auth: Auth) -> list[Route]:
        """Four operations."""
        guard = self._keeping.endpoint
        return [
            route("GET", f"{ROOT}/holds", guard(auth, self._list)),
            route("GET", _HOLD, guard(auth, self._get)),
            route("POST", f"{_HOLD}/confirm", guard(auth, self._confirm)),
            route("POST", f"{_HOLD}/void", guard(auth, self._void)),
        ]

    async def _list(self, request: Request) -> Response:
        query = asked(request)
        wallet, notes = query.filters.get("walletID"), query.notes()
        rows = [
            each
            for each in self._keeping.holds()
            if (not wallet or each.metadata[chart.HOLD_WALLET] == wallet) and notes.items() <= chart.own(each).items()
        ]
        return page(query, rows, lambda each: wire.hold(each, with_amounts=False))

    async def _get(self, request: Request) -> Response:
        return answer({"data": wire.hold(self._keeping.hold(request.path_params["id"]), with_amounts=True)})

    async def _confirm(self, request: Request) -> Response:
        """Without an amount all of it goes; a final part sends the rest back to the wallet."""
        given = await body(request, Confirmation)
        hold, asset, left = self._open(request)
        amount = given.amount or left
        if amount < 0:
            raise invalid("amount must be positive")
        if amount > left:
            raise RefusedError(400, "INSUFFICIENT_FUND", "insufficient fund in hold")
        if self._keeping.has_done(request, given):
            return Response(status_code=204)
        postings = [Posting(hold.address, chart.end_of(hold, chart.DESTINATION), amount, asset)]
        if given.final and amount < left:
            postings.append(Posting(hold.address, chart.end_of(hold, chart.VOID_DESTINATION), left - amount, asset))
        self._keeping.move(postings)
        self._keeping.done(request, given)
        return Response(status_code=204)

    async def _void(self, request: Request) -> Response:
        hold, asset, left = self._open(request)
        self._keeping.has_done(request, None)
        self._keeping.move([Posting(hold.address, chart.end_of(hold, chart.VOID_DESTINATION), left, asset)])
        self._keeping.done(request, None)
        return Response(status_code=204)

    def _open(self, request: Request) -> tuple[Account, str, int]:
        """The hold's account, its asset and what is left. Raises HOLD_CLOSED."""
        hold = self._keeping.hold(request.path_params["id"])
        asset = hold.metadata[chart.HOLD_ASSET]
        left = self._keeping.book.balance(hold.address, asset)
        if not left:
            raise RefusedError(400, "HOLD_CLOSED", "the hold is closed")
        return hold, asset, left
