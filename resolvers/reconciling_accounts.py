"""What accounts hold, and pools of them: the sides of banks and payment providers."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from providers.domain import Account, Balance, PaymentAccount, Pool, PoolBalancesKey, Provider, Ref
from providers.errors import NotFound, Outcome, ProviderError, Unsupported
from resolvers.account import balances_of
from resolvers.caller import Scope
from resolvers.context import RequestContext
from resolvers.holdings import accounts_by_provider
from resolvers.problems import UpstreamProblem, upstream_problem
from resolvers.side_by_side import NOTHING, Side, Sides, joined
from resolvers.totals import counted, counts

T = TypeVar("T")
_Found = Mapping[Provider, Outcome[Sequence[Account]]]


async def on_accounts(customer_id: str, context: RequestContext, at: datetime | None) -> Sides:
    """All sides of a customer's accounts. Providers that pay are those that have pools."""
    found = await accounts_by_provider(customer_id, context)
    payers = context.loaders.pools_by_account
    banks: _Found = {name: outcome for name, outcome in found.items() if name not in payers}
    paying: _Found = {name: outcome for name, outcome in found.items() if name in payers}
    refs = [account.ref for account in _accounts(paying)]
    bank, paid, (pools, pool) = await asyncio.gather(
        _by_account(banks, context, at), _by_account(paying, context, at), _pools(refs, context, at)
    )
    return Sides(
        bank=joined([*bank.values(), _missing(banks)]),
        payment_provider=joined([*paid.values(), _missing(paying)]),
        pool=pool,
        pooled=joined(paid.get(ref, NOTHING) for each in pools for ref in each.account_refs),
        ledger=NOTHING,
    )


async def held_by(accounts: Sequence[Ref], context: RequestContext, at: datetime | None) -> Side:
    """What accounts hold that are known by their names alone."""
    return joined(await asyncio.gather(*(_of_ref(ref, context, at) for ref in accounts)))


async def pool_sum(pool: Pool, context: RequestContext, at: datetime | None) -> Side:
    """A pool's sum. Of a time that its provider has not seen there is none, which is told by an empty one."""
    provider = pool.ref.provider
    loader = context.loaders.balances_by_pool.get(provider) if provider else None
    if loader is None or provider is None:
        return NOTHING
    found = await outcome(loader.load(PoolBalancesKey(pool.ref, at)))
    if at is not None and pool.account_refs and not isinstance(found, ProviderError) and not found:
        found = _unseen(provider, "pool_balances")
    return side(provider, found)


def side(provider: Provider, found: Outcome[Iterable[Balance] | None]) -> Side:
    """What a provider gave, all of which counts; or why it gave nothing."""
    if isinstance(found, ProviderError):
        return Side(problems=[upstream_problem(found)])
    return Side(readings=[(provider, balance) for balance in found or ()])


async def outcome(loading: Awaitable[T]) -> T | ProviderError:
    """What was loaded, or how it failed."""
    try:
        return await loading
    except ProviderError as error:
        return error


async def _by_account(found: _Found, context: RequestContext, at: datetime | None) -> Mapping[Ref, Side]:
    """What each account holds that counts as the customer's own money."""
    accounts = [account for account in _accounts(found) if counts(account)]
    sides = await asyncio.gather(*(_of_account(account, context, at) for account in accounts))
    return dict(zip((account.ref for account in accounts), sides, strict=True))


async def _of_account(account: Account, context: RequestContext, at: datetime | None) -> Side:
    if at is None:
        return _account_side(account.provider, await outcome(balances_of(account, context)))
    if isinstance(account, PaymentAccount) and account.created_at is not None and account.created_at > at:
        return NOTHING
    return await _of_ref(account.ref, context, at)


async def _of_ref(ref: Ref, context: RequestContext, at: datetime | None) -> Side:
    if ref.provider is None:
        return NOTHING
    if at is None:
        now = context.loaders.balances_by_account.get(ref.provider)
        return _account_side(ref.provider, await outcome(now.load((ref, 0)))) if now else NOTHING
    past = context.loaders.past_balances_by_account.get(ref.provider)
    if past is None:
        unsupported = Unsupported(ref.provider, "balance_history", "The provider tells nothing of the past.")
        return side(ref.provider, unsupported)
    found = await outcome(past.load((ref, at)))
    return side(ref.provider, found or _unseen(ref.provider, "balance_history"))


def _account_side(provider: Provider, found: Outcome[Sequence[Balance] | None]) -> Side:
    """Of an account's balances of an asset one counts."""
    return side(provider, found if isinstance(found, ProviderError) else counted(found or ()))


async def _pools(accounts: Sequence[Ref], context: RequestContext, at: datetime | None) -> tuple[Sequence[Pool], Side]:
    """Pools that hold some of these accounts and no others, and their sums."""
    pools, problems = await _own_pools(accounts, context)
    sums = await asyncio.gather(*(pool_sum(each, context, at) for each in pools))
    return pools, joined([*sums, Side(problems=problems, is_there=bool(problems))])


async def _own_pools(
    accounts: Sequence[Ref], context: RequestContext
) -> tuple[Sequence[Pool], Sequence[UpstreamProblem]]:
    """None for callers who may not read pools."""
    by_account = context.loaders.pools_by_account
    if not context.caller.may(Scope.POOLS_READ):
        return (), ()
    asked = [by_account[ref.provider].load(ref) for ref in accounts if ref.provider and ref.provider in by_account]
    found = await asyncio.gather(*map(outcome, asked))
    pools = {pool.ref: pool for each in found if not isinstance(each, ProviderError) for pool in each}
    problems = [upstream_problem(each) for each in found if isinstance(each, ProviderError)]
    return [pool for pool in pools.values() if set(pool.account_refs) <= set(accounts)], problems


def _accounts(found: _Found) -> Sequence[Account]:
    return [account for each in found.values() if not isinstance(each, ProviderError) for account in each]


def _unseen(provider: Provider, operation: str) -> NotFound:
    return NotFound(provider, operation, "The provider tells nothing of that time.")


def _missing(found: _Found) -> Side:
    """Providers of whose accounts nothing is known."""
    problems = [upstream_problem(each) for each in found.values() if isinstance(each, ProviderError)]
    return Side(problems=problems, is_there=bool(problems))
