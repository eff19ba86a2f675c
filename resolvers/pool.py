"""Where a pool's fields come from."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from providers.domain import Account, Balance, NodeType, Page, PageRequest, Pool, PoolBalancesKey, Provider
from providers.errors import ProviderError
from providers.protocols import ReadsPools
from resolvers import ids
from resolvers.context import Info, RequestContext
from resolvers.node import by_ref
from resolvers.paging import After, Connection, Fetch, First, identity, window
from resolvers.problems import upstream_problem


async def pool(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A pool's global id.")]
) -> Pool | None:
    """The pool with this id."""
    found: Pool | None = await by_ref(ids.decode(id, NodeType.POOL), info.context)
    return found


async def pools(info: Info, first: First = 20, after: After = None) -> Connection[Pool]:
    """All pools."""
    sources = {
        name.value: _listing(vendor, info.context) for name, vendor in info.context.providers.able(ReadsPools).items()
    }
    connection = await window(sources, of=identity("pools"), first=first, after=after)
    info.context.lacks(info.path, connection.problems)
    return connection


async def accounts(root: strawberry.Parent[Pool], info: Info) -> Sequence[Account] | None:
    """The pool's accounts. One that vanished at the provider is left out."""
    loader = info.context.loaders.accounts_by_ref[Provider.FORMANCE]
    outcomes = await asyncio.gather(*map(loader.load, root.account_refs), return_exceptions=True)
    failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    if failures and (len(failures) == len(outcomes) or not all(isinstance(one, ProviderError) for one in failures)):
        raise failures[0]
    problems = {upstream_problem(failure) for failure in failures if isinstance(failure, ProviderError)}
    info.context.lacks(info.path, tuple(problems))
    return [outcome for outcome in outcomes if isinstance(outcome, Account)]


async def balances(
    root: strawberry.Parent[Pool],
    info: Info,
    at: Annotated[
        datetime | None,
        strawberry.argument(
            description="The time that the balances are wanted for; the latest known ones when omitted. "
            "For a time after the provider was last polled the list is empty."
        ),
    ] = None,
) -> Sequence[Balance] | None:
    """The sum of the pool's accounts, one balance for each asset."""
    loader = info.context.loaders.balances_by_pool.get(Provider.FORMANCE)
    return await loader.load(PoolBalancesKey(root.ref, at)) if loader else None


def _listing(vendor: ReadsPools, context: RequestContext) -> Fetch[Pool]:
    async def fetch(page: PageRequest) -> Page[Pool]:
        return await vendor.list_pools(page, context.operation)

    return fetch
