"""Mutations of payments."""

from datetime import datetime

import strawberry

from providers.domain import PaymentStatus, PaymentType
from resolvers import payment_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.payload import IDEMPOTENCY_KEY, MoneyInput, Payload
from schema.payment import Payment
from schema.scalars import JSON


@strawberry.input(description="A payment that took place elsewhere, to be recorded.")
class CreatePaymentInput:
    """GraphQL `CreatePaymentInput`."""

    connector_id: strawberry.ID = described(
        "The global id of the connector that it went through. Servers of the third generation take payments only at "
        "connectors that do not tell of them by themselves, such as `GENERIC`."
    )
    reference: str = described(
        "The payment provider's reference, unique at the connector for payments of one type; 3 to 1000 characters."
    )
    type: PaymentType = described("Which way the money went. Not `UNKNOWN`.")
    status: PaymentStatus = described("How far it has come. Not `UNKNOWN`; servers may not take all others.")
    money: MoneyInput = described("The amount, gross of fees.")
    scheme: str = described("The network in the provider's own word, such as `visa` or `sepa credit`.", default="other")
    created_at: datetime = described("When it was made. Not in the future.")
    source_id: strawberry.ID | None = described(
        "The global id of the payment account that the money left. Null when there is none.", default=None
    )
    destination_id: strawberry.ID | None = described(
        "The global id of the payment account that the money reached. Null when there is none.", default=None
    )
    metadata: JSON | None = described("Notes to keep with it: an object of strings.", default=None)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="Notes for a payment.")
class UpdatePaymentMetadataInput:
    """GraphQL `UpdatePaymentMetadataInput`."""

    payment_id: strawberry.ID = described("The payment's global id.")
    metadata: JSON = described(
        "Notes to add: an object of 1 to 100 strings. Notes of the same names are replaced, others stay."
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `createPayment` answers.")
class CreatePaymentPayload(Payload):
    """GraphQL `CreatePaymentPayload`, backed by `resolvers.writing.Changed`."""

    payment: Payment | None = resolved_by(
        writing.node, "The payment. Null when it was not recorded.", needs=Scope.PAYMENTS_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `updatePaymentMetadata` answers.")
class UpdatePaymentMetadataPayload(Payload):
    """GraphQL `UpdatePaymentMetadataPayload`, backed by `resolvers.writing.Changed`."""

    payment: Payment | None = resolved_by(
        writing.node, "The payment as it is now. Null when it was not changed.", needs=Scope.PAYMENTS_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class PaymentMutations:
    """The mutations of payments, a part of the root `Mutation`."""

    create_payment: CreatePaymentPayload | None = ordered_by(
        resolve.create_payment,
        "Records a payment that a payment provider does not tell by itself. Moves no money, and refuses with "
        "`ALREADY_EXISTS` what is there before.",
        needs=Scope.PAYMENTS_WRITE,
    )
    update_payment_metadata: UpdatePaymentMetadataPayload | None = ordered_by(
        resolve.update_payment_metadata,
        "Adds to the notes that are kept with a payment.",
        needs=Scope.PAYMENTS_WRITE,
    )
