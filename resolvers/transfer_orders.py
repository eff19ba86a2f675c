"""What mutations do to transfer initiations. How far an order has come is told by `resolvers.transfer_progress`."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Protocol, TypeAlias

import strawberry

from providers.domain import NodeType, Ref, TransferType
from providers.errors import UnknownOutcome
from providers.operation import Operation
from providers.orders import BetweenOrder, MovesMoney, ReversalOrder, TransferOrder
from resolvers import transfer_progress as progress
from resolvers.context import Info
from resolvers.transfer_progress import Deed, Progress
from resolvers.writing import (
    INPUT,
    PATIENCE,
    Changed,
    Checks,
    MoneyInput,
    carried_out,
    changed,
    off,
    ordered,
)

Does: TypeAlias = Callable[[MovesMoney], Callable[[Ref, Operation], Awaitable[None]]]


class CreateTransferInitiationInput(Protocol):
    """The shape of the schema's input of this name."""

    connector_id: strawberry.ID
    reference: str
    type: TransferType
    money: MoneyInput
    destination_id: strawberry.ID
    source_id: strawberry.ID | None
    description: str | None
    is_validated: bool
    scheduled_at: datetime | None
    metadata: object
    idempotency_key: str


class TransferInitiationInput(Protocol):
    """The shape of the inputs that only name a transfer initiation."""

    transfer_initiation_id: strawberry.ID
    idempotency_key: str


class ReverseTransferInitiationInput(Protocol):
    """The shape of the schema's input of this name."""

    transfer_initiation_id: strawberry.ID
    reference: str
    money: MoneyInput
    description: str | None
    metadata: object
    idempotency_key: str


class TransferBetweenInput(Protocol):
    """The shape of the schema's input of this name."""

    provider_name: str
    money: MoneyInput
    source_reference: str | None
    destination_reference: str
    idempotency_key: str


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Create = Annotated[Annotated["CreateTransferInitiationInput", strawberry.lazy("schema.transfer_orders")], INPUT]
One = Annotated[Annotated["TransferInitiationInput", strawberry.lazy("schema.transfer_orders")], INPUT]
Reverse = Annotated[Annotated["ReverseTransferInitiationInput", strawberry.lazy("schema.transfer_orders")], INPUT]
Between = Annotated[Annotated["TransferBetweenInput", strawberry.lazy("schema.transfer_orders")], INPUT]


async def create_transfer_initiation(info: Info, input: Create) -> Changed:
    """Order money to be moved."""
    checks = Checks(info)
    order = _transfer(input, checks)
    to = ordered(info, MovesMoney)
    if to is None or order is None:
        return checks.failed or off()
    return await carried_out(
        info,
        to,
        name="createTransferInitiation",
        key=input.idempotency_key,
        checks=checks,
        order=order,
        send=lambda: to.vendor.create_transfer(order, to.operation),
        shows=lambda: progress.made(info, to, order),
        patience=PATIENCE if order.is_validated else None,
    )


async def validate_transfer_initiation(info: Info, input: One) -> Changed:
    """Let a transfer go that waits."""
    return await _done(info, input, progress.VALIDATE, lambda vendor: vendor.validate_transfer)


async def reject_transfer_initiation(info: Info, input: One) -> Changed:
    """Stop a transfer that waits."""
    return await _done(info, input, progress.REJECT, lambda vendor: vendor.reject_transfer)


async def retry_transfer_initiation(info: Info, input: One) -> Changed:
    """Try a transfer again that failed."""
    return await _done(info, input, progress.RETRY, lambda vendor: vendor.retry_transfer)


async def delete_transfer_initiation(info: Info, input: One) -> Changed:
    """Delete a transfer that waits."""
    return await _done(info, input, progress.DELETE, lambda vendor: vendor.delete_transfer)


async def reverse_transfer_initiation(info: Info, input: Reverse) -> Changed:
    """Take a transfer back."""
    checks = Checks(info)
    order = _reversal(input, checks)
    to = ordered(info, MovesMoney)
    if to is None or order is None:
        return checks.failed or off()
    progressing = Progress(info, to, order.transfer, progress.REVERSE)
    write = progressing.write(input.idempotency_key, order, lambda: to.vendor.reverse_transfer(order, to.operation))
    return await changed(info, write, checks, patience=PATIENCE)


async def transfer_between_connector_accounts(info: Info, input: Between) -> Changed:
    """Move money in the vendor's oldest way. What became of it can be looked up nowhere."""
    checks = Checks(info)
    money = checks.money(input.money, "money")
    to = ordered(info, MovesMoney)
    if to is None or money is None:
        return checks.failed or off()
    order = BetweenOrder(
        provider_name=input.provider_name,
        money=money,
        source=input.source_reference or "",
        destination=input.destination_reference,
    )

    async def nobody_knows() -> Ref | None:
        raise UnknownOutcome(to.provider, "connectors_transfer")

    return await carried_out(
        info,
        to,
        name="transferBetweenConnectorAccounts",
        key=input.idempotency_key,
        checks=checks,
        order=order,
        send=lambda: to.vendor.transfer_between(order, to.operation),
        shows=nobody_knows,
        patience=PATIENCE,
    )


async def _done(info: Info, input: TransferInitiationInput, deed: Deed, does: Does) -> Changed:
    checks = Checks(info)
    transfer = checks.ref(input.transfer_initiation_id, "transferInitiationId", of=[NodeType.TRANSFER_INITIATION])
    to = ordered(info, MovesMoney)
    if to is None or transfer is None:
        return checks.failed or off()
    progressing = Progress(info, to, transfer, deed)
    write = progressing.write(input.idempotency_key, transfer, lambda: does(to.vendor)(transfer, to.operation))
    return await changed(info, write, checks, patience=PATIENCE)


def _transfer(input: CreateTransferInitiationInput, checks: Checks) -> TransferOrder | None:
    connector = checks.ref(input.connector_id, "connectorId", of=[NodeType.CONNECTOR])
    destination = checks.ref(input.destination_id, "destinationId", of=[NodeType.PAYMENT_ACCOUNT])
    checks.told(input.source_id, "sourceId")
    source = checks.ref(input.source_id, "sourceId", of=[NodeType.PAYMENT_ACCOUNT]) if input.source_id else None
    money = checks.money(input.money, "money")
    reference = checks.text(input.reference, "reference")
    scheduled_at = checks.time(input.scheduled_at, "scheduledAt")
    metadata = checks.notes(input.metadata, "metadata")
    if input.type is TransferType.UNKNOWN:
        checks.refuse("The type must be TRANSFER or PAYOUT.", "type")
    if connector is None or destination is None or money is None or checks.failed:
        return None
    return TransferOrder(
        connector=connector,
        reference=reference,
        type=input.type,
        money=money,
        destination=destination,
        source=source,
        description=input.description or "",
        is_validated=input.is_validated,
        scheduled_at=scheduled_at,
        metadata=metadata,
    )


def _reversal(input: ReverseTransferInitiationInput, checks: Checks) -> ReversalOrder | None:
    transfer = checks.ref(input.transfer_initiation_id, "transferInitiationId", of=[NodeType.TRANSFER_INITIATION])
    money = checks.money(input.money, "money")
    reference = checks.text(input.reference, "reference")
    metadata = checks.notes(input.metadata, "metadata")
    if transfer is None or money is None or checks.failed:
        return None
    description = input.description or ""
    return ReversalOrder(
        transfer=transfer, reference=reference, money=money, description=description, metadata=metadata
    )
