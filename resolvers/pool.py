"""Where a pool's fields come from."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from providers.domain import Account, Balance, NodeType, Page, PageRequest, Pool, PoolBalancesKey, Provider
from providers.errors import ProviderError
from providers.protocols import ReadsPools
from resolvers import ids
from resolvers.access.binding import holds_theirs_only
from resolvers.age import MaxAge, seconds
from resolvers.context import Info, RequestContext
from resolvers.holdings import accounts_of_caller, customers_of, raise_the_only, split
from resolvers.node import by_ref
from resolvers.paging import After, Connection, Fetch, First, held, identity, window
from resolvers.problems import Forbidden, upstream_problem


async def pool(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A pool's global id.")]
) -> Pool | None:
    """The pool with this id."""
    found: Pool | None = await by_ref(ids.decode(id, NodeType.POOL), info.context)
    return found


async def pools(info: Info, first: First = 20, after: After = None) -> Connection[Pool]:
    """All pools."""
    if info.context.caller.is_bound:
        return await _pools_of_caller(info, first, after)
    sources = {
        name.value: _listing(vendor, info.context) for name, vendor in info.context.providers.able(ReadsPools).items()
    }
    connection = await window(sources, of=identity("pools"), first=first, after=after)
    info.context.lacks(info.path, connection.problems)
    return connection


async def accounts(root: strawberry.Parent[Pool], info: Info) -> Sequence[Account] | None:
    """The pool's accounts that the caller may see. One that vanished at the provider is left out."""
    outcomes = await asyncio.gather(*(by_ref(ref, info.context) for ref in root.account_refs), return_exceptions=True)
    failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    if failures and (len(failures) == len(outcomes) or not all(isinstance(one, ProviderError) for one in failures)):
        raise failures[0]
    problems = {upstream_problem(failure) for failure in failures if isinstance(failure, ProviderError)}
    info.context.lacks(info.path, tuple(problems))
    return [outcome for outcome in outcomes if isinstance(outcome, Account)]


def balances(
    root: strawberry.Parent[Pool],
    info: Info,
    at: Annotated[
        datetime | None,
        strawberry.argument(
            description="The time that the balances are wanted for; the latest known ones when omitted. "
            "For a time after the provider was last polled the list is empty."
        ),
    ] = None,
    max_age: MaxAge = None,
) -> Awaitable[Sequence[Balance] | None] | None:
    """The sum of the pool's accounts, one balance for each asset."""
    within = seconds(max_age)
    loader = info.context.loaders.balances_by_pool.get(Provider.FORMANCE)
    if loader is None:
        return None
    if info.context.caller.is_bound:
        return _balances_if_theirs(root, PoolBalancesKey(root.ref, at), info.context)
    return loader.lend(PoolBalancesKey(root.ref, at, within))


async def _balances_if_theirs(pool: Pool, key: PoolBalancesKey, context: RequestContext) -> Sequence[Balance] | None:
    """Never an older sum, which may be of accounts that were not theirs."""
    if not await holds_theirs_only(pool, context):
        raise Forbidden("The pool holds other accounts, too: their sum is closed to callers bound to customers.")
    found: Sequence[Balance] | None = await context.loaders.balances_by_pool[Provider.FORMANCE].load(key)
    return found


async def _pools_of_caller(info: Info, first: int | None, after: str | None) -> Connection[Pool]:
    """Pools that hold an account of a bound caller's customers, by name."""
    by_account = info.context.loaders.pools_by_account
    answers = [outcome for name, outcome in await accounts_of_caller(info.context) if name in by_account]
    raise_the_only(answers)
    accounts, problems = split(answers)
    info.context.lacks(info.path, problems)
    holding = await asyncio.gather(*(by_account[account.provider].load(account.ref) for account in accounts))
    keyed = {f"{pool.name}\x00{pool.provider_id}": pool for pools in holding for pool in pools}
    of = identity("pools", customers_of(info.context))
    return held(list(keyed.items()), of=of, first=first, after=after, problems=problems)


def _listing(vendor: ReadsPools, context: RequestContext) -> Fetch[Pool]:
    async def fetch(page: PageRequest) -> Page[Pool]:
        return await vendor.list_pools(page, context.operation)

    return fetch
