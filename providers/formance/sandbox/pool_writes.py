"""Writes to `/api/payments/pools`: making and deleting pools, adding and removing accounts."""

import uuid

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.accounts import COLUMNS
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.bodies import NewPool, PoolAccount, body
from providers.formance.sandbox.errors import conflict, invalid, not_found
from providers.formance.sandbox.moments import Moments
from providers.formance.sandbox.news import News
from providers.formance.sandbox.pools import pool_wire
from providers.formance.sandbox.query import Grammar, predicate
from providers.formance.sandbox.records import Pool
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.state import State
from providers.formance.sandbox.validation import Field, check

_ROOT = "/api/payments/pools"


class PoolWrites:
    """Writes to pools of one server. A dynamic pool (v3) takes its accounts once, when it is made."""

    def __init__(self, state: State, moments: Moments, news: News) -> None:
        self._state, self._moments, self._news = state, moments, news

    def routes(self, auth: Auth) -> list[Route]:
        """All four writes."""
        return [
            route("POST", _ROOT, auth.protect(self._create)),
            route("DELETE", f"{_ROOT}/{{id}}", auth.protect(self._delete)),
            route("POST", f"{_ROOT}/{{id}}/accounts", auth.protect(self._add)),
            route("DELETE", f"{_ROOT}/{{id}}/accounts/{{account}}", auth.protect(self._remove)),
        ]

    async def _create(self, request: Request) -> Response:
        new = await body(request, NewPool)
        generation = self._state.generation
        query = (new.query or None) if generation == "v3" else None
        check(generation, [Field("name", new.name), Field("accountIDs", new.account_ids, is_optional=bool(query))])
        accounts = self._found_by(query) if query else self._wanted(new.account_ids or [])
        if any(pool.name == new.name for pool in self._state.pools.values()):
            raise conflict(generation, "pool")
        pool = Pool(str(uuid.uuid4()), new.name or "", self._moments.now(), accounts, query)
        self._state.pools[pool.id] = pool
        self._news.pool(pool)
        return answer({"data": pool_wire(generation, pool)})

    async def _delete(self, request: Request) -> Response:
        """A pool that is not there is as good as deleted."""
        identifier = ids.checked_uuid(request.path_params["id"])
        if self._state.pools.pop(identifier, None) is not None:
            self._news.no_pool(identifier)
        return Response(status_code=204)

    async def _add(self, request: Request) -> Response:
        identifier = ids.checked_uuid(request.path_params["id"])
        account = (await body(request, PoolAccount)).account_id
        if not account:
            raise invalid("accountID is required")
        pool = self._pool(identifier, ids.checked(account))
        self._check_account(account)
        if account not in pool.accounts:
            pool.accounts = [*pool.accounts, account]
            self._news.pool(pool)
        elif self._state.generation == "v2":
            raise conflict("v2", "account to pool", verb="add")
        return Response(status_code=204)

    async def _remove(self, request: Request) -> Response:
        """An account that is not in the pool is as good as removed; on v2 so is one of a pool that is not there."""
        identifier = ids.checked_uuid(request.path_params["id"])
        account = ids.checked(request.path_params["account"])
        if self._state.generation == "v2" and identifier not in self._state.pools:
            return Response(status_code=204)
        pool = self._pool(identifier, account)
        if account in pool.accounts:
            pool.accounts = [each for each in pool.accounts if each != account]
            self._news.pool(pool)
        return Response(status_code=204)

    def _pool(self, identifier: str, account: str) -> Pool:
        pool = self._state.pools.get(identifier)
        if pool is None:
            raise not_found(self._state.generation, "pool")
        if pool.query:
            raise invalid(f"cannot change account {account} of a dynamic pool: validation error")
        return pool

    def _wanted(self, accounts: list[str]) -> list[str]:
        check(self._state.generation, [Field("accountIDs", account, kind="accountID") for account in accounts])
        for account in accounts:
            self._check_account(account)
        return list(dict.fromkeys(accounts))

    def _check_account(self, identifier: str) -> None:
        """v3 pools hold internal accounts only."""
        account = self._state.accounts.get(identifier)
        if account is None:
            raise not_found(self._state.generation, "account")
        if self._state.generation == "v3" and account.kind != "INTERNAL":
            raise invalid(f"account {identifier} is not an internal account: validation error")

    def _found_by(self, query: dict[str, object]) -> list[str]:
        wanted = predicate(query, Grammar("v3", "accounts", COLUMNS["v3"]))
        return [each for each, account in self._state.accounts.items() if wanted is None or wanted(account)]
