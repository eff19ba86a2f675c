"""Orders into Formance's requests. What the vendor could only take for something else is `Unsendable`."""

from collections.abc import Mapping

from providers.domain import Money, PaymentType, Ref
from providers.formance import models
from providers.formance.translate.values import rfc3339
from providers.formance.translate.words import (
    account_kind_word,
    payment_status_word,
    payment_type_word,
    transfer_type_word,
)
from providers.orders import (
    AccountOrder,
    BankAccountOrder,
    BetweenOrder,
    PaymentOrder,
    PoolOrder,
    ReversalOrder,
    TransferOrder,
)

_NEWEST = "v3"


class Unsendable(ValueError):
    """An order that has no words in the vendor's language. The message is for the caller."""


def pool_request(order: PoolOrder) -> models.PoolRequest:
    """A pool, each account once."""
    return models.PoolRequest(order.name, tuple(dict.fromkeys(account.native_id for account in order.accounts)))


def account_request(order: AccountOrder) -> models.AccountRequest:
    """Raises `Unsendable` for a kind that accounts at payment providers cannot have."""
    kind = account_kind_word(order.kind)
    if kind is None:
        raise Unsendable("An account at a payment provider is internal or external.")
    return models.AccountRequest(
        reference=order.reference,
        connector_id=order.connector.native_id,
        created_at=rfc3339(order.created_at),
        account_name=order.name,
        type=kind,
        default_asset=order.default_asset,
        metadata=_some(order.metadata),
    )


def payment_request(order: PaymentOrder) -> models.PaymentRequest:
    """Raises `Unsendable` for an amount that is none."""
    return models.PaymentRequest(
        reference=order.reference,
        connector_id=order.connector.native_id,
        created_at=rfc3339(order.created_at),
        amount=_units(order.money),
        asset=order.money.asset,
        type=payment_kind(order.type),
        status=payment_status_word(order.status, _NEWEST) or "",
        scheme=order.scheme,
        source_account_id=_id(order.source),
        destination_account_id=_id(order.destination),
        metadata=_some(order.metadata),
    )


def payment_kind(kind: PaymentType) -> str:
    """The word for a payment's type, which its id has too."""
    return payment_type_word(kind, _NEWEST) or ""


def bank_account_request(order: BankAccountOrder) -> models.BankAccountRequest:
    """What is empty is left out."""
    return models.BankAccountRequest(
        name=order.name,
        country=order.country or None,
        connector_id=_id(order.connector),
        iban=order.iban or None,
        account_number=order.account_number or None,
        swift_bic_code=order.swift_bic_code or None,
        metadata=_some(order.metadata),
    )


def transfer_request(order: TransferOrder) -> models.TransferInitiationRequest:
    """Raises `Unsendable` for an amount that is none, and for a type that is not known."""
    kind = transfer_type_word(order.type)
    if kind is None:
        raise Unsendable("Money is moved by a transfer or a payout.")
    return models.TransferInitiationRequest(
        reference=order.reference,
        description=order.description,
        connector_id=order.connector.native_id,
        type=kind,
        amount=_units(order.money),
        asset=order.money.asset,
        destination_account_id=order.destination.native_id,
        source_account_id=_id(order.source),
        scheduled_at=rfc3339(order.scheduled_at) if order.scheduled_at else None,
        validated=order.is_validated,
        metadata=_some(order.metadata),
    )


def reversal_request(order: ReversalOrder) -> models.ReverseTransferInitiationRequest:
    """Raises `Unsendable` for an amount that is none."""
    return models.ReverseTransferInitiationRequest(
        reference=order.reference,
        description=order.description,
        amount=_units(order.money),
        asset=order.money.asset,
        metadata=order.metadata,
    )


def between_request(order: BetweenOrder) -> models.TransferRequest:
    """Raises `Unsendable` for an amount that is none."""
    return models.TransferRequest(
        amount=_units(order.money),
        asset=order.money.asset,
        destination=order.destination,
        source=order.source or None,
    )


def _units(money: Money) -> int:
    """Whole numbers only: nothing is rounded on the way out."""
    if money.minor_units is None:
        raise Unsendable("The amount has more decimals than its asset.")
    if money.minor_units < 0:
        raise Unsendable("The amount is negative.")
    return money.minor_units


def _id(ref: Ref | None) -> str | None:
    return ref.native_id if ref else None


def _some(metadata: Mapping[str, str]) -> Mapping[str, str] | None:
    return metadata or None
