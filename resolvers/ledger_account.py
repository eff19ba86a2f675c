"""Where accounts of ledgers and their fields come from."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Annotated, Protocol

import strawberry

from providers import domain
from providers.domain import (
    CurrencyTotal,
    Customer,
    Ledger,
    LedgerAccount,
    LedgerTransaction,
    LedgerVolumes,
    LedgerVolumesKey,
    MetadataMatch,
    NodeType,
    Page,
    PageRequest,
)
from providers.errors import ProviderError
from resolvers import ids, totals
from resolvers.access.binding import visible
from resolvers.access.ledger import is_wallets, owner
from resolvers.context import Info, RequestContext
from resolvers.holdings import outcome_of
from resolvers.ledger import At
from resolvers.ledger_holding import provider_of, vendor_of, window_of
from resolvers.node import by_ref, handed_on
from resolvers.paging import After, Connection, First, checked, first_page, held, identity
from resolvers.problems import UpstreamProblem, upstream_problem


class Match(Protocol):
    """The shape of the schema's `MetadataMatch`."""

    key: str
    value: str


class LedgerAccountFilter(Protocol):
    """The shape of the schema's `LedgerAccountFilter`. Omitted and null both mean any."""

    address: str | None
    metadata: list[Match] | None
    asset: str | None
    balance_from: int | None
    balance_below: int | None


Filter = Annotated[
    Annotated["LedgerAccountFilter", strawberry.lazy("schema.ledger_filters")] | None,
    strawberry.argument(description="Which accounts are wanted; all when omitted."),
]


async def ledger_account(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A global id of a ledger's account.")]
) -> LedgerAccount | None:
    """The account with this id."""
    found: LedgerAccount | None = await by_ref(ids.decode(id, NodeType.LEDGER_ACCOUNT), info.context)
    return found


async def accounts(
    root: strawberry.Parent[Ledger],
    info: Info,
    *,
    filter: Filter = None,
    at: At = None,
    first: First = 20,
    after: After = None,
) -> Connection[LedgerAccount]:
    """The ledger's accounts."""
    where, vendor = _where(filter, at), vendor_of(root, info.context)

    async def fetch(page: PageRequest) -> Page[LedgerAccount]:
        found = await vendor.list_ledger_accounts(root.ref, where, page, info.context.operation)
        _remember(found.items, info.context)
        return found

    return await window_of(root, fetch, identity("ledger accounts", root.ref, where), first, after)


def _remember(accounts: Sequence[LedgerAccount], context: RequestContext) -> None:
    """Accounts that came in a list as they are now need not be asked for one by one."""
    for account in accounts:
        if account.as_of is None and account.volumes is not None:
            context.loaders.ledger_accounts_by_ref[provider_of(account)].prime(account.ref, account)


async def account_count(root: strawberry.Parent[Ledger], info: Info, filter: Filter = None, at: At = None) -> int:
    """How many accounts the ledger has."""
    vendor = vendor_of(root, info.context)
    return await vendor.count_ledger_accounts(root.ref, _where(filter, at), info.context.operation)


def ledger_of(root: strawberry.Parent[LedgerAccount], info: Info) -> Awaitable[Ledger | None] | None:
    """The ledger that the account is in."""
    return handed_on(root.ledger, info.context)


def volumes(
    root: strawberry.Parent[LedgerAccount], info: Info
) -> Sequence[LedgerVolumes] | Awaitable[Sequence[LedgerVolumes]]:
    """What the account has received and given."""
    if root.volumes is not None:
        return root.volumes
    return info.context.loaders.ledger_volumes_by_account[provider_of(root)].lend(LedgerVolumesKey(root.ref))


def balances(
    root: strawberry.Parent[LedgerAccount],
    info: Info,
    *,
    at: At = None,
    is_effective: Annotated[
        bool,
        strawberry.argument(
            description="Whether transactions count from their own `timestamp` on, and not from when they were entered."
        ),
    ] = False,
) -> Sequence[LedgerVolumes] | Awaitable[Sequence[LedgerVolumes]]:
    """What the account had received and given at a time."""
    if at is None and not is_effective and root.as_of is None and root.volumes is not None:
        return root.volumes
    key = LedgerVolumesKey(root.ref, at, is_effective)
    return info.context.loaders.ledger_balances_by_account[provider_of(root)].lend(key)


async def transactions(
    root: strawberry.Parent[LedgerAccount], info: Info, first: First = 20, after: After = None
) -> Connection[LedgerTransaction]:
    """Transactions that touch the account, newest first."""
    of = identity("ledger transactions of", root.ref)
    if after is None:
        size, provider = checked(first), provider_of(root)
        page = await info.context.loaders.ledger_transactions_by_account[provider].load((root.ref, max(1, size)))
        return first_page(page, of=of, first=first, source=provider.value)
    vendor, where = vendor_of(root, info.context), domain.LedgerTransactionFilter(account=root.address)

    async def fetch(page: PageRequest) -> Page[LedgerTransaction]:
        return await vendor.list_ledger_transactions(root.ledger, where, page, info.context.operation)

    return await window_of(root, fetch, of, first, after)


async def customer(root: strawberry.Parent[LedgerAccount], info: Info) -> Customer | None:
    """Whose account it is."""
    customer_id = await owner(root, info.context)
    found = await info.context.loaders.customers_by_id.load(customer_id) if customer_id else None
    return await visible(found, info.context)


async def of_customer(
    root: strawberry.Parent[Customer], info: Info, first: First = 50, after: After = None
) -> Connection[LedgerAccount]:
    """The customer's accounts in all ledgers."""
    found, problems = await _held_by(root, info)
    info.context.lacks(info.path, problems)
    keyed = [("\x00".join(account.ref.keys), account) for account in found]
    return held(keyed, of=identity("ledger accounts", root.ref), first=first, after=after, problems=problems)


async def total(root: strawberry.Parent[Customer], info: Info) -> Sequence[CurrencyTotal]:
    """Sums of the customer's accounts in ledgers, for each currency. Wallets have their own."""
    found, problems = await _held_by(root, info)
    counted = [account for account in found if not is_wallets(account)]
    loaders = info.context.loaders.ledger_volumes_by_account
    missing = [account for account in counted if account.volumes is None]
    read = await asyncio.gather(
        *(outcome_of(loaders[provider_of(each)].load(LedgerVolumesKey(each.ref))) for each in missing)
    )
    known = {account.ref: account.volumes for account in counted if account.volumes is not None}
    for account, outcome in zip(missing, read, strict=True):
        if isinstance(outcome, ProviderError):
            problems.append(upstream_problem(outcome))
        else:
            known[account.ref] = tuple(outcome)
    info.context.lacks(info.path, problems)
    amounts = [(ref, volumes.balance) for ref, held_by in known.items() for volumes in held_by]
    return totals.summed(amounts, is_complete=not problems)


async def _held_by(root: Customer, info: Info) -> tuple[list[LedgerAccount], list[UpstreamProblem]]:
    """Raises the failure where the only provider of ledgers fails."""
    loaders = info.context.loaders.ledger_accounts_by_customer
    outcomes = await asyncio.gather(*(outcome_of(loader.load(root.customer_id)) for loader in loaders.values()))
    if len(outcomes) == 1 and isinstance(outcomes[0], ProviderError):
        raise outcomes[0]
    found = [account for outcome in outcomes if not isinstance(outcome, ProviderError) for account in outcome]
    return found, [upstream_problem(outcome) for outcome in outcomes if isinstance(outcome, ProviderError)]


def _where(filter: LedgerAccountFilter | None, at: datetime | None) -> domain.LedgerAccountFilter:
    if filter is None:
        return domain.LedgerAccountFilter(at=at)
    return domain.LedgerAccountFilter(
        address=filter.address,
        metadata=noted(filter.metadata),
        asset=filter.asset,
        balance_from=filter.balance_from,
        balance_below=filter.balance_below,
        at=at,
    )


def noted(matches: Sequence[Match] | None) -> tuple[MetadataMatch, ...]:
    """Conditions on notes."""
    return tuple(MetadataMatch(each.key, each.value) for each in matches or ())
