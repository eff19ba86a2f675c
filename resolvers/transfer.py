"""Where transfer initiations and their fields come from."""

from collections.abc import Sequence
from typing import Annotated, Protocol

import strawberry
from msgspec import structs

from providers import domain
from providers.domain import (
    Account,
    Connector,
    NodeType,
    Page,
    PageRequest,
    Payment,
    Provider,
    Ref,
    RelatedPayment,
    TransferAdjustment,
    TransferDetail,
    TransferInitiation,
)
from providers.protocols import ReadsTransfers
from resolvers import ids
from resolvers.access.binding import is_theirs
from resolvers.batching import value_of
from resolvers.context import Info, RequestContext
from resolvers.holdings import accounts_of_caller, customers_of
from resolvers.node import by_ref
from resolvers.paging import After, Connection, Fetch, First, identity, window


class TransferFilter(Protocol):
    """The shape of the schema's input of this name. Omitted and null both mean any."""

    reference: str | None
    account_id: str | None


# The annotation names the schema's input type by a lazy reference, because this layer does not import the schema.
Filter = Annotated[
    Annotated["TransferFilter", strawberry.lazy("schema.transfer")] | None,
    strawberry.argument(description="Which transfer initiations are wanted; all when omitted."),
]


async def transfer_initiation(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A transfer initiation's global id.")]
) -> TransferInitiation | None:
    """The transfer initiation with this id."""
    found: TransferInitiation | None = await by_ref(ids.decode(id, NodeType.TRANSFER_INITIATION), info.context)
    return found


async def transfer_initiations(
    info: Info, filter: Filter = None, first: First = 20, after: After = None
) -> Connection[TransferInitiation]:
    """All transfer initiations, newest first for each provider."""
    where = _where(filter)
    if info.context.caller.is_bound:
        where = await _within(where, info.context)
    sources = {
        name.value: _listing(vendor, where, info.context)
        for name, vendor in info.context.providers.able(ReadsTransfers).items()
    }
    of = identity("transfers", where, *([customers_of(info.context)] if info.context.caller.is_bound else []))
    connection = await window(sources, of=of, first=first, after=after)
    info.context.lacks(info.path, connection.problems)
    return connection


async def of_account(
    root: strawberry.Parent[Account], info: Info, first: First = 20, after: After = None
) -> Connection[TransferInitiation] | None:
    """Transfer initiations from or to an account, newest first."""
    vendor = info.context.providers.able(ReadsTransfers).get(root.provider)
    if vendor is None:
        return None
    where = domain.TransferFilter(account=root.ref)
    source = {root.provider.value: _listing(vendor, where, info.context)}
    return await window(source, of=identity("transfers", where), first=first, after=after)


async def source(root: strawberry.Parent[TransferInitiation], info: Info) -> Account | None:
    """The account that the money leaves."""
    return await _account(root.source, info.context)


async def destination(root: strawberry.Parent[TransferInitiation], info: Info) -> Account | None:
    """The account that the money reaches."""
    return await _account(root.destination, info.context)


async def connector(root: strawberry.Parent[TransferInitiation], info: Info) -> Connector | None:
    """The connector that carries it out."""
    found: Connector | None = await by_ref(root.connector, info.context)
    return found


async def adjustments(root: strawberry.Parent[TransferInitiation], info: Info) -> Sequence[TransferAdjustment] | None:
    """What happened to it."""
    detail = await _detail(root.ref, info.context)
    return detail.adjustments if detail else None


async def related_payments(root: strawberry.Parent[TransferInitiation], info: Info) -> Sequence[RelatedPayment] | None:
    """Payments that it led to."""
    detail = await _detail(root.ref, info.context)
    return detail.related_payments if detail else None


async def related_payment(root: strawberry.Parent[RelatedPayment], info: Info) -> Payment | None:
    """The payment itself."""
    found: Payment | None = await by_ref(root.payment, info.context)
    return found


async def _detail(ref: Ref, context: RequestContext) -> TransferDetail | None:
    loader = context.loaders.transfer_details_by_ref.get(ref.provider or Provider.FORMANCE)
    return await loader.load(ref) if loader else None


async def _account(ref: Ref | None, context: RequestContext) -> Account | None:
    if ref is None:
        return None
    found: Account | None = await by_ref(ref, context)
    return found


async def _within(where: domain.TransferFilter, context: RequestContext) -> domain.TransferFilter:
    """What is wanted of a bound caller's accounts alone. An account of others is like one that is not there."""
    if where.account is not None:
        return where if await is_theirs(where.account, context) else structs.replace(where, accounts=())
    answers = [
        outcome for name, outcome in await accounts_of_caller(context) if name in context.providers.able(ReadsTransfers)
    ]
    accounts = sorted(account.ref for outcome in answers for account in value_of(outcome))
    return structs.replace(where, accounts=tuple(accounts))


def _where(filter: TransferFilter | None) -> domain.TransferFilter:
    if filter is None:
        return domain.TransferFilter()
    account = ids.decode(filter.account_id, NodeType.PAYMENT_ACCOUNT) if filter.account_id else None
    return domain.TransferFilter(reference=filter.reference, account=account)


def _listing(
    vendor: ReadsTransfers, where: domain.TransferFilter, context: RequestContext
) -> Fetch[TransferInitiation]:
    async def fetch(page: PageRequest) -> Page[TransferInitiation]:
        return await vendor.list_transfers(where, page, context.operation)

    return fetch
