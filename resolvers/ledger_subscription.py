"""What subscribers are told of ledgers."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from providers.domain import LedgerTransaction, NodeType, Topic
from resolvers import ids
from resolvers.context import Info, RequestContext
from resolvers.subscription import After, Change, Concerns, Wanted, told


def ledger_transaction_committed(
    info: Info,
    ledger_id: Annotated[
        strawberry.ID | None, strawberry.argument(description="A ledger's global id: only its own transactions.")
    ] = None,
    account_id: Annotated[
        strawberry.ID | None,
        strawberry.argument(description="A ledger account's global id: only transactions from it or to it."),
    ] = None,
    after: After = None,
) -> AsyncGenerator[Change, None]:
    """Transactions that were committed, or changed."""
    ledger = None if ledger_id is None else ids.decode(ledger_id, NodeType.LEDGER)
    concerns = () if account_id is None else (_touches(account_id),)
    wanted = Wanted(topic=Topic.LEDGER_TRANSACTION_COMMITTED, after=after, ledger=ledger, concerns=concerns)
    return told(info.context, wanted)


def _touches(account_id: str) -> Concerns:
    account = ids.decode(account_id, NodeType.LEDGER_ACCOUNT)

    async def concerns(found: LedgerTransaction, _context: RequestContext) -> bool:
        return any(account in {posting.source, posting.destination} for posting in found.postings)

    return concerns
