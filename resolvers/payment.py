"""Where payments and their fields come from."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Annotated, Protocol

import msgspec
import strawberry

from providers import domain
from providers.domain import Account, Connector, NodeType, Page, PageRequest, Payment, PaymentAdjustment, Provider, Ref
from providers.protocols import ReadsPayments
from resolvers import ids
from resolvers.batching import value_of
from resolvers.context import Info, RequestContext
from resolvers.holdings import accounts_of_caller, customers_of
from resolvers.node import by_ref, handed_on
from resolvers.paging import After, Connection, Fetch, First, checked, first_page, held, identity, window


class PaymentFilter(Protocol):
    """The shape of the schema's input of this name. Omitted and null both mean any."""

    type: domain.PaymentType | None
    status: domain.PaymentStatus | None
    asset: str | None
    reference: str | None
    connector_id: str | None


# The annotation names the schema's input type by a lazy reference, because this layer does not import the schema.
Filter = Annotated[
    Annotated["PaymentFilter", strawberry.lazy("schema.payment")] | None,
    strawberry.argument(description="Which payments are wanted; all when omitted."),
]


async def payment(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A payment's global id.")]
) -> Payment | None:
    """The payment with this id."""
    found: Payment | None = await by_ref(ids.decode(id, NodeType.PAYMENT), info.context)
    return found


async def payments(info: Info, filter: Filter = None, first: First = 20, after: After = None) -> Connection[Payment]:
    """All payments, newest first for each provider."""
    if info.context.caller.is_bound:
        return await _payments_of_caller(info, filter, first, after)
    where = _where(filter)
    sources = {
        name.value: _listing(vendor, (), where, info.context)
        for name, vendor in info.context.providers.able(ReadsPayments).items()
    }
    connection = await window(sources, of=identity("payments", where), first=first, after=after)
    info.context.lacks(info.path, connection.problems)
    return connection


async def of_accounts(
    info: Info,
    owner: object,
    accounts: Mapping[Provider, Sequence[Ref]],
    filter: PaymentFilter | None,
    *,
    first: int | None,
    after: str | None,
) -> Connection[Payment] | None:
    """Payments that touch any of the owner's accounts; null when no provider of these accounts has payments.

    `owner` tells the list from others. No accounts have no payments, whatever a cursor says.

    The first page is made of each account's own newest payments, so that one batch serves all accounts of the
    operation. Later pages are read from the accounts' common list.
    """
    powers = info.context.providers.able(ReadsPayments)
    sources = {name: refs for name, refs in accounts.items() if name in powers}
    if not sources:
        return None
    where = _where(filter)
    of = identity("payments", owner, where)
    if after is None and len(sources) == 1:
        [(name, refs)] = sources.items()
        page = await _newest(info.context, name, refs, where, checked(first))
        return first_page(page, of=of, first=first, source=name.value)
    return await window(
        {name.value: _listing_of(powers[name], refs, where, info.context) for name, refs in sources.items()},
        of=of,
        first=first,
        after=after,
    )


async def _payments_of_caller(
    info: Info, filter: PaymentFilter | None, first: int | None, after: str | None
) -> Connection[Payment]:
    """The payments of a bound caller's customers. Raises a failure of theirs: a part would shift under its cursors."""
    able = info.context.providers.able(ReadsPayments)
    refs: dict[Provider, list[Ref]] = {provider: [] for provider in able}
    for provider, outcome in await accounts_of_caller(info.context):
        if provider in able:
            refs[provider] += [account.ref for account in value_of(outcome)]
    customers = customers_of(info.context)
    found = await of_accounts(info, customers, refs, filter, first=first, after=after)
    return found or held([], of=identity("payments", customers), first=first, after=after)


def source(root: strawberry.Parent[Payment], info: Info) -> Awaitable[Account | None] | None:
    """The account that the money leaves."""
    return _end(root.source, info)


def destination(root: strawberry.Parent[Payment], info: Info) -> Awaitable[Account | None] | None:
    """The account that the money reaches."""
    return _end(root.destination, info)


def connector(root: strawberry.Parent[Payment], info: Info) -> Awaitable[Connector | None] | None:
    """The connector that the payment went through."""
    return handed_on(root.connector, info.context)


def raw(root: strawberry.Parent[PaymentAdjustment]) -> msgspec.Raw | None:
    """The payment provider's own record of the change as it was sent."""
    return None if bytes(root.raw) in (b"", b"null") else root.raw


def _end(ref: Ref | None, info: Info) -> Awaitable[Account | None] | None:
    return None if ref is None or ref.provider is None else handed_on(ref, info.context)


async def _newest(
    context: RequestContext, provider: Provider, refs: Sequence[Ref], where: domain.PaymentFilter, size: int
) -> Page[Payment]:
    """The newest payments of all accounts together, merged from each account's own."""
    loader = context.loaders.payments_by_account[provider]
    pages = await asyncio.gather(*(loader.load((ref, max(1, size), where)) for ref in refs))
    if len(pages) == 1:
        return pages[0]
    merged = {payment.ref: payment for page in pages for payment in page.items}
    newest = sorted(merged.values(), key=_newest_first, reverse=True)
    return Page(items=tuple(newest), has_more=any(page.has_more for page in pages))


def _newest_first(payment: Payment) -> tuple[bool, object]:
    return (payment.created_at is not None, payment.created_at)


def _where(filter: PaymentFilter | None) -> domain.PaymentFilter:
    if filter is None:
        return domain.PaymentFilter()
    return domain.PaymentFilter(
        type=filter.type,
        status=filter.status,
        asset=filter.asset,
        reference=filter.reference,
        connector=ids.decode(filter.connector_id, NodeType.CONNECTOR) if filter.connector_id else None,
    )


def _listing_of(
    vendor: ReadsPayments, accounts: Sequence[Ref], where: domain.PaymentFilter, context: RequestContext
) -> Fetch[Payment]:
    return _listing(vendor, accounts, where, context) if accounts else _none


async def _none(_page: PageRequest) -> Page[Payment]:
    return Page(items=())


def _listing(
    vendor: ReadsPayments, accounts: Sequence[Ref], where: domain.PaymentFilter, context: RequestContext
) -> Fetch[Payment]:
    async def fetch(page: PageRequest) -> Page[Payment]:
        return await vendor.list_payments(accounts, where, page, context.operation)

    return fetch
