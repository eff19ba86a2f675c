"""Where the numbers of all sides come from: what can be asked at once is, and what fails is told by side."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import strawberry

from providers.domain import (
    Account,
    Balance,
    Customer,
    LedgerQueryKey,
    NodeType,
    Pool,
    PoolBalancesKey,
    Provider,
    ReconciliationPolicy,
    Ref,
)
from providers.errors import NotFound, Outcome, ProviderError, Unsupported
from resolvers import ids
from resolvers.access.scopes import require
from resolvers.account import balances_of
from resolvers.caller import Scope
from resolvers.context import Info, RequestContext
from resolvers.holdings import accounts_by_provider
from resolvers.problems import BadInput, ProblemCode, UpstreamProblem, upstream_problem
from resolvers.reconciling_ledger import customers_ledger
from resolvers.side_by_side import Reading, Side, SideBySideReport, Sides, joined
from resolvers.totals import counted, counts

T = TypeVar("T")
At = Annotated[
    datetime | None,
    strawberry.argument(
        description="The time that the numbers are wanted for, which must have passed; what there is now when omitted. "
        "A side that tells nothing of that time has no numbers then, and `problems` says so."
    ),
]
OfPolicy = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="Only the ledger accounts of the policy with this global id; of all the pool's policies together "
        "when omitted."
    ),
]
PAST = "balance_history"
NOTHING = Side(is_there=False)


async def of_customer(root: strawberry.Parent[Customer], info: Info, at: At = None) -> SideBySideReport:
    """A customer's own money on all sides."""
    require(info.context.caller, Scope.LEDGER_READ)
    _check(at)
    accounts, ledger = await asyncio.gather(
        accounts_by_provider(root.customer_id, info.context), customers_ledger(root.customer_id, info.context, at)
    )
    paid_by = info.context.loaders.pools_by_account
    bank, (payment_provider, pool, pooled) = await asyncio.gather(
        _held({name: found for name, found in accounts.items() if name not in paid_by}, info.context, at),
        _paid({name: found for name, found in accounts.items() if name in paid_by}, info.context, at),
    )
    sides = Sides(bank=bank.side, payment_provider=payment_provider, pool=pool, pooled=pooled, ledger=ledger)
    return _told(info, sides, at)


async def of_pool(
    root: strawberry.Parent[Pool], info: Info, at: At = None, policy_id: OfPolicy = None
) -> SideBySideReport:
    """A pool's money on all sides."""
    for scope in (Scope.ACCOUNTS_READ, Scope.POOLS_READ, Scope.LEDGER_READ):
        require(info.context.caller, scope)
    _check(at)
    only = ids.decode(policy_id, NodeType.RECONCILIATION_POLICY) if policy_id else None
    accounts, pool, ledger = await asyncio.gather(
        _held_by(root.account_refs, info.context, at),
        _pool(root, info.context, at),
        _mirror(root, info.context, at, only=only),
    )
    sides = Sides(
        bank=NOTHING, payment_provider=accounts, pool=pool, pooled=accounts, ledger=ledger, is_mirrored=True
    )
    return _told(info, sides, at)


class _Held:
    """The numbers of accounts, one by one."""

    def __init__(self, by_account: Mapping[Ref, Side], missing: Sequence[UpstreamProblem]) -> None:
        self.by_account, self._missing = by_account, missing

    @property
    def side(self) -> Side:
        """All of them together, and what is missing among them."""
        whole = joined(self.by_account.values())
        return Side(readings=whole.readings, problems=[*self._missing, *whole.problems], is_there=whole.is_there)


async def _held(
    found: Mapping[Provider, Outcome[Sequence[Account]]], context: RequestContext, at: datetime | None
) -> _Held:
    """What the accounts of some providers hold that count as the customer's money."""
    missing = [upstream_problem(outcome) for outcome in found.values() if isinstance(outcome, ProviderError)]
    accounts = [
        account
        for outcome in found.values()
        for account in (() if isinstance(outcome, ProviderError) else outcome)
        if counts(account)
    ]
    sides = await asyncio.gather(*(_of_account(account, context, at) for account in accounts))
    return _Held(dict(zip((account.ref for account in accounts), sides, strict=True)), missing)


async def _paid(
    found: Mapping[Provider, Outcome[Sequence[Account]]], context: RequestContext, at: datetime | None
) -> tuple[Side, Side, Side]:
    """Payment accounts, the pools that hold nobody else's, and the accounts as these pools hold them."""
    refs = [
        account.ref
        for outcome in found.values()
        for account in (() if isinstance(outcome, ProviderError) else outcome)
    ]
    held, (pools, problems) = await asyncio.gather(_held(found, context, at), _own_pools(refs, context))
    sums = await asyncio.gather(*(_pool(pool, context, at) for pool in pools))
    pooled = [held.by_account.get(ref, NOTHING) for pool in pools for ref in pool.account_refs]
    pool = joined(sums)
    return (
        held.side,
        Side(readings=pool.readings, problems=[*problems, *pool.problems], is_there=pool.is_there),
        joined(pooled),
    )


async def _own_pools(
    accounts: Sequence[Ref], context: RequestContext
) -> tuple[Sequence[Pool], Sequence[UpstreamProblem]]:
    """Pools that hold some of these accounts, and no others. None for callers who may not read pools."""
    if not context.caller.may(Scope.POOLS_READ):
        return (), ()
    loaders = context.loaders.pools_by_account
    outcomes = await asyncio.gather(
        *(_outcome(loaders[ref.provider].load(ref)) for ref in accounts if ref.provider in loaders)
    )
    problems = [upstream_problem(outcome) for outcome in outcomes if isinstance(outcome, ProviderError)]
    found = {pool.ref: pool for outcome in outcomes if not isinstance(outcome, ProviderError) for pool in outcome or ()}
    return [pool for pool in found.values() if set(pool.account_refs) <= set(accounts)], problems


async def _held_by(accounts: Sequence[Ref], context: RequestContext, at: datetime | None) -> Side:
    """What accounts hold that are known by name alone."""
    return joined(await asyncio.gather(*(_of_ref(ref, context, at) for ref in accounts)))


async def _of_account(account: Account, context: RequestContext, at: datetime | None) -> Side:
    if at is not None:
        return await _of_ref(account.ref, context, at)
    return _side(account.provider, await _outcome(balances_of(account, context)))


async def _of_ref(ref: Ref, context: RequestContext, at: datetime | None) -> Side:
    if ref.provider is None:
        return NOTHING
    if at is None:
        now = context.loaders.balances_by_account.get(ref.provider)
        return NOTHING if now is None else _side(ref.provider, await _outcome(now.load((ref, 0))))
    past = context.loaders.past_balances_by_account.get(ref.provider)
    if past is None:
        return _side(ref.provider, Unsupported(ref.provider, PAST, "The provider tells nothing of the past."))
    found = await _outcome(past.load((ref, at)))
    return _side(ref.provider, found)


async def _pool(pool: Pool, context: RequestContext, at: datetime | None) -> Side:
    """A pool's sum. Of a time that its provider has not seen, it has none."""
    provider = pool.ref.provider
    loader = context.loaders.balances_by_pool.get(provider) if provider else None
    if loader is None or provider is None:
        return NOTHING
    found = await _outcome(loader.load(PoolBalancesKey(pool.ref, at)))
    if at is not None and not isinstance(found, ProviderError) and not found and pool.account_refs:
        return _side(provider, NotFound(provider, "get_pool_balances", "The provider tells nothing of that time."))
    return _side(provider, found)


async def _mirror(pool: Pool, context: RequestContext, at: datetime | None, *, only: Ref | None) -> Side:
    """The ledger accounts that the pool's policies name, each filter once."""
    provider = pool.ref.provider
    by_pool = context.loaders.policies_by_pool.get(provider) if provider else None
    by_query = context.loaders.ledger_sums_by_query.get(provider) if provider else None
    if provider is None or by_pool is None or by_query is None:
        return NOTHING
    policies = await _outcome(by_pool.load(pool.ref))
    if isinstance(policies, ProviderError):
        return _side(provider, policies)
    wanted = [policy for policy in policies or () if only is None or policy.ref == only]
    keys = dict.fromkeys(_key(policy, at) for policy in wanted)
    sums = await asyncio.gather(*(_outcome(by_query.load(key)) for key in keys))
    return joined(_side(provider, found) for found in sums)


def _key(policy: ReconciliationPolicy, at: datetime | None) -> LedgerQueryKey:
    query = bytes(policy.ledger_query).decode()
    return LedgerQueryKey(policy.ledger_ref, "" if query in {"", "null", "{}"} else query, at)


def _side(provider: Provider, found: Outcome[Sequence[Balance] | None]) -> Side:
    if isinstance(found, ProviderError):
        return Side(problems=[upstream_problem(found)])
    readings: list[Reading] = [(provider, balance) for balance in _counted(found or ())]
    return Side(readings=readings)


def _counted(balances: Sequence[Balance]) -> Sequence[Balance]:
    """Sums count as they are; of an account's balances one counts for each asset."""
    return list(counted(balances)) or balances


async def _outcome(loading: Awaitable[T]) -> T | ProviderError:
    try:
        return await loading
    except ProviderError as error:
        return error


def _check(at: datetime | None) -> None:
    if at is not None and at > datetime.now(UTC):
        raise BadInput("`at` must not lie ahead.")


def _told(info: Info, sides: Sides, at: datetime | None) -> SideBySideReport:
    """The report. What a provider does not offer is no failure."""
    report = sides.report(at)
    failures = dict.fromkeys(each.problem for each in report.problems)
    info.context.lacks(info.path, [each for each in failures if each.code not in _EXPECTED])
    return report


_EXPECTED = frozenset({ProblemCode.UNSUPPORTED, ProblemCode.NOT_FOUND})
