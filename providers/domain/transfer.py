"""An order to a payment provider to move money, and how far it has come."""

from datetime import datetime
from enum import StrEnum

import msgspec

from providers.domain.money import Money
from providers.domain.payment import PaymentStatus
from providers.domain.ref import Ref


class TransferType(StrEnum):
    """Where the money goes."""

    TRANSFER = "transfer"
    PAYOUT = "payout"
    UNKNOWN = "unknown"


class TransferStatus(StrEnum):
    """How far a transfer initiation has come."""

    WAITING_FOR_VALIDATION = "waiting_for_validation"
    VALIDATED = "validated"
    SCHEDULED = "scheduled"
    PROCESSING = "processing"
    PROCESSED = "processed"
    FAILED = "failed"
    REJECTED = "rejected"
    RETRY_ASKED = "retry_asked"
    REVERSAL_ASKED = "reversal_asked"
    REVERSAL_PROCESSING = "reversal_processing"
    REVERSAL_FAILED = "reversal_failed"
    PARTIALLY_REVERSED = "partially_reversed"
    REVERSED = "reversed"
    UNKNOWN = "unknown"


class TransferInitiation(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One transfer initiation, as lists tell it."""

    ref: Ref
    provider_id: str
    reference: str
    description: str | None
    type: TransferType
    provider_type: str
    status: TransferStatus
    provider_status: str
    money: Money
    initial_money: Money | None
    source: Ref | None
    destination: Ref | None
    connector: Ref
    provider_name: str
    created_at: datetime | None
    scheduled_at: datetime | None
    has_error: bool
    """True when the payment provider told an error. Its text may hold account numbers, so it is not passed on."""
    metadata: dict[str, str]
    fetched_at: datetime
    workflow_instance: Ref | None = None
    """The instance whose workflow may have ordered it, by its reference."""


class TransferAdjustment(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One change in a transfer initiation's life."""

    adjustment_id: str
    created_at: datetime | None
    status: TransferStatus
    provider_status: str
    has_error: bool
    metadata: dict[str, str]


class RelatedPayment(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A payment that a transfer initiation led to."""

    payment: Ref
    created_at: datetime | None
    status: PaymentStatus
    provider_status: str


class TransferDetail(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What only the record of a single transfer initiation tells, newest first."""

    transfer: TransferInitiation
    adjustments: tuple[TransferAdjustment, ...]
    related_payments: tuple[RelatedPayment, ...]


class TransferFilter(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Which transfer initiations are wanted. All given conditions must hold; None means any."""

    reference: str | None = None
    account: Ref | None = None
    """As source or destination."""
    accounts: tuple[Ref, ...] | None = None
    """Any of these as source or destination: none at all find nothing."""
