"""Holds: money of wallets that waits to be taken or given back."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from providers import domain
from providers.domain import WalletEndType
from resolvers import hold as resolve
from resolvers.caller import Scope
from schema.costs import Cost, Load, load
from schema.fields import backed_by, described, resolved_by
from schema.money import Money
from schema.node import Node
from schema.scalars import JSON

if TYPE_CHECKING:
    from schema.ledger_account import LedgerAccount
    from schema.wallet import Wallet

LazyLedgerAccount = Annotated["LedgerAccount", strawberry.lazy("schema.ledger_account")]
LazyWallet = Annotated["Wallet", strawberry.lazy("schema.wallet")]
_WALLET = Cost(weight=1, loads=load("wallets_by_ref"))
_AMOUNTS = Cost(weight=1, loads=load("amounts_by_hold", is_common=True))
_NULL = " Null when the provider does not say, or could not be asked; see `errors`."


@strawberry.type(description="Where money of a wallet goes.")
class WalletEnd:
    """GraphQL `WalletEnd`, backed by `providers.domain.WalletEnd`."""

    type: WalletEndType = described("What it is.")
    provider_type: str = described("The same in the provider's own word.")
    identifier: str | None = resolved_by(
        resolve.identifier,
        "The ledger account's address, or the provider's own id of the wallet. Callers that are bound to customers see "
        "those of their customers' wallets alone.",
        needs=Scope.WALLETS_READ,
        cost=Cost(for_bound=load("wallets_by_ref", is_common=True)),
    )
    balance: str | None = described("The name of the wallet's balance. Null when it is no wallet.")
    wallet: LazyWallet | None = resolved_by(
        resolve.end_wallet,
        "The wallet. Null when it is none, when there is none of this id, or when the provider could not be asked.",
        needs=Scope.WALLETS_READ,
        cost=_WALLET,
    )

    is_type_of = backed_by(domain.WalletEnd)


@strawberry.type(description="Money of a wallet that waits to be taken or given back (Formance).")
class Hold(Node):
    """GraphQL `Hold`, backed by `providers.domain.Hold`."""

    provider_id: str = described("The provider's own id of the hold.")
    description: str | None = described("What it is for. Null when nobody said.")
    asset: str | None = described("The asset that is held. Null when the provider does not say.")
    destination: WalletEnd | None = described("Where the money goes when it is taken. Null when nobody said.")
    metadata: JSON = described("Notes kept with it: an object of strings.")
    original_money: Money | None = resolved_by(
        resolve.original_money,
        "What was held at first. Takes a call where the hold was read without it." + _NULL,
        needs=Scope.WALLETS_READ,
        cost=_AMOUNTS,
    )
    remaining_money: Money | None = resolved_by(
        resolve.remaining_money,
        "What is still held. Read with `originalMoney`." + _NULL,
        needs=Scope.WALLETS_READ,
        cost=_AMOUNTS,
    )
    is_closed: bool | None = resolved_by(
        resolve.is_closed,
        "True when nothing is held any more. Read with `originalMoney`." + _NULL,
        needs=Scope.WALLETS_READ,
        cost=_AMOUNTS,
    )
    ledger_account: LazyLedgerAccount | None = resolved_by(
        resolve.ledger_account,
        "The account of the ledger in which it is held; its `transactions` tell what became of it. Null when the "
        "provider could not be asked; see `errors`.",
        needs=Scope.LEDGER_READ,
        cost=Cost(
            weight=3,
            loads=(Load(name="wallets_by_ref"), Load(name="ledger_accounts_by_ref", follows=True)),
        ),
    )
    wallet: LazyWallet | None = resolved_by(
        resolve.wallet,
        "The wallet whose money is held. Null when the provider could not be asked; see `errors`.",
        needs=Scope.WALLETS_READ,
        cost=_WALLET,
    )
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.Hold)
