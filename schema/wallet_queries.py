"""Where queries of wallets begin."""

import strawberry

import resolvers.hold
import resolvers.wallet
from resolvers.caller import Scope
from schema.connection import Connection
from schema.costs import WALLETS, Cost, listed
from schema.fields import resolved_by
from schema.hold import Hold
from schema.wallet import Wallet


@strawberry.type
class WalletQueries:
    """The queries of wallets, a part of the root `Query`."""

    wallet: Wallet | None = resolved_by(
        resolvers.wallet.wallet,
        "A wallet by its global id. Null when there is none.",
        needs=Scope.WALLETS_READ,
        cost=Cost(weight=1, by_id="id"),
    )
    wallets: Connection[Wallet] | None = resolved_by(
        resolvers.wallet.wallets,
        "All wallets.",
        needs=Scope.WALLETS_READ,
        cost=listed("list_wallets", for_bound=(WALLETS,)),
    )
    hold: Hold | None = resolved_by(
        resolvers.hold.hold,
        "A hold by its global id. Null when there is none.",
        needs=Scope.WALLETS_READ,
        cost=Cost(weight=1, by_id="id"),
    )
    holds: Connection[Hold] | None = resolved_by(
        resolvers.hold.holds,
        "Holds on all wallets, those that are closed as well.",
        needs=Scope.WALLETS_READ,
        is_organisations=True,
        cost=listed("list_holds"),
    )
