"""Pools: by id, by the accounts that they hold, and their sums."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from providers.answers import translating
from providers.domain import Balance, Page, PageRequest, Pool, PoolBalancesKey, Provider, Ref
from providers.errors import NotFound, Outcome, ProviderError, Unsupported
from providers.formance import filters, ids, models, paging, translate
from providers.formance.client import PaymentsService
from providers.formance.client.calls import Listing
from providers.formance.client.pools import GET_POOL_BALANCES, LIST_POOLS
from providers.formance.generation import REMEMBERED, Generation
from providers.formance.narrowing import Narrowing
from providers.operation import Operation


class Pools:
    """Reads of pools."""

    def __init__(
        self, client: PaymentsService, generation: Generation, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client, self._clock = client, clock
        self._list = Narrowing(
            generation, operation=LIST_POOLS.operation, page=partial(client.list_pools, max_age=client.kept.pools)
        )
        self._without_latest_until = 0.0

    async def by_ref(self, refs: Sequence[Ref], operation: Operation) -> dict[Ref, Outcome[Pool]]:
        """Pools by identity."""
        known = [ref for ref in dict.fromkeys(refs) if ids.is_uuid(ref.native_id)]
        if len(known) == 1:
            return await self._one(known[0], operation)
        terms = [filters.term(ref, filters.match("id", ref.native_id)) for ref in known]
        found: dict[Ref, Outcome[Pool]] = {}
        for subjects, rows in await self._list.rows(terms, operation):
            if isinstance(rows, ProviderError):
                found |= dict.fromkeys(subjects, rows)
            else:
                pools = _translated(rows)
                found |= {ref: pools[ref] for ref in subjects if ref in pools}
        return found

    async def by_account(self, accounts: Sequence[Ref], operation: Operation) -> dict[Ref, Outcome[Sequence[Pool]]]:
        """The pools that hold each account. An id that cannot be one is in no pool."""
        found: dict[Ref, Outcome[Sequence[Pool]]] = dict.fromkeys(accounts, ())
        known = [account for account in found if ids.account(account.native_id)]
        terms = [filters.term(account, filters.match("account_id", account.native_id)) for account in known]
        for subjects, rows in await self._list.rows(terms, operation):
            if isinstance(rows, ProviderError):
                found |= dict.fromkeys(subjects, rows)
            else:
                pools = _translated(rows).values()
                found |= {account: [pool for pool in pools if account in pool.account_refs] for account in subjects}
        return found

    async def page(self, page: PageRequest, operation: Operation) -> Page[Pool]:
        """A page of all pools, newest first."""
        listing = Listing(page.token, min(page.size, self._client.largest_page))
        read = await self._client.list_pools(listing, operation, max_age=self._client.kept.pools)
        return Page(
            items=tuple(translate.pool(row, fetched_at=row.read_at) for row in read.data),
            token=page.token,
            next=paging.following(read),
            has_more=read.has_more,
        )

    async def balances(
        self, keys: Sequence[PoolBalancesKey], operation: Operation
    ) -> dict[PoolBalancesKey, Outcome[Sequence[Balance]]]:
        """The sums of each pool, one call for each at once."""
        known = [key for key in dict.fromkeys(keys) if ids.is_uuid(key.pool.native_id)]
        outcomes = await asyncio.gather(*(self._sums(key, operation) for key in known))
        return {key: outcome for key, outcome in zip(known, outcomes, strict=True) if outcome is not None}

    async def _one(self, ref: Ref, operation: Operation) -> dict[Ref, Outcome[Pool]]:
        try:
            row = await self._client.get_pool(ref.native_id, operation, max_age=self._client.kept.pools)
        except NotFound:
            return {}
        except ProviderError as error:
            return {ref: error}
        return {ref: translate.pool(row, fetched_at=row.read_at)} if row.id == ref.native_id else {}

    async def _sums(self, key: PoolBalancesKey, operation: Operation) -> Outcome[Sequence[Balance]] | None:
        max_age = self._client.kept.balances_within(key.max_age)
        try:
            if key.at is None and self._clock() >= self._without_latest_until:
                return await self._latest(key.pool.native_id, operation, max_age)
            return await self._at(key.pool.native_id, key.at or datetime.now(UTC), operation, max_age)
        except NotFound:
            return None
        except ProviderError as error:
            return error

    async def _latest(self, pool_id: str, operation: Operation, max_age: float) -> Sequence[Balance]:
        """Older servers have no such route: they are asked for the sums of now, which no kept answer tells."""
        try:
            reading = self._client.get_pool_balances_latest(pool_id, operation, max_age=max_age)
            return await _sums(reading, as_of=None)
        except Unsupported:
            sums = await self._at(pool_id, datetime.now(UTC), operation, 0.0)
        self._without_latest_until = self._clock() + REMEMBERED
        return sums

    async def _at(self, pool_id: str, at: datetime, operation: Operation, max_age: float) -> Sequence[Balance]:
        reading = self._client.get_pool_balances(pool_id, translate.rfc3339(at), operation, max_age=max_age)
        return await _sums(reading, as_of=at)


async def _sums(reading: Awaitable[Sequence[models.PoolBalance]], *, as_of: datetime | None) -> Sequence[Balance]:
    rows = sorted(await reading, key=_asset)
    with translating(Provider.FORMANCE, GET_POOL_BALANCES.operation):
        return [translate.pool_balance(row, as_of=as_of, fetched_at=row.read_at) for row in rows]


def _asset(row: models.PoolBalance) -> str:
    """Sums come in no order."""
    return row.asset


def _translated(rows: Sequence[models.Pool]) -> dict[Ref, Pool]:
    """By identity: a filter by several accounts may find a pool several times."""
    return {translate.pool_ref(row.id): translate.pool(row, fetched_at=row.read_at) for row in rows}
