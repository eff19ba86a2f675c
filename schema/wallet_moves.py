"""Mutations of the money in wallets."""

from datetime import datetime

import strawberry

from resolvers import hold_orders, writing
from resolvers import wallet_moves as resolve
from resolvers.caller import Scope
from schema.costs import Cost, load
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.hold import Hold
from schema.payload import IDEMPOTENCY_KEY, MoneyInput, Payload
from schema.scalars import JSON
from schema.wallet import Wallet
from schema.wallet_orders import WalletBalancePayload

_METADATA = (
    "Notes to be kept with it: an object of strings. None when omitted. This server adds one of its own, "
    "`idempotency_hash`."
)
_TIMESTAMP = "When it shall count as having happened. Now when omitted."


@strawberry.input(description="A balance of a wallet.")
class WalletPartInput:
    """GraphQL `WalletPartInput`."""

    wallet_id: strawberry.ID = described("The wallet's global id.")
    balance: str | None = described("The balance's name. The main one when omitted.", default=None)


@strawberry.input(
    one_of=True,
    description="Where money comes from or goes to: exactly one field is given. Callers that are bound to customers "
    "can give wallets alone.",
)
class WalletEndInput:
    """GraphQL `WalletEndInput`."""

    ledger_account: str | None = described(
        "The address of an account of the ledger that keeps the wallets; `world` is what is outside of it.",
        default=strawberry.UNSET,
    )
    wallet: WalletPartInput | None = described("A balance of a wallet.", default=strawberry.UNSET)


@strawberry.input(description="Money for a wallet.")
class CreditWalletInput:
    """GraphQL `CreditWalletInput`."""

    wallet_id: strawberry.ID = described("The wallet's global id.")
    balance: str | None = described("The name of the balance that it goes to. The main one when omitted.", default=None)
    money: MoneyInput = described("How much.")
    sources: list[WalletEndInput] | None = described(
        "Where it comes from, up to 20 in the order in which they give. From outside of the ledger when omitted, for "
        "which a caller must not be bound to customers.",
        default=None,
    )
    reference: str | None = described("The caller's own reference, unique in the ledger.", default=None)
    timestamp: datetime | None = described(_TIMESTAMP, default=None)
    metadata: JSON | None = described(_METADATA, default=None)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="Money out of a wallet.")
class DebitWalletInput:
    """GraphQL `DebitWalletInput`."""

    wallet_id: strawberry.ID = described("The wallet's global id.")
    balances: list[str] | None = described(
        "The names of up to 20 balances that it is taken from, in this order, or `*` alone for all. The main one when "
        "omitted. Expired ones give nothing.",
        default=None,
    )
    money: MoneyInput = described("How much.")
    destination: WalletEndInput | None = described(
        "Where it goes. It leaves the ledger when omitted, for which a caller must not be bound to customers.",
        default=None,
    )
    is_pending: bool = described(
        "True: it is held until `confirmHold` or `voidHold`. False: it goes at once.", default=False
    )
    description: str | None = described("What it is for, in words; kept with a hold.", default=None)
    timestamp: datetime | None = described(_TIMESTAMP, default=None)
    metadata: JSON | None = described(_METADATA, default=None)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="Held money to be taken.")
class ConfirmHoldInput:
    """GraphQL `ConfirmHoldInput`."""

    hold_id: strawberry.ID = described("The hold's global id.")
    money: MoneyInput | None = described(
        "How much, in the asset that is held; not more than is left. All that is left when omitted.", default=None
    )
    is_final: bool = described("True: what is left then goes back to the wallet.", default=False)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="Held money to be given back.")
class VoidHoldInput:
    """GraphQL `VoidHoldInput`."""

    hold_id: strawberry.ID = described("The hold's global id.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `debitWallet` answers.")
class DebitWalletPayload(Payload):
    """GraphQL `DebitWalletPayload`, backed by `resolvers.writing.Changed`."""

    wallet: Wallet | None = resolved_by(
        resolve.debited,
        "The wallet as it is now. Null when nothing was changed.",
        needs=Scope.WALLETS_READ,
        cost=Cost(weight=1, loads=load("wallets_by_ref")),
    )
    hold: Hold | None = resolved_by(
        resolve.held, "The hold. Null when nothing was held, or nothing was changed.", needs=Scope.WALLETS_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `confirmHold` and `voidHold` answer.")
class HoldPayload(Payload):
    """GraphQL `HoldPayload`, backed by `resolvers.writing.Changed`."""

    hold: Hold | None = resolved_by(
        writing.node, "The hold as it is now. Null when nothing was changed.", needs=Scope.WALLETS_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class WalletMoveMutations:
    """The mutations of money in wallets, a part of the root `Mutation`."""

    credit_wallet: WalletBalancePayload | None = ordered_by(
        resolve.credit_wallet, "Puts money into a wallet.", needs=Scope.WALLETS_WRITE
    )
    debit_wallet: DebitWalletPayload | None = ordered_by(
        resolve.debit_wallet, "Takes money out of a wallet, or holds it.", needs=Scope.WALLETS_WRITE
    )
    confirm_hold: HoldPayload | None = ordered_by(
        hold_orders.confirm_hold,
        "Lets held money go where it was meant for. A caller that is bound to customers can do so where that is a "
        "wallet of theirs.",
        needs=Scope.WALLETS_WRITE,
    )
    void_hold: HoldPayload | None = ordered_by(
        hold_orders.void_hold,
        "Gives what is left of held money back to its wallet. A caller that is bound to customers can do so where it "
        "was meant for a wallet of theirs.",
        needs=Scope.WALLETS_WRITE,
    )
