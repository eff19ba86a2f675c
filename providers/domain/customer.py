"""Who a customer is, and which vendors' objects are theirs."""

from enum import StrEnum

import msgspec

from providers.domain.money import Money
from providers.domain.ref import Provider, Ref

CUSTOMER_NOTE = "customer_id"
"""The note by which an object of a provider names its customer."""


class LinkKind(StrEnum):
    """What kind of object of the provider a link points at."""

    CUSTOMER = "customer"
    ACCOUNT = "account"
    SMART_ACCOUNT = "smart_account"
    LEDGER_ACCOUNT = "ledger_account"
    WALLET = "wallet"


class LinkOrigin(StrEnum):
    """Where a link comes from."""

    DIRECTORY = "directory"
    USERNAME = "username"
    METADATA = "metadata"


class CustomerLink(msgspec.Struct, frozen=True, gc=False, order=True):
    """One object at a provider that belongs to a customer."""

    provider: Provider
    kind: LinkKind
    external_id: str
    customer_id: str
    origin: LinkOrigin = LinkOrigin.DIRECTORY


class Customer(msgspec.Struct, frozen=True, gc=False):
    """A customer of the directory."""

    ref: Ref
    name: str | None

    @property
    def customer_id(self) -> str:
        """The directory's own id."""
        return self.ref.native_id


class CurrencyTotal(msgspec.Struct, frozen=True, gc=False):
    """The sum of a customer's money in one currency."""

    money: Money
    account_count: int
    is_complete: bool
