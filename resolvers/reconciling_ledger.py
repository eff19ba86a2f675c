"""What ledgers say of a customer's money, and of a pool's."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from providers.domain import (
    Balance,
    BalanceKind,
    BalanceSource,
    LedgerAccount,
    LedgerQueryKey,
    LedgerVolumes,
    LedgerVolumesKey,
    Pool,
    Provider,
    ReconciliationPolicy,
    Ref,
)
from providers.errors import ProviderError
from resolvers.context import RequestContext
from resolvers.reconciling_accounts import outcome, side
from resolvers.side_by_side import NOTHING, Side, joined


async def customers_ledger(customer_id: str, context: RequestContext, at: datetime | None) -> Side:
    """What a customer's ledger accounts hold."""
    loaders = context.loaders.ledger_accounts_by_customer
    return joined(await asyncio.gather(*(_of_customer(name, customer_id, context, at) for name in loaders)))


async def mirror(pool: Pool, context: RequestContext, at: datetime | None, *, only: Ref | None) -> Side:
    """What the ledger accounts hold that the pool's policies name, each filter once."""
    provider = pool.ref.provider
    by_pool = context.loaders.policies_by_pool.get(provider) if provider else None
    by_query = context.loaders.ledger_sums_by_query.get(provider) if provider else None
    if provider is None or by_pool is None or by_query is None:
        return NOTHING
    policies = await outcome(by_pool.load(pool.ref))
    if isinstance(policies, ProviderError):
        return side(provider, policies)
    keys = dict.fromkeys(_key(policy, at) for policy in policies if only is None or policy.ref == only)
    sums = await asyncio.gather(*(outcome(by_query.load(key)) for key in keys))
    return joined(side(provider, found) for found in sums)


async def _of_customer(provider: Provider, customer_id: str, context: RequestContext, at: datetime | None) -> Side:
    accounts = await outcome(context.loaders.ledger_accounts_by_customer[provider].load(customer_id))
    if isinstance(accounts, ProviderError):
        return side(provider, accounts)
    return joined(await asyncio.gather(*(_of_account(provider, each, context, at) for each in accounts)))


async def _of_account(provider: Provider, account: LedgerAccount, context: RequestContext, at: datetime | None) -> Side:
    """With its volumes as they came along, or as they are asked for."""
    if at is None and account.volumes is not None:
        return side(provider, _balances(account.volumes, account.fetched_at, account.fetched_at))
    asked = context.loaders.ledger_balances_by_account[provider]
    found = await outcome(asked.load(LedgerVolumesKey(account.ref, at, at is not None)))
    if isinstance(found, ProviderError):
        return side(provider, found)
    now = datetime.now(UTC)
    return side(provider, _balances(found, at or now, now))


def _balances(volumes: Sequence[LedgerVolumes], as_of: datetime, fetched_at: datetime) -> Sequence[Balance]:
    return [Balance(BalanceKind.TOTAL, each.balance, as_of, fetched_at, BalanceSource.LEDGER) for each in volumes]


def _key(policy: ReconciliationPolicy, at: datetime | None) -> LedgerQueryKey:
    query = bytes(policy.ledger_query).decode()
    return LedgerQueryKey(policy.ledger_ref, "" if query in {"null", "{}"} else query, at)
