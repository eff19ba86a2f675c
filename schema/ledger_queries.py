"""Where queries of ledgers begin."""

import strawberry

import resolvers.ledger
import resolvers.ledger_account
import resolvers.ledger_transaction
from resolvers.caller import Scope
from schema.connection import Connection
from schema.costs import Cost, listed, load
from schema.fields import resolved_by
from schema.ledger import Ledger, LedgerServer
from schema.ledger_account import LedgerAccount
from schema.ledger_transaction import LedgerTransaction


@strawberry.type
class LedgerQueries:
    """The queries of ledgers, a part of the root `Query`."""

    ledger: Ledger | None = resolved_by(
        resolvers.ledger.ledger,
        "A ledger by its global id. Null when there is none.",
        needs=Scope.LEDGER_READ,
        cost=Cost(weight=1, by_id="id"),
    )
    ledgers: Connection[Ledger] | None = resolved_by(
        resolvers.ledger.ledgers,
        "All ledgers.",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=listed("list_ledgers"),
    )
    ledger_account: LedgerAccount | None = resolved_by(
        resolvers.ledger_account.ledger_account,
        "An account of a ledger by its global id. Null when there is none.",
        needs=Scope.LEDGER_READ,
        cost=Cost(weight=2, by_id="id"),
    )
    ledger_transaction: LedgerTransaction | None = resolved_by(
        resolvers.ledger_transaction.ledger_transaction,
        "A transaction of a ledger by its global id. Null when there is none.",
        needs=Scope.LEDGER_READ,
        cost=Cost(weight=2, by_id="id"),
    )
    ledger_server: LedgerServer | None = resolved_by(
        resolvers.ledger.ledger_server,
        "The server that keeps the ledgers. Null when there is none, or it could not be asked.",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("ledger_server")),
    )
