"""Where ledgers come from, and what is told of one as a whole."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from providers.domain import (
    Ledger,
    LedgerContract,
    LedgerLog,
    LedgerMigration,
    LedgerServer,
    LedgerStatistics,
    LedgerVolume,
    LedgerVolumesFilter,
    Money,
    NodeType,
    Page,
    PageRequest,
)
from providers.protocols.ledger import ReadsLedgers
from resolvers import ids
from resolvers.context import Info, RequestContext
from resolvers.ledger_holding import provider_of, vendor_of, window_of
from resolvers.node import by_ref
from resolvers.paging import After, Connection, Fetch, First, identity, window
from resolvers.problems import BadInput

_MOST_SEGMENTS = 100

At = Annotated[datetime | None, strawberry.argument(description="The time that is asked about; now when omitted.")]
Since = Annotated[datetime | None, strawberry.argument(description="Only what happened from then on.")]
Until = Annotated[datetime | None, strawberry.argument(description="Only what happened before then.")]
Address = Annotated[
    str | None,
    strawberry.argument(
        description="Only accounts with this address. An empty segment stands for any: `users:` is every account of "
        "two segments of which the first is `users`. All accounts when omitted."
    ),
]
GroupBy = Annotated[
    int | None,
    strawberry.argument(description="Sum up accounts whose addresses have the same first so many segments, 1 to 100."),
]


async def ledgers(info: Info, first: First = 20, after: After = None) -> Connection[Ledger]:
    """All ledgers."""
    sources = {
        name.value: _listing(vendor, info.context) for name, vendor in info.context.providers.able(ReadsLedgers).items()
    }
    connection = await window(sources, of=identity("ledgers"), first=first, after=after)
    info.context.lacks(info.path, connection.problems)
    return connection


async def ledger(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A ledger's global id.")]
) -> Ledger | None:
    """The ledger with this id."""
    found: Ledger | None = await by_ref(ids.decode(id, NodeType.LEDGER), info.context)
    return found


async def ledger_server(info: Info) -> LedgerServer | None:
    """The server that keeps the ledgers."""
    for vendor in info.context.providers.able(ReadsLedgers).values():
        return await vendor.ledger_server(info.context.operation)
    return None


async def logs(
    root: strawberry.Parent[Ledger],
    info: Info,
    *,
    since: Since = None,
    until: Until = None,
    first: First = 20,
    after: After = None,
) -> Connection[LedgerLog]:
    """The ledger's log, newest first."""
    vendor = vendor_of(root, info.context)

    async def fetch(page: PageRequest) -> Page[LedgerLog]:
        return await vendor.list_ledger_logs(root.ref, since, until, page, info.context.operation)

    return await window_of(root, fetch, identity("ledger logs", root.ref, since, until), first, after)


async def volumes(
    root: strawberry.Parent[Ledger],
    info: Info,
    *,
    address: Address = None,
    since: Since = None,
    until: Until = None,
    group_by: GroupBy = None,
    first: First = 20,
    after: After = None,
) -> Connection[LedgerVolume]:
    """What the ledger's accounts received and gave, by address and asset."""
    if group_by is not None and not 1 <= group_by <= _MOST_SEGMENTS:
        raise BadInput(f"`groupBy` must be between 1 and {_MOST_SEGMENTS}.")
    where = LedgerVolumesFilter(address=address, since=since, until=until, group_by=group_by)
    vendor = vendor_of(root, info.context)

    async def fetch(page: PageRequest) -> Page[LedgerVolume]:
        return await vendor.list_ledger_volumes(root.ref, where, page, info.context.operation)

    return await window_of(root, fetch, identity("ledger volumes", root.ref, where), first, after)


async def aggregated_balances(
    root: strawberry.Parent[Ledger], info: Info, address: Address = None, at: At = None
) -> Sequence[Money]:
    """The sums of accounts' balances, by asset."""
    return await vendor_of(root, info.context).ledger_sums(root.ref, address, at, info.context.operation)


def statistics(root: strawberry.Parent[Ledger], info: Info) -> Awaitable[LedgerStatistics | None]:
    """How much there is in the ledger."""
    return info.context.loaders.ledger_statistics_by_ref[provider_of(root)].lend(root.ref)


def mapping(root: strawberry.Parent[Ledger], info: Info) -> Awaitable[Sequence[LedgerContract] | None]:
    """The ledger's rules."""
    return info.context.loaders.ledger_mappings_by_ref[provider_of(root)].lend(root.ref)


def migrations(root: strawberry.Parent[Ledger], info: Info) -> Awaitable[Sequence[LedgerMigration] | None]:
    """What was done to how the ledger is stored."""
    return info.context.loaders.ledger_migrations_by_ref[provider_of(root)].lend(root.ref)


def _listing(vendor: ReadsLedgers, context: RequestContext) -> Fetch[Ledger]:
    async def fetch(page: PageRequest) -> Page[Ledger]:
        return await vendor.list_ledgers(page, context.operation)

    return fetch
