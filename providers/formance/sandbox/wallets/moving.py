"""Money into wallets and out of them, at once or to be held."""

import uuid
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import RefusedError, invalid
from providers.formance.sandbox.ledger.book import WORLD, Posting
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.wallets import chart, wire
from providers.formance.sandbox.wallets.bodies import Credit, Debit, Monetary, body
from providers.formance.sandbox.wallets.chart import Subject
from providers.formance.sandbox.wallets.keeping import ROOT, Keeping

_WORLD = Subject("ACCOUNT", WORLD)


class Moves:
    """Credits and debits of wallets."""

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping

    def routes(self, auth: Auth) -> list[Route]:
        """Two operations."""
        guard = self._keeping.endpoint
        return [
            route("POST", f"{ROOT}/wallets/{{id}}/credit", guard(auth, self._credit)),
            route("POST", f"{ROOT}/wallets/{{id}}/debit", guard(auth, self._debit)),
        ]

    async def _credit(self, request: Request) -> Response:
        order, wallet = await body(request, Credit), request.path_params["id"]
        _check(order.amount, *(order.sources or []))
        target = self._keeping.balance(wallet, order.balance or chart.MAIN).address
        if self._keeping.has_done(request, order):
            return Response(status_code=204)
        sources = [source.address() for source in order.sources or [_WORLD]]
        self._keeping.move(
            self._taken(order.amount, sources, target),
            notes=order.metadata,
            reference=order.reference,
            timestamp=order.timestamp,
        )
        self._keeping.done(request, order)
        return Response(status_code=204)

    async def _debit(self, request: Request) -> Response:
        order, wallet = await body(request, Debit), request.path_params["id"]
        target = order.destination or _WORLD
        _check(order.amount, target)
        sources = self._sources(wallet, order.balances or [chart.MAIN])
        if order.pending:
            return self._held(request, wallet, order, target, sources)
        if not self._keeping.has_done(request, order):
            postings = self._taken(order.amount, sources, target.address())
            self._keeping.move(postings, notes=order.metadata, timestamp=order.timestamp)
            self._keeping.done(request, order)
        return Response(status_code=204)

    def _held(self, request: Request, wallet: str, order: Debit, target: Subject, sources: Sequence[str]) -> Response:
        """A second request with the same key would make another hold: the ledger refuses it."""
        identifier = str(uuid.uuid4())
        self._keeping.has_done(request, identifier)
        address = chart.hold_address(identifier)
        postings = self._taken(order.amount, sources, address)
        self._keeping.book.check(postings)
        notes = chart.hold_notes(
            identifier,
            wallet=wallet,
            asset=order.amount.asset,
            subject=target,
            description=order.description,
            notes=order.metadata,
        )
        made = self._keeping.note(address, notes)
        self._keeping.move(postings, notes=order.metadata, timestamp=order.timestamp)
        self._keeping.done(request, identifier)
        return answer({"data": wire.hold(made, with_amounts=False)}, 201)

    def _sources(self, wallet: str, names: Sequence[str]) -> list[str]:
        """Of all balances, those that expire first and those of a higher priority give first; expired ones do not."""
        now = self._keeping.now()
        if "*" in names and len(names) > 1:
            raise invalid("balance was specified with wildcard '*'")
        if "*" not in names:
            found = [self._keeping.balance(wallet, name) for name in names]
        else:
            found = self._keeping.balances(wallet)
            found.sort(key=lambda each: -int(each.metadata.get(chart.PRIORITY, 0)))
            found.sort(key=lambda each: each.metadata.get(chart.EXPIRES_AT) or "9999")
        return [each.address for each in found if not chart.is_expired(each, now)]

    def _taken(self, money: Monetary, sources: Sequence[str], target: str) -> list[Posting]:
        """Postings that take the amount from the sources, in their order. Raises INSUFFICIENT_FUND."""
        postings, left = [], money.amount
        for source in sources:
            there = left if source == WORLD else max(0, self._keeping.book.balance(source, money.asset))
            part = min(left, there)
            if part:
                postings.append(Posting(source, target, part, money.asset))
            left -= part
        if left:
            raise RefusedError(400, "INSUFFICIENT_FUND", "insufficient fund in account")
        return postings


def _check(money: Monetary, *ends: Subject) -> None:
    if money.amount <= 0:
        raise invalid("amount must be positive")
    for end in ends:
        if end.type not in ("ACCOUNT", "WALLET") or not end.identifier:
            raise invalid("invalid subject")
