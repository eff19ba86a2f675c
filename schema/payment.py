"""Payments, their changes, and how to choose among them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from providers import domain
from providers.domain import PaymentStatus, PaymentType
from resolvers import ledger_transaction
from resolvers import payment as resolve
from resolvers.caller import Scope
from schema.connector import Connector
from schema.costs import PAYMENT_ACCOUNT, Cost, Load, load
from schema.fields import backed_by, described, resolved_by
from schema.money import Money
from schema.node import Node
from schema.scalars import JSON

if TYPE_CHECKING:
    from schema.account import Account
    from schema.ledger_transaction import LedgerTransaction

LazyAccount = Annotated["Account", strawberry.lazy("schema.account")]
LazyTransaction = Annotated["LedgerTransaction", strawberry.lazy("schema.ledger_transaction")]


@strawberry.type(description="One change in a payment's life.")
class PaymentAdjustment:
    """GraphQL `PaymentAdjustment`, backed by `providers.domain.PaymentAdjustment`."""

    reference: str | None = described("The payment provider's reference of the change. Null when it gave none.")
    created_at: datetime | None = described("When it happened. Null when the provider does not say.")
    status: PaymentStatus = described("The payment's status from then on.")
    provider_status: str = described("The status in the provider's own word.")
    money: Money | None = described("The amount of the change. Null when the provider gave none.")
    raw: JSON | None = resolved_by(
        resolve.raw, "The payment provider's own record of the change. Null when it was not passed on."
    )


@strawberry.type(description="A movement of money through a payment provider (Formance). Amounts are gross of fees.")
class Payment(Node):
    """GraphQL `Payment`, backed by `providers.domain.Payment`."""

    provider_id: str = described("The provider's own id of the payment.")
    reference: str = described("The payment provider's reference.")
    type: PaymentType = described("Which way the money goes.")
    provider_type: str = described("The type in the provider's own word.")
    status: PaymentStatus = described("How far it has come.")
    provider_status: str = described("The status in the provider's own word.")
    scheme: str | None = described("The network in the provider's own word, such as `visa`. Null when it is not known.")
    money: Money = described("The amount now: the initial one with captures added and refunds taken off.")
    initial_money: Money | None = described("The amount at first. Null when the provider does not say.")
    source: LazyAccount | None = resolved_by(
        resolve.source,
        "The account that the money leaves. Null when there is none or it is not known.",
        needs=Scope.ACCOUNTS_READ,
        cost=PAYMENT_ACCOUNT,
    )
    destination: LazyAccount | None = resolved_by(
        resolve.destination,
        "The account that the money reaches. Null when there is none or it is not known.",
        needs=Scope.ACCOUNTS_READ,
        cost=PAYMENT_ACCOUNT,
    )
    connector: Connector | None = resolved_by(
        resolve.connector,
        "The connector that the payment went through.",
        needs=Scope.CONNECTORS_READ,
        cost=Cost(weight=1, loads=load("connectors_by_ref")),
    )
    provider_name: str = described("The payment provider's name in the stack's word, such as `STRIPE`.")
    created_at: datetime | None = described("When it was made. Null when the provider does not say.")
    adjustments: list[PaymentAdjustment] = described("What happened to it, newest first.")
    metadata: JSON = described("Notes kept with the payment: an object of strings.")
    ledger_transactions: list[LazyTransaction] | None = resolved_by(
        ledger_transaction.of_payment,
        "Transactions of ledgers that carry its reference. Null when no ledgers are kept, or they could not be asked. "
        "One call for the ledgers, and one for each of them and 100 payments.",
        needs=Scope.LEDGER_READ,
        cost=Cost(
            weight=5,
            loads=(
                Load(name="all_ledgers", is_common=True),
                Load(name="ledger_transactions_by_reference", follows=True),
            ),
            assumed=2,
        ),
    )
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.Payment)


@strawberry.input(description="Conditions that all must hold. An omitted or null one holds for every payment.")
class PaymentFilter:
    """GraphQL `PaymentFilter`; the resolvers turn it into `providers.domain.PaymentFilter`."""

    type: PaymentType | None = described("Only payments of this type.", default=None)
    status: PaymentStatus | None = described("Only payments with this status.", default=None)
    asset: str | None = described("Only payments in this asset, such as `USD/2`.", default=None)
    reference: str | None = described("Only the payment provider's payments with exactly this reference.", default=None)
    connector_id: strawberry.ID | None = described("Only payments through this connector (a global id).", default=None)
