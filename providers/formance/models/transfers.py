"""What the payments service answers about transfer initiations."""

from datetime import datetime

import msgspec


class TransferAdjustment(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """One step in a transfer initiation's life."""

    adjustment_id: str = msgspec.field(name="adjustmentID")
    status: str
    created_at: datetime | None = None
    error: str | None = None
    metadata: dict[str, str] | None = None


class TransferPayment(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A payment that came of it. Its status is the payment's on v3, and the transfer initiation's on v2."""

    payment_id: str = msgspec.field(name="paymentID")
    status: str = ""
    created_at: datetime | None = None


class TransferInitiation(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A transfer initiation. Lists leave out what is related. An unknown source is "", a schedule not set is year 1."""

    id: str
    reference: str
    connector_id: str = msgspec.field(name="connectorID")
    type: str
    status: str
    amount: int
    asset: str
    initial_amount: int | None = None
    provider: str | None = None
    description: str | None = None
    source_account_id: str | None = msgspec.field(name="sourceAccountID", default=None)
    destination_account_id: str | None = msgspec.field(name="destinationAccountID", default=None)
    created_at: datetime | None = None
    scheduled_at: datetime | None = None
    error: str | None = None
    metadata: dict[str, str] | None = None
    related_adjustments: tuple[TransferAdjustment, ...] | None = None
    related_payments: tuple[TransferPayment, ...] | None = None
