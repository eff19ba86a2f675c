"""Bank accounts into ours."""

from datetime import datetime

from providers.domain import BankAccount, RelatedAccount
from providers.formance import models
from providers.formance.translate.payments import CUSTOMER_KEY
from providers.formance.translate.refs import account_ref, bank_account_ref, connector_ref
from providers.formance.translate.values import provider_name, time

_SHOWN = 3
"""Last characters of a number that are shown when the vendor has hidden none of it."""


def bank_account(raw: models.BankAccount, *, fetched_at: datetime) -> BankAccount:
    """A bank account with the accounts that it became."""
    return BankAccount(
        ref=bank_account_ref(raw.id),
        provider_id=raw.id,
        name=raw.name,
        country=raw.country or None,
        masked_iban=_masked(raw.iban),
        masked_account_number=_masked(raw.account_number),
        swift_bic_code=raw.swift_bic_code or None,
        created_at=time(raw.created_at),
        metadata=raw.metadata or {},
        related=tuple(_related(each) for each in raw.related_accounts or ()),
        fetched_at=fetched_at,
        customer_id=(raw.metadata or {}).get(CUSTOMER_KEY) or None,
    )


def _related(raw: models.RelatedAccount) -> RelatedAccount:
    return RelatedAccount(
        account=account_ref(raw.account_id) if raw.account_id else None,
        connector=connector_ref(raw.connector_id) if raw.connector_id else None,
        provider_name=provider_name(raw.provider) if raw.provider else None,
        created_at=time(raw.created_at),
    )


def _masked(number: str | None) -> str | None:
    """The servers put stars into every number; one without any would be a whole number, and is hidden here."""
    if not number or "*" in number:
        return number or None
    return "*" * max(len(number) - _SHOWN, _SHOWN) + number[_SHOWN:][-_SHOWN:]
