"""Where every subscription begins: changes that providers tell of, with the object as it is then."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import strawberry

from resolvers import ledger_subscription
from resolvers import subscription as resolve
from resolvers.access.scopes import guarded
from resolvers.caller import Scope
from resolvers.subscription import Change as Backing
from schema.account import Account
from schema.costs import LEDGER_ENDS, Cost, Load, directives
from schema.fields import COST, backed_by, described, resolved_by
from schema.ledger_transaction import LedgerTransaction
from schema.payment import Payment
from schema.transfer import TransferInitiation

_NOW = (
    "as it is at the provider now. Null when it is gone there or could not be read; for the latter see `errors`. Of "
    "several changes that wait to be told, only the newest is."
)


@strawberry.interface(description="An object of a provider has changed.")
class Change:
    """GraphQL `Change`, backed by `resolvers.subscription.Change`."""

    cursor: str = described("Names this event: after a lost connection, subscribe again with it as `after`.")
    occurred_at: datetime | None = described("When it happened. Null when the provider does not say.")
    received_at: datetime = described("When the provider told of it.")

    is_type_of = backed_by(Backing)


@strawberry.type(description="An account has changed, or its balances have.")
class AccountChange(Change):
    """GraphQL `AccountChange`."""

    account: Account | None = resolved_by(resolve.node, f"The account, {_NOW}", needs=Scope.ACCOUNTS_READ)

    is_type_of = backed_by(Backing)


@strawberry.type(description="A payment has changed, or is new.")
class PaymentChange(Change):
    """GraphQL `PaymentChange`."""

    payment: Payment | None = resolved_by(resolve.node, f"The payment, {_NOW}", needs=Scope.PAYMENTS_READ)

    is_type_of = backed_by(Backing)


@strawberry.type(description="A transfer initiation has changed, or is new.")
class TransferInitiationChange(Change):
    """GraphQL `TransferInitiationChange`."""

    transfer_initiation: TransferInitiation | None = resolved_by(
        resolve.node, f"The transfer initiation, {_NOW}", needs=Scope.TRANSFERS_READ
    )

    is_type_of = backed_by(Backing)


@strawberry.type(description="A transaction of a ledger was committed, or has changed.")
class LedgerTransactionChange(Change):
    """GraphQL `LedgerTransactionChange`."""

    ledger_transaction: LedgerTransaction | None = resolved_by(
        resolve.node, f"The transaction, {_NOW}", needs=Scope.LEDGER_READ
    )

    is_type_of = backed_by(Backing)


def _subscribed_by(resolver: Callable[..., Any], description: str, *, needs: Scope, cost: Cost) -> Any:  # noqa: ANN401 - fits any field
    """A field of the root. Its cost is that of each event."""
    return strawberry.subscription(
        resolver=guarded(resolver, needs),
        description=description,
        metadata={"needs": needs, COST: cost},
        directives=directives(cost),
    )


def _moved(name: str) -> Cost:
    """Of what has two ends: whose they are may have to be known before it is told."""
    ends = Load(name="accounts_by_ref", times=2, follows=True)
    return Cost(weight=2, loads=(Load(name=name), ends), gives=("PaymentAccount",))


@strawberry.type(
    description="Where every subscription begins. What a field costs is counted for each event. Over WebSocket "
    "(`graphql-transport-ws`), or as `text/event-stream`."
)
class Subscription:
    """The root `Subscription`."""

    account_changed: AccountChange = _subscribed_by(
        resolve.account_changed,
        "Accounts that change.",
        needs=Scope.ACCOUNTS_READ,
        cost=Cost(
            weight=4,
            loads=(Load(name="accounts_by_ref"), Load(name="customer_ids_by_account", follows=True)),
        ),
    )
    payment_changed: PaymentChange = _subscribed_by(
        resolve.payment_changed,
        "Payments that change, and new ones.",
        needs=Scope.PAYMENTS_READ,
        cost=_moved("payments_by_ref"),
    )
    transfer_initiation_changed: TransferInitiationChange = _subscribed_by(
        resolve.transfer_initiation_changed,
        "Transfer initiations that change, and new ones.",
        needs=Scope.TRANSFERS_READ,
        cost=_moved("transfers_by_ref"),
    )
    ledger_transaction_committed: LedgerTransactionChange = _subscribed_by(
        ledger_subscription.ledger_transaction_committed,
        "Transactions of ledgers that are committed, reverted, or given other metadata.",
        needs=Scope.LEDGER_READ,
        cost=Cost(
            weight=7,
            loads=(
                Load(name="ledger_transactions_by_ref"),
                Load(name="ledger_accounts_by_ref", times=LEDGER_ENDS, follows=True),
            ),
        ),
    )
