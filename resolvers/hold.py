"""Where holds and their fields come from."""

from typing import Annotated

import strawberry

from providers.domain import (
    Hold,
    HoldAmounts,
    LedgerAccount,
    Money,
    NodeType,
    Page,
    PageRequest,
    Provider,
    Wallet,
    WalletEnd,
)
from providers.protocols.wallets import ReadsWallets
from resolvers import ids
from resolvers.context import Info, RequestContext
from resolvers.node import by_ref
from resolvers.paging import After, Connection, Fetch, First, identity, window
from resolvers.wallet import account_at


async def hold(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A hold's global id.")]
) -> Hold | None:
    """The hold with this id."""
    found: Hold | None = await by_ref(ids.decode(id, NodeType.HOLD), info.context)
    return found


async def holds(info: Info, first: First = 20, after: After = None) -> Connection[Hold]:
    """Holds on all wallets."""
    sources = {
        name.value: _listing(vendor, info.context) for name, vendor in info.context.providers.able(ReadsWallets).items()
    }
    connection = await window(sources, of=identity("holds"), first=first, after=after)
    info.context.lacks(info.path, connection.problems)
    return connection


async def wallet(root: strawberry.Parent[Hold], info: Info) -> Wallet | None:
    """The wallet whose money is held."""
    found: Wallet | None = await by_ref(root.wallet, info.context)
    return found


async def ledger_account(root: strawberry.Parent[Hold], info: Info) -> LedgerAccount | None:
    """The account in which money is held."""
    return await account_at(root.wallet, root.ledger_address, info.context)


async def original_money(root: strawberry.Parent[Hold], info: Info) -> Money | None:
    """What was held at first."""
    known = await _amounts(root, info.context)
    return known.original if known else None


async def remaining_money(root: strawberry.Parent[Hold], info: Info) -> Money | None:
    """What is left."""
    known = await _amounts(root, info.context)
    return known.remaining if known else None


async def is_closed(root: strawberry.Parent[Hold], info: Info) -> bool | None:
    """Whether nothing is left."""
    known = await _amounts(root, info.context)
    return known.remaining.amount == 0 if known else None


async def identifier(root: strawberry.Parent[WalletEnd], info: Info) -> str | None:
    """What an end is called. Callers bound to customers are told of their own wallets alone."""
    if not info.context.caller.is_bound or await end_wallet(root, info) is not None:
        return root.identifier
    return None


async def end_wallet(root: strawberry.Parent[WalletEnd], info: Info) -> Wallet | None:
    """The wallet at an end."""
    found: Wallet | None = await by_ref(root.wallet, info.context) if root.wallet else None
    return found


async def _amounts(hold: Hold, context: RequestContext) -> HoldAmounts | None:
    if hold.known_amounts is not None:
        return hold.known_amounts
    found: HoldAmounts | None = await context.loaders.amounts_by_hold[hold.ref.provider or Provider.FORMANCE].load(
        hold.ref
    )
    return found


def _listing(vendor: ReadsWallets, context: RequestContext) -> Fetch[Hold]:
    async def fetch(page: PageRequest) -> Page[Hold]:
        return await vendor.list_holds(None, (), page, context.operation)

    return fetch
