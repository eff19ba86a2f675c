"""Whose a wallet is, and so whose its balances, its holds and the ledger's accounts of these are."""

from typing import Any
from uuid import UUID

from providers.domain import LedgerAccount, NodeType, Ref, Wallet
from resolvers.context import RequestContext
from resolvers.loading.links import link_key

_HOLDS, _HOLD_OF = "holds", "wallets/holds/wallet_id"


async def owner_of(wallet: Wallet, context: RequestContext) -> str | None:
    """The customer of a wallet: a stored link outweighs what the wallet's notes say."""
    linked: str | None = await context.loaders.customer_ids_by_link.load(link_key(wallet.ref))
    return linked if linked is not None else wallet.customer_id


async def wallet_is_theirs(wallet: Wallet, context: RequestContext) -> bool:
    """Whether a wallet is of a customer whom the caller may see."""
    customers = context.caller.customers
    return customers is None or await owner_of(wallet, context) in customers


async def part_is_theirs(part: Any, context: RequestContext) -> bool:  # noqa: ANN401 - a balance or a hold
    """The same for the wallet of a balance or a hold."""
    wallet = await context.loaders.wallets_by_ref[part.ref.provider].load(part.wallet)
    return wallet is not None and await wallet_is_theirs(wallet, context)


async def owner_of_account(account: LedgerAccount, context: RequestContext) -> str | None:
    """The customer of the wallet whose money, held or not, an account of the ledger holds."""
    wallet, provider = _wallet_of(account), account.ref.provider
    if wallet is None or provider is None or provider not in context.loaders.wallets_by_ref:
        return None
    found = await context.loaders.wallets_by_ref[provider].load(wallet)
    if found is None or found.ledger_name != account.ledger.native_id:
        return None  # another ledger may have accounts of any name
    return await owner_of(found, context)


def _wallet_of(account: LedgerAccount) -> Ref | None:
    """By the address, which spells a wallet's id without dashes. A hold's account notes its wallet."""
    segments = account.address.split(":")
    if len(segments) != 3:
        return None
    told = account.metadata.get(_HOLD_OF, "") if segments[1] == _HOLDS else segments[1]
    try:
        return Ref(NodeType.WALLET, (str(UUID(told)),), account.ref.provider)
    except ValueError:
        return None
