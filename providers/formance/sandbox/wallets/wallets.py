"""`/api/wallets/wallets`: making wallets, looking them up, and what one holds altogether."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import invalid
from providers.formance.sandbox.ledger.book import Account
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.wallets import chart, wire
from providers.formance.sandbox.wallets.bodies import NewWallet, Notes, body
from providers.formance.sandbox.wallets.keeping import ROOT, Keeping
from providers.formance.sandbox.wallets.paging import asked, page


class Wallets:
    """Wallets are the accounts of their main balances."""

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping

    def routes(self, auth: Auth) -> list[Route]:
        """Five operations."""
        guard = self._keeping.endpoint
        return [
            route("GET", f"{ROOT}/wallets", guard(auth, self._list)),
            route("POST", f"{ROOT}/wallets", guard(auth, self._create)),
            route("GET", f"{ROOT}/wallets/{{id}}", guard(auth, self._get)),
            route("PATCH", f"{ROOT}/wallets/{{id}}", guard(auth, self._update)),
            route("GET", f"{ROOT}/wallets/{{id}}/summary", guard(auth, self._summary)),
        ]

    async def _list(self, request: Request) -> Response:
        query = asked(request)
        name, notes = query.filters.get("name"), query.notes()
        rows = [
            each
            for each in self._keeping.wallets()
            if (not name or each.metadata[chart.NAME] == name) and notes.items() <= chart.own(each).items()
        ]
        with_balances = query.filters.get("expand") == "balances"
        return page(query, rows, lambda each: self._wire(each, with_balances=with_balances))

    async def _create(self, request: Request) -> Response:
        """A second request with the same key would make another wallet: the ledger refuses it."""
        new = await body(request, NewWallet)
        if not new.name:
            raise invalid("missing wallet name")
        identifier = str(uuid.uuid4())
        self._keeping.has_done(request, identifier)
        notes = chart.wallet_notes(identifier, new.name, new.metadata, self._keeping.now())
        made = self._keeping.note(chart.balance_address(identifier), notes)
        self._keeping.done(request, identifier)
        return answer({"data": self._wire(made, with_balances=False)}, 201)

    async def _get(self, request: Request) -> Response:
        return answer({"data": self._wire(self._found(request), with_balances=True)})

    async def _update(self, request: Request) -> Response:
        """Notes of other names stay."""
        given = await body(request, Notes)
        account = self._found(request)
        if not self._keeping.has_done(request, given):
            self._keeping.note(account.address, chart.custom(given.metadata))
            self._keeping.done(request, given)
        return Response(status_code=204)

    async def _summary(self, request: Request) -> Response:
        wallet = self._found(request).metadata[chart.ID]
        balances, now = self._keeping.balances(wallet), self._keeping.now()
        held = [each for each in self._keeping.holds() if each.metadata[chart.HOLD_WALLET] == wallet]
        body = {
            "balances": [wire.balance(each, with_assets=True) for each in balances],
            "availableFunds": _sum(each for each in balances if not chart.is_expired(each, now)),
            "expiredFunds": _sum(each for each in balances if chart.is_expired(each, now)),
            "expirableFunds": _sum(each for each in balances if chart.expiry(each) and not chart.is_expired(each, now)),
            "holdFunds": _sum(held),
        }
        return answer({"data": body})

    def _found(self, request: Request) -> Account:
        return self._keeping.main(request.path_params["id"])

    def _wire(self, account: Account, *, with_balances: bool) -> Mapping[str, object]:
        return wire.wallet(account, ledger=self._keeping.ledger, with_balances=with_balances)


def _sum(accounts: Iterable[Account]) -> dict[str, int]:
    funds: dict[str, int] = defaultdict(int)
    for account in accounts:
        for asset, amount in chart.assets(account).items():
            funds[asset] += amount
    return funds
