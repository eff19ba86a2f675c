"""Where wallets, their balances and their fields come from."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Protocol

import strawberry

from providers import domain
from providers.domain import (
    Customer,
    Hold,
    Ledger,
    LedgerAccount,
    LedgerTransaction,
    Money,
    NodeType,
    Page,
    PageRequest,
    Provider,
    Ref,
    Wallet,
    WalletBalance,
    WalletSummary,
)
from providers.errors import ProviderError
from providers.protocols.wallets import ReadsWallets
from resolvers import ids
from resolvers.access.binding import visible
from resolvers.context import Info, RequestContext
from resolvers.holdings import customers_of, outcome_of
from resolvers.loading.links import link_key
from resolvers.node import by_ref
from resolvers.paging import After, Connection, Fetch, First, held, identity, window
from resolvers.problems import BadInput, UpstreamProblem, upstream_problem

_MOST_NOTES = 20


class WalletFilter(Protocol):
    """The shape of the schema's input of this name. Omitted and null both mean any."""

    name: str | None
    metadata: object


# The annotation names the schema's input type by a lazy reference, because this layer does not import the schema.
Filter = Annotated[
    Annotated["WalletFilter", strawberry.lazy("schema.wallet")] | None,
    strawberry.argument(description="Which wallets are wanted; all when omitted."),
]


async def wallet(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A wallet's global id.")]
) -> Wallet | None:
    """The wallet with this id."""
    found: Wallet | None = await by_ref(ids.decode(id, NodeType.WALLET), info.context)
    return found


async def wallets(info: Info, filter: Filter = None, first: First = 20, after: After = None) -> Connection[Wallet]:
    """All wallets."""
    where = _where(filter)
    if info.context.caller.is_bound:
        return await _wallets_of_caller(info, where, first, after)
    sources = {
        name.value: _listing(vendor, where, info.context)
        for name, vendor in info.context.providers.able(ReadsWallets).items()
    }
    connection = await window(sources, of=identity("wallets", where), first=first, after=after)
    info.context.lacks(info.path, connection.problems)
    return connection


async def of_customer(root: strawberry.Parent[Customer], info: Info) -> Sequence[Wallet] | None:
    """A customer's wallets, by name."""
    loaders = info.context.loaders.wallets_by_customer
    if not loaders:
        return None
    found = await asyncio.gather(*(loader.load(root.customer_id) for loader in loaders.values()))
    return sorted((each for part in found for each in part), key=lambda each: (each.name, each.provider_id))


async def customer(root: strawberry.Parent[Wallet], info: Info) -> Customer | None:
    """Whose wallet it is: by the directory's links first, by its own notes where there is none."""
    linked = await info.context.loaders.customer_ids_by_link.load(link_key(root.ref))
    customer_id = linked or root.customer_id
    found = await info.context.loaders.customers_by_id.load(customer_id) if customer_id else None
    return await visible(found, info.context)


async def balances(root: strawberry.Parent[Wallet], info: Info) -> Sequence[WalletBalance] | None:
    """All balances of a wallet."""
    loaders, provider = info.context.loaders, _provider(root)
    if provider not in loaders.balances_by_wallet:
        return None
    found = await loaders.balances_by_wallet[provider].load(root.ref)
    for each in found or ():
        loaders.wallet_balances_by_ref[provider].prime(each.ref, each)
    _remember(root, info.context)
    return found


async def balance_pages(
    root: strawberry.Parent[Wallet], info: Info, first: First = 20, after: After = None
) -> Connection[WalletBalance] | None:
    """A wallet's balances, page by page."""
    vendor = info.context.providers.able(ReadsWallets).get(_provider(root))
    if vendor is None:
        return None
    _remember(root, info.context)

    async def fetch(page: PageRequest) -> Page[WalletBalance]:
        return await vendor.list_wallet_balances(root.ref, page, info.context.operation)

    of = identity("wallet balances", root.ref)
    return await window({_provider(root).value: fetch}, of=of, first=first, after=after)


async def available_funds(root: strawberry.Parent[Wallet], info: Info) -> Sequence[Money] | None:
    """What can be spent."""
    summary = await _summary(root, info.context)
    return summary.available_funds if summary else None


async def expired_funds(root: strawberry.Parent[Wallet], info: Info) -> Sequence[Money] | None:
    """What can no longer be spent."""
    summary = await _summary(root, info.context)
    return summary.expired_funds if summary else None


async def expirable_funds(root: strawberry.Parent[Wallet], info: Info) -> Sequence[Money] | None:
    """What can be spent for a time."""
    summary = await _summary(root, info.context)
    return summary.expirable_funds if summary else None


async def hold_funds(root: strawberry.Parent[Wallet], info: Info) -> Sequence[Money] | None:
    """What is held."""
    summary = await _summary(root, info.context)
    return summary.hold_funds if summary else None


async def holds(
    root: strawberry.Parent[Wallet], info: Info, first: First = 20, after: After = None
) -> Connection[Hold] | None:
    """Holds on a wallet."""
    vendor = info.context.providers.able(ReadsWallets).get(_provider(root))
    if vendor is None:
        return None
    _remember(root, info.context)

    async def fetch(page: PageRequest) -> Page[Hold]:
        return await vendor.list_holds(root.ref, (), page, info.context.operation)

    return await window({_provider(root).value: fetch}, of=identity("holds", root.ref), first=first, after=after)


async def transactions(
    root: strawberry.Parent[Wallet], info: Info, first: First = 20, after: After = None
) -> Connection[LedgerTransaction] | None:
    """Transactions that touch a wallet."""
    vendor = info.context.providers.able(ReadsWallets).get(_provider(root))
    if vendor is None:
        return None

    async def fetch(page: PageRequest) -> Page[LedgerTransaction]:
        return await vendor.list_wallet_transactions(root, page, info.context.operation)

    of = identity("wallet transactions", root.ref)
    return await window({_provider(root).value: fetch}, of=of, first=first, after=after)


async def ledger(root: strawberry.Parent[Wallet], info: Info) -> Ledger | None:
    """The ledger that keeps a wallet."""
    if root.ledger_name is None:
        return None
    found: Ledger | None = await by_ref(Ref(NodeType.LEDGER, (root.ledger_name,), root.ref.provider), info.context)
    return found


async def ledger_accounts(root: strawberry.Parent[Wallet], info: Info) -> Sequence[LedgerAccount] | None:
    """The accounts of a wallet's balances."""
    of_wallet = await balances(root, info)
    if of_wallet is None or root.ledger_name is None:
        return None
    refs = [account_ref(root, each.ledger_address) for each in of_wallet]
    found = await asyncio.gather(*(by_ref(ref, info.context) for ref in refs if ref))
    return [each for each in found if each is not None]


async def account_of_balance(root: strawberry.Parent[WalletBalance], info: Info) -> LedgerAccount | None:
    """The account of a balance."""
    return await account_at(root.wallet, root.ledger_address, info.context)


async def account_at(wallet: Ref, address: str, context: RequestContext) -> LedgerAccount | None:
    """An account of the ledger that keeps a wallet."""
    found: Wallet | None = await context.loaders.wallets_by_ref[wallet.provider or Provider.FORMANCE].load(wallet)
    ref = account_ref(found, address) if found else None
    account: LedgerAccount | None = await by_ref(ref, context) if ref else None
    return account


def account_ref(wallet: Wallet, address: str) -> Ref | None:
    """The identity of an account of the ledger that keeps a wallet."""
    if wallet.ledger_name is None:
        return None
    return Ref(NodeType.LEDGER_ACCOUNT, (wallet.ledger_name, address), wallet.ref.provider)


async def amounts(root: strawberry.Parent[WalletBalance], info: Info) -> Sequence[Money] | None:
    """What a balance holds, by a call only when it did not come with it."""
    if root.known_amounts is not None:
        return root.known_amounts
    found = await info.context.loaders.wallet_balances_by_ref[_provider(root)].load(root.ref)
    return found.known_amounts if found else None


def is_expired(root: strawberry.Parent[WalletBalance]) -> bool:
    """Whether a balance can no longer be spent."""
    return has_expired(root)


async def of_balance(root: strawberry.Parent[WalletBalance], info: Info) -> Wallet | None:
    """The wallet that a balance is a part of."""
    found: Wallet | None = await by_ref(root.wallet, info.context)
    return found


def has_expired(balance: WalletBalance) -> bool:
    """Whether a balance can no longer be spent."""
    return balance.expires_at is not None and balance.expires_at <= datetime.now(UTC)


def remembered(found: Sequence[Wallet], context: RequestContext) -> None:
    """Wallets that are at hand need not be asked for one by one."""
    for each in found:
        _remember(each, context)


async def _wallets_of_caller(
    info: Info, where: domain.WalletFilter, first: int | None, after: str | None
) -> Connection[Wallet]:
    """The wallets of a bound caller's customers, by the provider's own id."""
    customers = customers_of(info.context)
    loaders = info.context.loaders.wallets_by_customer.values()
    outcomes = await asyncio.gather(*(outcome_of(each.load(customer)) for each in loaders for customer in customers))
    failures = [outcome for outcome in outcomes if isinstance(outcome, ProviderError)]
    if failures and len(failures) == len(outcomes):
        raise failures[0]
    problems: tuple[UpstreamProblem, ...] = tuple(dict.fromkeys(map(upstream_problem, failures)))
    info.context.lacks(info.path, problems)
    found = [each for outcome in outcomes if not isinstance(outcome, ProviderError) for each in outcome]
    keyed = {each.provider_id: each for each in found if where.takes(each)}
    of = identity("wallets", where, customers)
    return held(list(keyed.items()), of=of, first=first, after=after, problems=problems)


def _where(given: WalletFilter | None) -> domain.WalletFilter:
    if given is None:
        return domain.WalletFilter()
    notes = given.metadata or {}
    if not isinstance(notes, dict) or not all(isinstance(each, str) for each in notes.values()):
        raise BadInput("`metadata` must be an object whose values are strings.")
    if len(notes) > _MOST_NOTES:
        raise BadInput(f"`metadata` may have {_MOST_NOTES} entries.")
    return domain.WalletFilter(name=given.name, metadata=tuple(sorted(notes.items())))


def _listing(vendor: ReadsWallets, where: domain.WalletFilter, context: RequestContext) -> Fetch[Wallet]:
    async def fetch(page: PageRequest) -> Page[Wallet]:
        found = await vendor.list_wallets(where, page, context.operation)
        remembered(found.items, context)
        return found

    return fetch


async def _summary(wallet: Wallet, context: RequestContext) -> WalletSummary | None:
    loader = context.loaders.summaries_by_wallet.get(_provider(wallet))
    return await loader.load(wallet.ref) if loader else None


def _remember(wallet: Wallet, context: RequestContext) -> None:
    context.loaders.wallets_by_ref[_provider(wallet)].prime(wallet.ref, wallet)


def _provider(node: Wallet | WalletBalance) -> Provider:
    return node.ref.provider or Provider.FORMANCE
