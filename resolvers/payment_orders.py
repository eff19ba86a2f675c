"""What mutations do to payments: they record those that nobody tells by himself, and annotate any."""

from datetime import datetime
from typing import Annotated, Protocol

import strawberry

from providers.domain import NodeType, Payment, PaymentStatus, PaymentType, Ref
from providers.errors import NotFound
from providers.orders import PaymentOrder, RecordsPayments
from providers.protocols import ReadsPayments
from resolvers.annotating import annotated, some
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.recording import Recording, past
from resolvers.writing import INPUT, Changed, Checks, MoneyInput, Ordered, changed, off, ordered


class CreatePaymentInput(Protocol):
    """The shape of the schema's input of this name."""

    connector_id: strawberry.ID
    reference: str
    type: PaymentType
    status: PaymentStatus
    money: MoneyInput
    scheme: str
    created_at: datetime
    source_id: strawberry.ID | None
    destination_id: strawberry.ID | None
    metadata: object
    idempotency_key: str


class UpdatePaymentMetadataInput(Protocol):
    """The shape of the schema's input of this name."""

    payment_id: strawberry.ID
    metadata: object
    idempotency_key: str


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Create = Annotated[Annotated["CreatePaymentInput", strawberry.lazy("schema.payment_orders")], INPUT]
Annotate = Annotated[Annotated["UpdatePaymentMetadataInput", strawberry.lazy("schema.payment_orders")], INPUT]


async def create_payment(info: Info, input: Create) -> Changed:
    """Record a payment."""
    checks = Checks(info)
    order = _order(input, checks)
    to = ordered(info, RecordsPayments)
    if to is None or order is None or checks.failed:
        return checks.failed or off()
    recording = Recording(
        provider=to.provider,
        name="createPayment",
        noun="payment",
        record=lambda: to.vendor.create_payment(order, to.operation),
        found=lambda: to.vendor.find_payment(order, to.operation),
        is_same=lambda ref: _is_same(info, to, ref, order),
    )
    return await changed(info, recording.write(input.idempotency_key, order), checks)


async def update_payment_metadata(info: Info, input: Annotate) -> Changed:
    """Add to a payment's notes."""
    checks = Checks(info)
    payment = checks.ref(input.payment_id, "paymentId", of=[NodeType.PAYMENT])
    notes = some(checks, input.metadata, "metadata")
    to = ordered(info, RecordsPayments)
    if to is None or payment is None or checks.failed:
        return checks.failed or off()
    return await annotated(
        info,
        to,
        name="updatePaymentMetadata",
        key=input.idempotency_key,
        checks=checks,
        ref=payment,
        field="paymentId",
        notes=notes,
        send=lambda: to.vendor.update_payment_metadata(payment, notes, to.operation),
        kept=lambda: _notes(info, to, payment),
    )


def _order(input: CreatePaymentInput, checks: Checks) -> PaymentOrder | None:
    connector = checks.ref(input.connector_id, "connectorId", of=[NodeType.CONNECTOR])
    reference = checks.text(input.reference, "reference")
    if input.type is PaymentType.UNKNOWN:
        checks.refuse("The type must be known.", "type")
    if input.status is PaymentStatus.UNKNOWN:
        checks.refuse("The status must be known.", "status")
    money = checks.money(input.money, "money")
    scheme = checks.text(input.scheme, "scheme")
    created_at = past(checks, input.created_at, "createdAt")
    source = _account(checks, input.source_id, "sourceId")
    destination = _account(checks, input.destination_id, "destinationId")
    checks.told(input.source_id or input.destination_id, "sourceId")
    notes = checks.notes(input.metadata, "metadata")
    if connector is None or money is None:
        return None
    return PaymentOrder(
        connector=connector,
        reference=reference,
        type=input.type,
        status=input.status,
        money=money,
        scheme=scheme,
        created_at=created_at,
        source=source,
        destination=destination,
        metadata=notes,
    )


def _account(checks: Checks, global_id: str | None, *field: str) -> Ref | None:
    return checks.ref(global_id, *field, of=[NodeType.PAYMENT_ACCOUNT]) if global_id is not None else None


async def _is_same(info: Info, to: Ordered[RecordsPayments], ref: Ref, order: PaymentOrder) -> bool:
    """Whether the payment began as it was ordered. Its status, amount and notes may have been changed since."""
    payment = await _payment(info, to, ref)
    if payment is None:
        return False
    first = payment.initial_money or payment.money
    began = (first.minor_units, first.asset, payment.created_at, payment.source, payment.destination)
    return began == (
        order.money.minor_units,
        order.money.asset,
        order.created_at,
        order.source,
        order.destination,
    )


async def _notes(info: Info, to: Ordered[RecordsPayments], ref: Ref) -> dict[str, str]:
    payment = await _payment(info, to, ref)
    if payment is None:
        raise NotFound(to.provider, "get_payment")
    return payment.metadata


async def _payment(info: Info, to: Ordered[RecordsPayments], ref: Ref) -> Payment | None:
    """The payment as the provider has it now."""
    found = await info.context.providers.able(ReadsPayments)[to.provider].payments_by_ref([ref], to.operation)
    return value_of(found[ref]) if ref in found else None
