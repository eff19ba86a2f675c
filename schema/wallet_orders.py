"""Mutations of wallets and their balances."""

from datetime import datetime

import strawberry

from resolvers import wallet_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.payload import IDEMPOTENCY_KEY, Payload
from schema.scalars import JSON
from schema.wallet import Wallet, WalletBalance


@strawberry.input(description="A wallet to be made.")
class CreateWalletInput:
    """GraphQL `CreateWalletInput`."""

    name: str = described("Its name, which need not be unique.")
    metadata: JSON | None = described(
        "Notes to keep with it: an object of strings. `customer_id` names its customer. This server adds one of its "
        "own, `idempotency_hash`.",
        default=None,
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="Notes for a wallet.")
class UpdateWalletInput:
    """GraphQL `UpdateWalletInput`."""

    wallet_id: strawberry.ID = described("The wallet's global id.")
    metadata: JSON = described(
        "Notes to add: an object of 1 to 100 strings. Notes of the same names are replaced, others stay."
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A balance of a wallet to be made.")
class CreateWalletBalanceInput:
    """GraphQL `CreateWalletBalanceInput`."""

    wallet_id: strawberry.ID = described("The wallet's global id.")
    name: str = described("Its name, unique within the wallet: letters, digits, `_` and `-`. Not `main`.")
    expires_at: datetime | None = described("When it expires. Never when omitted.", default=None)
    priority: int = described("Balances of a higher priority give first.", default=0)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `createWallet` and `updateWallet` answer.")
class WalletPayload(Payload):
    """GraphQL `WalletPayload`, backed by `resolvers.writing.Changed`."""

    wallet: Wallet | None = resolved_by(
        writing.node, "The wallet as it is now. Null when nothing was changed.", needs=Scope.WALLETS_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `createWalletBalance` and `creditWallet` answer.")
class WalletBalancePayload(Payload):
    """GraphQL `WalletBalancePayload`, backed by `resolvers.writing.Changed`."""

    balance: WalletBalance | None = resolved_by(
        writing.node, "The balance as it is now. Null when nothing was changed.", needs=Scope.WALLETS_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class WalletMutations:
    """The mutations of wallets, a part of the root `Mutation`."""

    create_wallet: WalletPayload | None = ordered_by(
        resolve.create_wallet, "Makes a wallet.", needs=Scope.WALLETS_WRITE
    )
    update_wallet: WalletPayload | None = ordered_by(
        resolve.update_wallet, "Adds to the notes that are kept with a wallet.", needs=Scope.WALLETS_WRITE
    )
    create_wallet_balance: WalletBalancePayload | None = ordered_by(
        resolve.create_wallet_balance, "Makes a balance of a wallet.", needs=Scope.WALLETS_WRITE
    )
