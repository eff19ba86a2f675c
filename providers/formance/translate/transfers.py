"""Transfer initiations into ours."""

from datetime import datetime

from providers.domain import (
    PaymentStatus,
    RelatedPayment,
    TransferAdjustment,
    TransferDetail,
    TransferInitiation,
    TransferStatus,
    TransferType,
)
from providers.formance import models
from providers.formance.translate.orchestration import ordering_instance
from providers.formance.translate.refs import account_ref, connector_ref, payment_ref, transfer_ref
from providers.formance.translate.values import amount, provider_name, time
from providers.formance.translate.words import PAYMENT_STATUSES, TRANSFER_STATUSES, TRANSFER_TYPES


def transfer(raw: models.TransferInitiation, *, fetched_at: datetime) -> TransferInitiation:
    """A transfer initiation. Its error's text stays here. Raises `InvalidAmount`."""
    return TransferInitiation(
        ref=transfer_ref(raw.id),
        provider_id=raw.id,
        reference=raw.reference,
        description=raw.description or None,
        type=TRANSFER_TYPES.get(raw.type, TransferType.UNKNOWN),
        provider_type=raw.type,
        status=TRANSFER_STATUSES.get(raw.status, TransferStatus.UNKNOWN),
        provider_status=raw.status,
        money=amount(raw.amount, raw.asset),
        initial_money=None if raw.initial_amount is None else amount(raw.initial_amount, raw.asset),
        source=account_ref(raw.source_account_id) if raw.source_account_id else None,
        destination=account_ref(raw.destination_account_id) if raw.destination_account_id else None,
        connector=connector_ref(raw.connector_id),
        provider_name=provider_name(raw.provider),
        created_at=time(raw.created_at),
        scheduled_at=time(raw.scheduled_at),
        has_error=bool(raw.error),
        metadata=raw.metadata or {},
        fetched_at=fetched_at,
        workflow_instance=ordering_instance(raw.reference),
    )


def transfer_detail(raw: models.TransferInitiation, *, fetched_at: datetime) -> TransferDetail:
    """The whole record, newest first as the vendor sends it. Raises `InvalidAmount`."""
    return TransferDetail(
        transfer=transfer(raw, fetched_at=fetched_at),
        adjustments=tuple(_adjustment(each) for each in raw.related_adjustments or ()),
        related_payments=tuple(_payment(each) for each in raw.related_payments or ()),
    )


def _adjustment(raw: models.TransferAdjustment) -> TransferAdjustment:
    return TransferAdjustment(
        adjustment_id=raw.adjustment_id,
        created_at=time(raw.created_at),
        status=TRANSFER_STATUSES.get(raw.status, TransferStatus.UNKNOWN),
        provider_status=raw.status,
        has_error=bool(raw.error),
        metadata=raw.metadata or {},
    )


def _payment(raw: models.TransferPayment) -> RelatedPayment:
    """v2 sends the transfer initiation's status: where its word is no payment's, nothing is known of the payment."""
    return RelatedPayment(
        payment=payment_ref(raw.payment_id),
        created_at=time(raw.created_at),
        status=PAYMENT_STATUSES.get(raw.status, PaymentStatus.UNKNOWN),
        provider_status=raw.status,
    )
