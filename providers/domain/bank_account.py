"""A bank account that the organisation keeps at the payments stack, to pay to through any payment provider."""

from datetime import datetime

import msgspec

from providers.domain.ref import Ref


class RelatedAccount(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The account at one payment provider that a bank account was forwarded to."""

    account: Ref | None
    connector: Ref | None
    provider_name: str | None
    created_at: datetime | None


class BankAccount(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One bank account. Its numbers are masked by the vendor."""

    ref: Ref
    provider_id: str
    name: str
    country: str | None
    masked_iban: str | None
    masked_account_number: str | None
    swift_bic_code: str | None
    created_at: datetime | None
    metadata: dict[str, str]
    related: tuple[RelatedAccount, ...]
    fetched_at: datetime
    customer_id: str | None = None
    """The directory's customer, when the notes name it."""
