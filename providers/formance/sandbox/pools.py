"""`/api/payments/pools`: groups of accounts and the sums of their balances."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.accounts import moment
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import invalid, not_found
from providers.formance.sandbox.paging import asked, envelope
from providers.formance.sandbox.query import Column, Grammar
from providers.formance.sandbox.records import Balance, Generation, Pool
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.state import State, ordered, selected

_COLUMNS = {
    "id": Column(lambda pool: pool.id),
    "name": Column(lambda pool: pool.name),
    "account_id": Column(lambda pool: pool.accounts),
}


class Pools:
    """The pool endpoints of one server. v2 ignores filters on the list."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._grammar = Grammar(state.generation, "pools", _COLUMNS, has_metadata=False)

    def routes(self, auth: Auth) -> list[Route]:
        """Reads only."""
        return [
            route("GET", "/api/payments/pools", auth.protect(self._list)),
            route("GET", "/api/payments/pools/{id}", auth.protect(self._get)),
            route("GET", "/api/payments/pools/{id}/balances", auth.protect(self._balances_at)),
            route("GET", "/api/payments/pools/{id}/balances/latest", auth.protect(self._latest)),
        ]

    async def _list(self, request: Request) -> Response:
        listing = await asked(request)
        pools = self._state.pools.values()
        if self._state.generation == "v2":
            return envelope(listing, ordered(list(pools), listing.filters.sort, "v2"), self._rendered)
        return envelope(listing, selected(pools, listing, self._grammar), self._rendered)

    async def _get(self, request: Request) -> Response:
        return answer({"data": pool_wire(self._state.generation, self._found(request))})

    async def _balances_at(self, request: Request) -> Response:
        """Sums what was valid at `at`: nothing at all for a time after the last poll."""
        text = request.query_params.get("at")
        if not text:
            raise invalid("missing atTime")
        totals = sums_at(self._state, self._found(request), moment(text, "atTime"))
        return answer({"data": {"balances": [{"amount": amount, "asset": asset} for asset, amount in totals.items()]}})

    async def _latest(self, request: Request) -> Response:
        newest = {
            (row.account_id, row.asset): row
            for row in sorted(_rows(self._state, self._found(request)), key=lambda row: row.created_at)
        }
        totals = _totals(newest.values())
        if self._state.generation == "v2":
            balances = [{"amount": amount, "asset": asset} for asset, amount in totals.items()]
            return answer({"data": {"balances": balances}})
        holders: dict[str, list[str]] = defaultdict(list)
        for account, asset in newest:
            holders[asset].append(account)
        rows = [
            {"asset": asset, "amount": amount, "relatedAccounts": holders[asset]} for asset, amount in totals.items()
        ]
        return answer({"data": rows})

    def _found(self, request: Request) -> Pool:
        pool = self._state.pools.get(ids.checked_uuid(request.path_params["id"]))
        if pool is None:
            raise not_found(self._state.generation, "pool")
        return pool

    def _rendered(self, pool: Pool) -> Mapping[str, object]:
        return pool_wire(self._state.generation, pool)


def pool_wire(generation: Generation, pool: Pool) -> Mapping[str, object]:
    """A pool as it is answered. v2 knows no dynamic ones, so it names no type."""
    body: dict[str, object] = {"id": pool.id, "name": pool.name}
    if generation == "v3":
        body["type"] = "DYNAMIC" if pool.query else "STATIC"
    if pool.query:
        body["query"] = pool.query
    return {**body, "accounts": pool.accounts}


def sums_at(state: State, pool: Pool, at: datetime) -> dict[str, int]:
    """What was valid at a time, by asset: nothing at all for a time after the last poll."""
    return _totals(row for row in _rows(state, pool) if row.created_at <= at <= row.last_updated_at)


def _rows(state: State, pool: Pool) -> list[Balance]:
    return [row for account in pool.accounts for row in state.balances.get(account, [])]


def _totals(rows: Iterable[Balance]) -> dict[str, int]:
    totals: dict[str, int] = defaultdict(int)
    for row in rows:
        totals[row.asset] += row.amount
    return totals
