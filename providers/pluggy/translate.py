"""Pluggy's words into ours. Pure: no I/O, no clock. MAPPINGS.md shows the same field by field."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from providers import money
from providers.domain import AccountKind, Balance, BalanceKind, BalanceSource, NodeType, Provider, Ref, SmartAccount
from providers.orders import SmartAccountOrder
from providers.pluggy import models

CURRENCY = "BRL"
"""The vendor names no currency: smart accounts hold reais by nature."""

KINDS = {
    "CHECKING_ACCOUNT": AccountKind.CHECKING,
}
"""`SmartAccount.type`; any other word is UNKNOWN and stays readable in `provider_type`."""

BALANCES: tuple[tuple[BalanceKind, Callable[[models.SmartAccountBalance], Decimal | None]], ...] = (
    (BalanceKind.CURRENT, lambda raw: raw.balance),
    (BalanceKind.BLOCKED, lambda raw: raw.blocked_balance),
    (BalanceKind.SCHEDULED, lambda raw: raw.scheduled_balance),
)
"""The amounts of `SmartAccountBalance`, in the order in which they are shown."""


def ref(smart_account_id: str) -> Ref:
    """The identity of a smart account."""
    return Ref(NodeType.SMART_ACCOUNT, (smart_account_id,), Provider.PLUGGY)


def smart_account(raw: models.SmartAccount, *, fetched_at: datetime) -> SmartAccount:
    """An account; its balances take a call of their own."""
    return SmartAccount(
        ref(raw.id),  # ref
        Provider.PLUGGY,  # provider
        raw.id,  # provider_id
        None,  # name
        KINDS.get(raw.type or "", AccountKind.UNKNOWN),  # kind
        raw.type,  # provider_type
        CURRENCY,  # currency
        _masked(raw.number),  # masked_number
        fetched_at,
        None,  # customer_id
        None,  # known_balances
        raw.ispb,
        raw.agency,
        raw.number,
        raw.verifying_digit,
        raw.is_sandbox,
        raw.pix_key,
    )


def creation(order: SmartAccountOrder) -> models.CreateSmartAccountRequest:
    """The body that opens an account. What the order leaves out is left out: the vendor says what it lacks."""
    return models.CreateSmartAccountRequest(
        email=order.email,
        phone_number=order.phone_number,
        address=models.SmartAccountAddress(
            city=order.city,
            state=order.state,
            street_name=order.street_name,
            street_number=order.street_number,
            postal_code=order.postal_code,
        ),
        name=order.name,
        tax_number=order.tax_number,
        item_id=order.item_id,
        is_sandbox=order.is_sandbox,
    )


def balances(raw: models.SmartAccountBalance, *, fetched_at: datetime) -> tuple[Balance, ...]:
    """One balance for each amount that was sent. Raises `InvalidAmount` for a number that is none."""
    amounts, as_of = [(kind, amount_of(raw)) for kind, amount_of in BALANCES], _aware(raw.last_updated_at)
    return tuple(
        Balance(kind, money.from_major(amount, CURRENCY), as_of, fetched_at, BalanceSource.LEDGER)
        for kind, amount in amounts
        if amount is not None
    )


def _aware(moment: datetime | None) -> datetime | None:
    """The time in UTC, which the vendor means also when it leaves the offset out."""
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def _masked(number: str | None) -> str | None:
    """The last four digits, for display; nothing of a number that is not longer than that."""
    return number[-4:] if number and len(number) > 4 else None
