"""`/api/wallets/wallets/{id}/balances`: the parts of a wallet, of which some expire."""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import invalid
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.wallets import chart, wire
from providers.formance.sandbox.wallets.bodies import NewBalance, body
from providers.formance.sandbox.wallets.keeping import ROOT, Keeping
from providers.formance.sandbox.wallets.paging import asked, page

_BALANCES = f"{ROOT}/wallets/{{id}}/balances"
_NAME = re.compile(r"[0-9A-Za-z_-]+")


class Balances:
    """Balances of one name are one, whoever makes them a second time."""

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping

    def routes(self, auth: Auth) -> list[Route]:
        """Three operations."""
        guard = self._keeping.endpoint
        return [
            route("GET", _BALANCES, guard(auth, self._list)),
            route("POST", _BALANCES, guard(auth, self._create)),
            route("GET", f"{_BALANCES}/{{name}}", guard(auth, self._get)),
        ]

    async def _list(self, request: Request) -> Response:
        rows = self._keeping.balances(request.path_params["id"])
        return page(asked(request), rows, lambda each: wire.balance(each, with_assets=False))

    async def _create(self, request: Request) -> Response:
        new, wallet = await body(request, NewBalance), request.path_params["id"]
        if not _NAME.fullmatch(new.name):
            raise invalid("invalid balance name")
        if new.name == chart.MAIN:
            raise invalid("reserved balance name")
        address = chart.balance_address(wallet, new.name)
        if self._keeping.has_done(request, new):
            return answer({"data": wire.balance(self._keeping.balance(wallet, new.name), with_assets=False)}, 201)
        if address in self._keeping.book.accounts:
            raise invalid("balance already exists")
        made = self._keeping.note(address, chart.balance_notes(wallet, new.name, new.expires_at, new.priority or 0))
        self._keeping.done(request, new)
        return answer({"data": wire.balance(made, with_assets=False)}, 201)

    async def _get(self, request: Request) -> Response:
        found = self._keeping.balance(request.path_params["id"], request.path_params["name"])
        return answer({"data": wire.balance(found, with_assets=True)})
