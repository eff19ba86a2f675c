"""What Finicity sends, in its own words. Only what the graph uses; everything that may be null or absent is optional.

Amounts are decimals in major units, dates Unix seconds. Ids are strings in some places and numbers in others.
https://developer.mastercard.com/open-banking-us/documentation/
"""

from decimal import Decimal
from typing import TypeAlias

import msgspec

Id: TypeAlias = str | int
Epoch: TypeAlias = int | str | None
"""Unix seconds. Customers' dates are strings in some answers."""


BUSY = frozenset({"325", "5006"})
"""Aggregation status codes of an account that is being refreshed just now."""


class AccessToken(msgspec.Struct, frozen=True, gc=False):
    """Answer of `CreateToken`. It does not say when the token ends: two hours later."""

    token: str


class ErrorMessage(msgspec.Struct, frozen=True, gc=False):
    """Body of most refusals. `code` is a number in some and a string in others."""

    code: int | str | None = None


class CustomerAccount(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """An account at a bank. Before its first aggregation it has neither a balance nor aggregation fields."""

    id: Id
    name: str | None = None
    account_nickname: str | None = None
    account_number_display: str | None = None
    real_account_number_last4: str | None = None
    type: str | None = None
    status: str | None = None
    currency: str | None = None
    balance: Decimal | None = None
    balance_date: Epoch = None
    institution_id: Id | None = None
    institution_login_id: Id | None = None
    aggregation_status_code: int | str | None = None
    aggregation_attempt_date: Epoch = None
    aggregation_success_date: Epoch = None
    created_date: Epoch = None
    last_updated_date: Epoch = None
    last_transaction_date: Epoch = None
    oldest_transaction_date: Epoch = None
    market_segment: str | None = None
    detail: msgspec.Raw = msgspec.Raw(b"null")


class BalanceDetail(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """The balances among the many fields of `CustomerAccount.detail`."""

    available_balance_amount: Decimal | None = None
    credit_available_amount: Decimal | None = None
    current_balance: Decimal | None = None
    date_as_of: Epoch = None


class CustomerAccounts(msgspec.Struct, frozen=True, gc=False):
    """All accounts of a set: there are no pages."""

    accounts: list[CustomerAccount] | None


class Customer(msgspec.Struct, frozen=True, gc=False):
    """A customer of the partner. `username` is what the partner chose as its own key."""

    id: Id
    username: str | None = None


class Customers(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A page of customers. `more_available` is a word in some answers."""

    customers: list[Customer] | None
    more_available: bool | str | None = None
