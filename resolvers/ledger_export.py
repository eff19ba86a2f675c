"""A ledger's log, as it can be put into another ledger."""

from typing import Annotated

import strawberry

from providers.domain import Ledger, LedgerExport
from providers.orders.ledger import WritesLedgers
from resolvers.context import Info
from resolvers.problems import BadInput

MOST = 1_000

Count = Annotated[
    int, strawberry.argument(description=f"How many entries, from the oldest on, 1 to {MOST}. No more are read.")
]


async def exported_logs(root: strawberry.Parent[Ledger], info: Info, *, first: Count = 100) -> LedgerExport | None:
    """The oldest entries of a ledger's log."""
    if not 0 < first <= MOST:
        raise BadInput(f"`first` must be 1 to {MOST}.")
    for provider, vendor in info.context.providers.able(WritesLedgers).items():
        if provider is root.ref.provider:
            return await vendor.export_ledger_logs(root.ref, first, info.context.operation)
    return None
