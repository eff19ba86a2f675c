"""What the resolvers of ledgers, accounts and transactions have in common."""

from typing import TypeVar

from providers.domain import Ledger, LedgerAccount, LedgerTransaction, Provider, Ref
from providers.protocols.ledger import ReadsLedgers
from resolvers.context import RequestContext
from resolvers.paging import Connection, Fetch, window

T = TypeVar("T")
Held = Ledger | LedgerAccount | LedgerTransaction


def provider_of(held: Held) -> Provider:
    """Who has it."""
    return provider_of_ref(held.ref)


def provider_of_ref(ref: Ref) -> Provider:
    """Who has it."""
    if ref.provider is None:
        raise ValueError(ref.type)
    return ref.provider


def vendor_of(held: Held, context: RequestContext) -> ReadsLedgers:
    """The same, to be asked."""
    return context.providers.able(ReadsLedgers)[provider_of(held)]


async def window_of(held: Held, fetch: Fetch[T], of: str, first: int | None, after: str | None) -> Connection[T]:
    """A window on a list of the vendor who has it."""
    return await window({provider_of(held).value: fetch}, of=of, first=first, after=after)
