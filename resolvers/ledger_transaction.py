"""Where transactions of ledgers and their fields come from."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Annotated, Protocol

import strawberry

from providers import domain
from providers.domain import (
    Ledger,
    LedgerAccount,
    LedgerAccountVolumes,
    LedgerPosting,
    LedgerTransaction,
    LedgerVolume,
    NodeType,
    Page,
    PageRequest,
    Payment,
    Ref,
)
from resolvers import ids
from resolvers.access.binding import visible
from resolvers.access.ledger import theirs
from resolvers.context import Info
from resolvers.ledger import At
from resolvers.ledger_account import Match, noted
from resolvers.ledger_holding import provider_of, vendor_of, window_of
from resolvers.node import by_ref, handed_on
from resolvers.paging import After, Connection, First, identity


class LedgerTransactionFilter(Protocol):
    """The shape of the schema's `LedgerTransactionFilter`. Omitted and null both mean any."""

    account: str | None
    source: str | None
    destination: str | None
    reference: str | None
    since: datetime | None
    until: datetime | None
    is_reverted: bool | None
    metadata: list[Match] | None


Filter = Annotated[
    Annotated["LedgerTransactionFilter", strawberry.lazy("schema.ledger_filters")] | None,
    strawberry.argument(description="Which transactions are wanted; all when omitted."),
]


async def ledger_transaction(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A global id of a ledger's transaction.")]
) -> LedgerTransaction | None:
    """The transaction with this id."""
    found: LedgerTransaction | None = await by_ref(ids.decode(id, NodeType.LEDGER_TRANSACTION), info.context)
    return found


async def transactions(
    root: strawberry.Parent[Ledger],
    info: Info,
    *,
    filter: Filter = None,
    at: At = None,
    first: First = 20,
    after: After = None,
) -> Connection[LedgerTransaction]:
    """The ledger's transactions."""
    where, vendor = _where(filter, at), vendor_of(root, info.context)

    async def fetch(page: PageRequest) -> Page[LedgerTransaction]:
        return await vendor.list_ledger_transactions(root.ref, where, page, info.context.operation)

    return await window_of(root, fetch, identity("ledger transactions", root.ref, where), first, after)


async def transaction_count(root: strawberry.Parent[Ledger], info: Info, filter: Filter = None, at: At = None) -> int:
    """How many transactions the ledger has."""
    vendor = vendor_of(root, info.context)
    return await vendor.count_ledger_transactions(root.ref, _where(filter, at), info.context.operation)


def ledger_of(root: strawberry.Parent[LedgerTransaction], info: Info) -> Awaitable[Ledger | None] | None:
    """The ledger that the transaction is in."""
    return handed_on(root.ledger, info.context)


def postings(
    root: strawberry.Parent[LedgerTransaction], info: Info
) -> Sequence[LedgerPosting] | Awaitable[Sequence[LedgerPosting]]:
    """What moved. A bound caller sees what left or reached an account of theirs."""
    return _their_postings(root, info) if info.context.caller.is_bound else root.postings


def volumes_before(
    root: strawberry.Parent[LedgerTransaction], info: Info
) -> Sequence[LedgerAccountVolumes] | Awaitable[Sequence[LedgerAccountVolumes]] | None:
    """What the accounts had before it."""
    return _their_volumes(root.volumes_before, info)


def volumes_after(
    root: strawberry.Parent[LedgerTransaction], info: Info
) -> Sequence[LedgerAccountVolumes] | Awaitable[Sequence[LedgerAccountVolumes]] | None:
    """What the accounts had after it."""
    return _their_volumes(root.volumes_after, info)


async def payment(root: strawberry.Parent[LedgerTransaction], info: Info) -> Payment | None:
    """The payment whose reference the transaction carries."""
    finding = info.context.loaders.payments_by_reference.get(provider_of(root))
    if root.reference is None or finding is None:
        return None
    found = await finding.load(root.reference)
    return await visible(found[0], info.context) if len(found) == 1 else None


async def of_payment(root: strawberry.Parent[Payment], info: Info) -> Sequence[LedgerTransaction] | None:
    """The transactions that carry the payment's reference."""
    loader = info.context.loaders.ledger_transactions_by_reference.get(root.ref.provider)  # type: ignore[arg-type]
    if loader is None or not root.reference:
        return None
    found = await loader.load(root.reference)
    seen = await asyncio.gather(*(visible(each, info.context) for each in found))
    return [each for each in seen if each is not None]


def source(root: strawberry.Parent[LedgerPosting], info: Info) -> Awaitable[LedgerAccount | None] | None:
    """The account that the money leaves."""
    return handed_on(root.source, info.context)


def destination(root: strawberry.Parent[LedgerPosting], info: Info) -> Awaitable[LedgerAccount | None] | None:
    """The account that the money reaches."""
    return handed_on(root.destination, info.context)


def source_address(root: strawberry.Parent[LedgerPosting], info: Info) -> str | Awaitable[str | None]:
    """The address of the account that the money leaves."""
    return _address(root.source, info)


def destination_address(root: strawberry.Parent[LedgerPosting], info: Info) -> str | Awaitable[str | None]:
    """The address of the account that the money reaches."""
    return _address(root.destination, info)


def held_by(root: strawberry.Parent[LedgerAccountVolumes], info: Info) -> Awaitable[LedgerAccount | None] | None:
    """The account that has the volumes."""
    return handed_on(root.account, info.context)


def volume_of(root: strawberry.Parent[LedgerVolume], info: Info) -> Awaitable[LedgerAccount | None] | None:
    """The account that the volumes are of."""
    return None if root.account is None else handed_on(root.account, info.context)


def _address(account: Ref, info: Info) -> str | Awaitable[str | None]:
    return _their_address(account, info) if info.context.caller.is_bound else account.native_id


async def _their_address(account: Ref, info: Info) -> str | None:
    return account.native_id if await theirs([account], info.context) else None


async def _their_postings(root: LedgerTransaction, info: Info) -> Sequence[LedgerPosting]:
    known = await theirs((end for each in root.postings for end in (each.source, each.destination)), info.context)
    return [each for each in root.postings if each.source in known or each.destination in known]


def _their_volumes(
    told: Sequence[LedgerAccountVolumes] | None, info: Info
) -> Sequence[LedgerAccountVolumes] | Awaitable[Sequence[LedgerAccountVolumes]] | None:
    return told if told is None or not info.context.caller.is_bound else _own_volumes(told, info)


async def _own_volumes(told: Sequence[LedgerAccountVolumes], info: Info) -> Sequence[LedgerAccountVolumes]:
    known = await theirs((each.account for each in told), info.context)
    return [each for each in told if each.account in known]


def _where(filter: LedgerTransactionFilter | None, at: datetime | None) -> domain.LedgerTransactionFilter:
    if filter is None:
        return domain.LedgerTransactionFilter(at=at)
    return domain.LedgerTransactionFilter(
        account=filter.account,
        source=filter.source,
        destination=filter.destination,
        reference=filter.reference,
        since=filter.since,
        until=filter.until,
        is_reverted=filter.is_reverted,
        metadata=noted(filter.metadata),
        at=at,
    )
