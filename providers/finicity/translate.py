"""Finicity's words into the graph's. Pure: no I/O and no clock."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

import msgspec

from providers.domain import (
    AccountKind,
    AccountStatus,
    AggregatedAccount,
    Balance,
    BalanceKind,
    BalanceSource,
    NodeType,
    Provider,
    Ref,
)
from providers.finicity.models import BUSY, BalanceDetail, CustomerAccount, Epoch, Id
from providers.money import InvalidAmount, from_major

KINDS: Mapping[str, AccountKind] = {
    "checking": AccountKind.CHECKING,
    "savings": AccountKind.SAVINGS,
    "moneyMarket": AccountKind.MONEY_MARKET,
    "cd": AccountKind.CERTIFICATE_OF_DEPOSIT,
    "creditCard": AccountKind.CREDIT_CARD,
    "lineOfCredit": AccountKind.LINE_OF_CREDIT,
    "mortgage": AccountKind.MORTGAGE,
    "loan": AccountKind.LOAN,
    **dict.fromkeys(("studentLoan", "studentLoanGroup", "studentLoanAccount"), AccountKind.STUDENT_LOAN),
    **dict.fromkeys(
        ("investment", "brokerageAccount", "employeeStockPurchasePlan", "ugma", "utma", "variableAnnuity"),
        AccountKind.INVESTMENT,
    ),
    **dict.fromkeys(
        (
            *("401a", "401k", "403b", "457", "457plan", "ira", "investmentTaxDeferred", "keogh", "pension"),
            *("profitSharingPlan", "rollover", "roth", "roth401k", "sepIRA", "simpleIRA", "thriftSavingsPlan"),
        ),
        AccountKind.RETIREMENT,
    ),
    **dict.fromkeys(("529", "529plan", "educationSavings"), AccountKind.EDUCATION),
    "healthSavingsAccount": AccountKind.HEALTH,
    "cryptocurrency": AccountKind.CRYPTOCURRENCY,
    "unknown": AccountKind.UNKNOWN,
}
"""https://developer.mastercard.com/open-banking-us/documentation/products/manage/account-aggregation/"""

STATUSES: Mapping[str, AccountStatus] = {"active": AccountStatus.ACTIVE, "pending": AccountStatus.PENDING}

_DETAIL = msgspec.json.Decoder(BalanceDetail | None)
_MOMENTS = 4_096
"""Times that are remembered: a record has eight of them, and hardly ever changes more than two."""
_LAST_DIGITS = re.compile(r"\d{1,4}(?:-\d{1,2})?$")

# An enum's members cost a call each time they are named.
_FINICITY = Provider.FINICITY
_UNKNOWN_STATUS = AccountStatus.UNKNOWN
_AGGREGATED_ACCOUNT = NodeType.AGGREGATED_ACCOUNT
_UNKNOWN_KIND = AccountKind.UNKNOWN
_OTHER_KIND = AccountKind.OTHER
_CLEARED = BalanceKind.CLEARED
_AVAILABLE_CREDIT = BalanceKind.AVAILABLE_CREDIT
_AVAILABLE = BalanceKind.AVAILABLE
_CURRENT = BalanceKind.CURRENT
_AGGREGATION = BalanceSource.AGGREGATION


def account(raw: CustomerAccount, *, customer_id: str, fetched_at: datetime) -> AggregatedAccount:
    """An account that was read as one of the vendor's customer `customer_id`. Raises `InvalidAmount`."""
    id_ = str(raw.id)
    return AggregatedAccount(
        account_ref(customer_id, id_),  # ref
        _FINICITY,  # provider
        id_,  # provider_id
        raw.name,
        kind(raw.type),  # kind
        raw.type,  # provider_type
        raw.currency,
        masked_number(raw),  # masked_number
        fetched_at,
        None,  # customer_id
        balances(raw, fetched_at=fetched_at),  # known_balances
        STATUSES.get(raw.status or "", _UNKNOWN_STATUS),  # status
        raw.status,  # provider_status
        whole_number(raw.aggregation_status_code),  # aggregation_status_code
        word(raw.aggregation_status_code) in BUSY,  # is_being_aggregated
        moment(raw.aggregation_attempt_date),  # aggregation_attempted_at
        moment(raw.aggregation_success_date),  # aggregation_succeeded_at
        word(raw.institution_id),  # institution_id
        word(raw.institution_login_id),  # institution_login_id
        raw.account_nickname,  # nickname
        raw.market_segment,
        moment(raw.created_date),  # created_at
        moment(raw.last_updated_date),  # updated_at
        moment(raw.last_transaction_date),  # last_transaction_at
        moment(raw.oldest_transaction_date),  # oldest_transaction_at
        raw.detail,
    )


def account_ref(customer_id: str, account_id: str) -> Ref:
    """The identity of an account: every path of the vendor needs its customer too."""
    return Ref(_AGGREGATED_ACCOUNT, (customer_id, account_id), _FINICITY)


def kind(provider_type: str | None) -> AccountKind:
    """The vendor's list of types is open: a word that the table lacks is `OTHER`."""
    return _UNKNOWN_KIND if provider_type is None else KINDS.get(provider_type, _OTHER_KIND)


def balances(raw: CustomerAccount, *, fetched_at: datetime) -> tuple[Balance, ...]:
    """The balances in an account's record; none while it is pending or has no currency. Raises `InvalidAmount`."""
    if not raw.currency:
        return ()
    detail, as_of = _detail(raw.detail), moment(raw.balance_date)
    detail_as_of = moment(detail.date_as_of) or as_of
    found: list[Balance] = []

    def tell(kind: BalanceKind, amount: Decimal | None, at: datetime | None) -> None:
        if amount is not None:
            money = from_major(amount, raw.currency or "")
            found.append(Balance(kind, money, at, fetched_at, _AGGREGATION))

    tell(_CLEARED, raw.balance, as_of)
    tell(_AVAILABLE, _unless_filler(detail.available_balance_amount, raw.balance), detail_as_of)
    tell(_AVAILABLE_CREDIT, detail.credit_available_amount, detail_as_of)
    tell(_CURRENT, _unless_filler(detail.current_balance, raw.balance), detail_as_of)
    return tuple(found)


def masked_number(raw: CustomerAccount) -> str | None:
    """At most the last four digits and a suffix: some banks put a whole number, or an e-mail address, for display."""
    for text in (raw.account_number_display, raw.real_account_number_last4):
        found = _LAST_DIGITS.search(text or "")
        if found:
            return found.group()
    return None


@lru_cache(maxsize=_MOMENTS)
def moment(epoch: Epoch) -> datetime | None:
    """A time from Unix seconds, given as a number or as text; None for what is neither."""
    seconds = whole_number(epoch)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def whole_number(value: int | str | None) -> int | None:
    """An integer that may come as text; None for text that is none."""
    if isinstance(value, int) or value is None:
        return value
    return int(value) if re.fullmatch(r"-?[0-9]{1,18}", value) else None


def word(value: Id | None) -> str | None:
    """An id as text, whichever way it came."""
    return None if value is None else str(value)


def _detail(raw: msgspec.Raw) -> BalanceDetail:
    try:
        return _DETAIL.decode(raw) or BalanceDetail()
    except msgspec.DecodeError as error:
        raise InvalidAmount from error


def _unless_filler(amount: Decimal | None, cleared: Decimal | None) -> Decimal | None:
    """Banks that do not tell a balance send 0 for it: beside a cleared balance that is not 0, a 0 says nothing."""
    return None if amount == 0 and cleared else amount
