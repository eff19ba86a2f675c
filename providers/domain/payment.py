"""A movement of money through a payment provider, and what became of it."""

from datetime import datetime
from enum import StrEnum

import msgspec

from providers.domain.money import Money
from providers.domain.ref import Ref


class PaymentType(StrEnum):
    """Which way the money goes."""

    PAY_IN = "pay_in"
    PAYOUT = "payout"
    TRANSFER = "transfer"
    OTHER = "other"
    UNKNOWN = "unknown"


class PaymentStatus(StrEnum):
    """How far a payment has come."""

    PENDING = "pending"
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    CAPTURE_FAILED = "capture_failed"
    SUCCEEDED = "succeeded"
    CANCELLED = "cancelled"
    FAILED = "failed"
    EXPIRED = "expired"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    REFUND_REVERSED = "refund_reversed"
    AMOUNT_ADJUSTED = "amount_adjusted"
    DISPUTED = "disputed"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    OTHER = "other"
    UNKNOWN = "unknown"


class PaymentAdjustment(msgspec.Struct, frozen=True, gc=False):
    """One change in a payment's life."""

    reference: str | None
    created_at: datetime | None
    status: PaymentStatus
    provider_status: str
    money: Money | None
    raw: msgspec.Raw


class Payment(msgspec.Struct, frozen=True, gc=False):
    """One payment. Money is gross: fees are not taken off.

    Translations give values by position: by name it takes seven times as long.
    """

    ref: Ref
    provider_id: str
    reference: str
    type: PaymentType
    provider_type: str
    status: PaymentStatus
    provider_status: str
    scheme: str | None
    money: Money
    initial_money: Money | None
    source: Ref | None
    destination: Ref | None
    connector: Ref
    provider_name: str
    created_at: datetime | None
    adjustments: tuple[PaymentAdjustment, ...]
    metadata: dict[str, str]
    fetched_at: datetime


class PaymentFilter(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Which payments are wanted. All given conditions must hold; None means any."""

    type: PaymentType | None = None
    status: PaymentStatus | None = None
    asset: str | None = None
    reference: str | None = None
    connector: Ref | None = None
