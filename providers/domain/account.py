"""An account: money that a provider holds or watches for a customer. One class for each account type of the graph."""

from datetime import datetime
from enum import StrEnum

import msgspec

from providers.domain.balance import Balance
from providers.domain.ref import Provider, Ref


class AccountKind(StrEnum):
    """What an account is for."""

    CHECKING = "checking"
    SAVINGS = "savings"
    MONEY_MARKET = "money_market"
    CERTIFICATE_OF_DEPOSIT = "certificate_of_deposit"
    CREDIT_CARD = "credit_card"
    LINE_OF_CREDIT = "line_of_credit"
    LOAN = "loan"
    MORTGAGE = "mortgage"
    STUDENT_LOAN = "student_loan"
    INVESTMENT = "investment"
    RETIREMENT = "retirement"
    EDUCATION = "education"
    HEALTH = "health"
    CRYPTOCURRENCY = "cryptocurrency"
    INTERNAL = "internal"
    EXTERNAL = "external"
    OTHER = "other"
    UNKNOWN = "unknown"


DEBTS = frozenset(
    {
        AccountKind.CREDIT_CARD,
        AccountKind.LINE_OF_CREDIT,
        AccountKind.LOAN,
        AccountKind.MORTGAGE,
        AccountKind.STUDENT_LOAN,
    }
)
"""Kinds whose balance is owed, not held."""


class AccountStatus(StrEnum):
    """Whether the aggregator has finished its discovery of an account."""

    ACTIVE = "active"
    PENDING = "pending"
    UNKNOWN = "unknown"


class Account(msgspec.Struct, frozen=True, gc=False):
    """What every account has, whichever provider it comes from.

    Translations give values by position: by name it takes seven times as long.
    """

    ref: Ref
    provider: Provider
    provider_id: str
    name: str | None
    kind: AccountKind
    provider_type: str | None
    """The provider's own word for the kind."""
    currency: str | None
    masked_number: str | None
    fetched_at: datetime
    customer_id: str | None
    """The directory's customer, when the provider's own record names it."""
    known_balances: tuple[Balance, ...] | None
    """Balances that came with the account's record; None when they take a call of their own."""


class AggregatedAccount(Account, frozen=True):
    """An account at a bank, seen through an aggregator (Finicity)."""

    status: AccountStatus
    provider_status: str | None
    aggregation_status_code: int | None
    is_being_aggregated: bool
    """The status says that the bank is being asked just now."""
    aggregation_attempted_at: datetime | None
    aggregation_succeeded_at: datetime | None
    institution_id: str | None
    institution_login_id: str | None
    nickname: str | None
    market_segment: str | None
    created_at: datetime | None
    updated_at: datetime | None
    last_transaction_at: datetime | None
    oldest_transaction_at: datetime | None
    detail: msgspec.Raw
    """The provider's detail object for this kind of account, as it was sent. JSON null when there is none."""


class BankKey(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Some of a customer's accounts at banks: those at an institution, those behind a login, or both at once."""

    customer_id: str
    """The directory's."""
    institution_id: str | None = None
    login_id: str | None = None

    def holds(self, account: Account) -> bool:
        """Whether an account of the customer is one of these. Institutions' lists have no pending accounts."""
        if not isinstance(account, AggregatedAccount):
            return False
        if self.login_id is not None and account.institution_login_id != self.login_id:
            return False
        if self.institution_id is None:
            return True
        return account.institution_id == self.institution_id and account.status is not AccountStatus.PENDING


class PaymentAccount(Account, frozen=True):
    """An account at a payment provider (Formance payments)."""

    connector: Ref
    provider_name: str
    """The payment provider behind the connector, in the vendor's word."""
    reference: str
    default_asset: str | None
    created_at: datetime | None
    metadata: dict[str, str]
    raw: msgspec.Raw
    pool_ids: tuple[str, ...] | None
    """None when the provider's record does not say which pools hold the account."""


class SmartAccount(Account, frozen=True):
    """An account that the provider itself holds for the application (Pluggy)."""

    ispb: str | None
    agency: str | None
    number: str | None
    verifying_digit: str | None
    is_sandbox: bool | None
    pix_key: str | None
