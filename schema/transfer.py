"""Transfer initiations: orders to move money, and what became of them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from providers import domain
from providers.domain import PaymentStatus, TransferStatus, TransferType
from resolvers import transfer as resolve
from resolvers.caller import Scope
from resolvers.workflow import of_transfer
from schema.connector import Connector
from schema.costs import PAYMENT_ACCOUNT, Cost, load
from schema.fields import backed_by, described, resolved_by
from schema.money import Money
from schema.node import Node
from schema.scalars import JSON

if TYPE_CHECKING:
    from schema.account import Account
    from schema.payment import Payment
    from schema.workflow import WorkflowInstance

LazyAccount = Annotated["Account", strawberry.lazy("schema.account")]
LazyInstance = Annotated["WorkflowInstance", strawberry.lazy("schema.workflow")]
LazyPayment = Annotated["Payment", strawberry.lazy("schema.payment")]


@strawberry.type(description="One change in a transfer initiation's life.")
class TransferAdjustment:
    """GraphQL `TransferAdjustment`, backed by `providers.domain.TransferAdjustment`."""

    adjustment_id: str = described("The provider's own id of the change.")
    created_at: datetime | None = described("When it happened. Null when the provider does not say.")
    status: TransferStatus = described("The status from then on.")
    provider_status: str = described("The status in the provider's own word.")
    has_error: bool = described("True when the payment provider told an error.")
    metadata: JSON = described("Notes kept with the change: an object of strings.")


@strawberry.type(description="A payment that a transfer initiation led to.")
class RelatedPayment:
    """GraphQL `RelatedPayment`, backed by `providers.domain.RelatedPayment`."""

    payment: LazyPayment | None = resolved_by(
        resolve.related_payment,
        "The payment. Null when the provider has none of this id any more.",
        needs=Scope.PAYMENTS_READ,
        cost=Cost(weight=1, loads=load("payments_by_ref")),
    )
    created_at: datetime | None = described("When the two were related. Null when the provider does not say.")
    status: PaymentStatus = described("The payment's status as the transfer initiation tells it.")
    provider_status: str = described("The status in the provider's own word.")


@strawberry.type(description="An order to a payment provider to move money (Formance).")
class TransferInitiation(Node):
    """GraphQL `TransferInitiation`, backed by `providers.domain.TransferInitiation`."""

    provider_id: str = described("The provider's own id of the transfer initiation.")
    reference: str = described("The reference that it was ordered with, unique for each connector.")
    description: str | None = described("What it is for. Null when nobody said.")
    type: TransferType = described("Whether the money goes to an account of the organisation or to another's.")
    provider_type: str = described("The type in the provider's own word.")
    status: TransferStatus = described("How far it has come.")
    provider_status: str = described("The status in the provider's own word.")
    money: Money = described("The amount now: the initial one with reversals taken off.")
    initial_money: Money | None = described("The amount that was ordered. Null when the provider does not say.")
    source: LazyAccount | None = resolved_by(
        resolve.source,
        "The account that the money leaves. Null when the payment provider chooses it, or could not be asked.",
        needs=Scope.ACCOUNTS_READ,
        cost=PAYMENT_ACCOUNT,
    )
    destination: LazyAccount | None = resolved_by(
        resolve.destination,
        "The account that the money reaches. Null when the provider has none of this id, or could not be asked.",
        needs=Scope.ACCOUNTS_READ,
        cost=PAYMENT_ACCOUNT,
    )
    connector: Connector | None = resolved_by(
        resolve.connector,
        "The connector that carries it out. Null when it is uninstalled, or could not be asked for.",
        needs=Scope.CONNECTORS_READ,
        cost=Cost(weight=1, loads=load("connectors_by_ref")),
    )
    provider_name: str = described("The payment provider's name in the stack's word, such as `STRIPE`.")
    created_at: datetime | None = described("When it was ordered. Null when the provider does not say.")
    scheduled_at: datetime | None = described("When it shall be carried out. Null: at once.")
    has_error: bool = described("True when the payment provider told an error.")
    adjustments: list[TransferAdjustment] | None = resolved_by(
        resolve.adjustments,
        "What happened to it, newest first. Null when the provider could not be asked. One more call for each.",
        needs=Scope.TRANSFERS_READ,
        cost=Cost(weight=1, loads=load("transfer_details_by_ref", is_common=True), assumed=20),
    )
    related_payments: list[RelatedPayment] | None = resolved_by(
        resolve.related_payments,
        "Payments that it led to, newest first. Null when the provider could not be asked. Read with `adjustments`.",
        needs=Scope.TRANSFERS_READ,
        cost=Cost(weight=1, loads=load("transfer_details_by_ref", is_common=True), assumed=10),
    )
    metadata: JSON = described("Notes kept with it: an object of strings.")
    workflow_instance: LazyInstance | None = resolved_by(
        of_transfer,
        "The instance whose workflow has ordered it. Null when none has, or the provider could not be asked.",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("workflow_instances_by_ref")),
    )
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.TransferInitiation)


@strawberry.input(
    description="Conditions that all must hold. An omitted or null one holds for every transfer initiation."
)
class TransferFilter:
    """GraphQL `TransferFilter`; the resolvers turn it into `providers.domain.TransferFilter`."""

    reference: str | None = described("Only transfer initiations with exactly this reference.", default=None)
    account_id: strawberry.ID | None = described("Only those from or to this account (a global id).", default=None)
