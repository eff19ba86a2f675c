"""What resolvers may order a provider to do. The reads are in `providers.protocols`.

Rules for every method: it sends its one call at most once and never again by itself. It raises

- `Rejected` (or `NotFound`, `Unsupported`) when the vendor refused: nothing happened;
- `UnknownOutcome`, `Broken`, `Garbled` or `TimedOut` when it may have happened;
- any other `ProviderError` before anything was sent.

Whoever calls must be able to find out what became of an unknown outcome: by the reads, or by the `find_…` methods here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec

from providers.domain import AccountKind, Money, PaymentStatus, PaymentType, Ref, TransferType
from providers.operation import Operation


class PoolOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A pool to be made."""

    name: str
    accounts: tuple[Ref, ...]


class AccountOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An account at a payment provider to be recorded. `kind` is INTERNAL or EXTERNAL."""

    connector: Ref
    reference: str
    name: str
    kind: AccountKind
    created_at: datetime
    default_asset: str | None = None
    metadata: Mapping[str, str] = {}


class PaymentOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A payment that took place elsewhere, to be recorded."""

    connector: Ref
    reference: str
    type: PaymentType
    status: PaymentStatus
    money: Money
    scheme: str
    created_at: datetime
    source: Ref | None = None
    destination: Ref | None = None
    metadata: Mapping[str, str] = {}


class BankAccountOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A bank account to be kept. At least one of `iban` and `account_number` is given."""

    name: str
    country: str | None = None
    iban: str | None = None
    account_number: str | None = None
    swift_bic_code: str | None = None
    connector: Ref | None = None
    """Forwarded to this connector in the same call."""
    metadata: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return f"BankAccountOrder(name={self.name!r})"  # the numbers must not get into logs


class TransferOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Money to be moved. Not `is_validated`: it waits until somebody validates it."""

    connector: Ref
    reference: str
    type: TransferType
    money: Money
    destination: Ref
    source: Ref | None = None
    description: str = ""
    is_validated: bool = False
    scheduled_at: datetime | None = None
    metadata: Mapping[str, str] = {}


class ReversalOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer to be taken back, in whole or in part."""

    transfer: Ref
    reference: str
    money: Money
    description: str = ""
    metadata: Mapping[str, str] = {}


class ConnectorOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A connector to be installed: the vendor's name of its kind, and its settings by the vendor's names."""

    provider_name: str
    settings: Mapping[str, str | int]

    def __repr__(self) -> str:
        return f"ConnectorOrder(provider_name={self.provider_name!r})"  # the settings hold secrets


class BetweenOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer between two accounts of a kind of connector, by the vendor's oldest way."""

    provider_name: str
    money: Money
    source: str
    destination: str


class SmartAccountOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A smart account to be opened. Which fields are needed hangs on `is_sandbox`; the vendor says what is missing."""

    email: str
    phone_number: str
    city: str
    state: str
    street_name: str | None = None
    street_number: str | None = None
    postal_code: str | None = None
    name: str | None = None
    tax_number: str | None = None
    item_id: str | None = None
    is_sandbox: bool = False


class RefreshOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts to be read anew at the bank: all of a provider's customer, or those of one login.

    `is_tiered` chooses the form for partners with data access tiers, which answers without accounts.
    """

    customer: str
    login: str | None = None
    is_tiered: bool = False


@runtime_checkable
class WritesPools(Protocol):
    """Keeps pools."""

    async def create_pool(self, order: PoolOrder, operation: Operation) -> Ref:
        """Make a pool. Names are unique."""

    async def find_pool(self, order: PoolOrder, operation: Operation) -> Ref | None:
        """The pool of that name with just those accounts."""

    async def delete_pool(self, pool: Ref, operation: Operation) -> None:
        """Delete a pool; its accounts stay."""

    async def add_account_to_pool(self, pool: Ref, account: Ref, operation: Operation) -> None:
        """Put an account into a pool."""

    async def remove_account_from_pool(self, pool: Ref, account: Ref, operation: Operation) -> None:
        """Take an account out of a pool."""


@runtime_checkable
class RecordsPayments(Protocol):
    """Takes notes of accounts and payments that payment providers do not tell by themselves."""

    async def create_account(self, order: AccountOrder, operation: Operation) -> Ref:
        """Record an account. The same connector and reference name the same account."""

    async def create_payment(self, order: PaymentOrder, operation: Operation) -> Ref:
        """Record a payment. The same connector, reference and type name the same payment."""

    async def find_account(self, order: AccountOrder, operation: Operation) -> Ref | None:
        """The account with that connector and reference."""

    async def find_payment(self, order: PaymentOrder, operation: Operation) -> Ref | None:
        """The payment with that connector, reference and type."""

    async def update_payment_metadata(self, payment: Ref, metadata: Mapping[str, str], operation: Operation) -> None:
        """Add to a payment's notes; notes of the same name are replaced."""


@runtime_checkable
class WritesBankAccounts(Protocol):
    """Keeps bank accounts."""

    async def create_bank_account(self, order: BankAccountOrder, operation: Operation) -> Ref:
        """Keep a bank account."""

    async def find_bank_account(self, metadata: Mapping[str, str], operation: Operation) -> Ref | None:
        """The bank account with all these notes."""

    async def forward_bank_account(self, bank_account: Ref, connector: Ref, operation: Operation) -> None:
        """Make a bank account known to a payment provider. May take minutes."""

    async def update_bank_account_metadata(
        self, bank_account: Ref, metadata: Mapping[str, str], operation: Operation
    ) -> None:
        """Add to a bank account's notes; notes of the same name are replaced."""


@runtime_checkable
class MovesMoney(Protocol):
    """Moves money through payment providers."""

    async def create_transfer(self, order: TransferOrder, operation: Operation) -> Ref:
        """Order a transfer or a pay-out. A reference is unique for each connector. May take minutes when validated."""

    async def find_transfer(self, connector: Ref, reference: str, operation: Operation) -> Ref | None:
        """The transfer initiation with that reference."""

    async def validate_transfer(self, transfer: Ref, operation: Operation) -> None:
        """Let a waiting transfer go. May take minutes."""

    async def reject_transfer(self, transfer: Ref, operation: Operation) -> None:
        """Stop a waiting transfer for good."""

    async def retry_transfer(self, transfer: Ref, operation: Operation) -> None:
        """Try a failed transfer again. May take minutes."""

    async def reverse_transfer(self, order: ReversalOrder, operation: Operation) -> None:
        """Take a processed transfer back. May take minutes."""

    async def delete_transfer(self, transfer: Ref, operation: Operation) -> None:
        """Delete a transfer that still waits."""

    async def transfer_between(self, order: BetweenOrder, operation: Operation) -> Ref | None:
        """The vendor's oldest way to move money, which today's servers refuse."""


@runtime_checkable
class ManagesConnectors(Protocol):
    """Installs and removes connectors."""

    async def install_connector(self, order: ConnectorOrder, operation: Operation) -> Ref:
        """Install a connector. Its name is unique. May take minutes."""

    async def find_connector(self, name: str, operation: Operation) -> Ref | None:
        """The connector of that name."""

    async def update_connector(self, connector: Ref, order: ConnectorOrder, operation: Operation) -> None:
        """Replace a connector's settings."""

    async def reset_connector(self, connector: Ref, operation: Operation) -> None:
        """Forget what a connector has read, and read it anew."""

    async def uninstall_connector(self, connector: Ref, operation: Operation) -> None:
        """Remove a connector and all that it brought."""

    async def reset_connector_by_kind(self, provider_name: str, operation: Operation) -> None:
        """Deprecated by the vendor: as `reset_connector`, where only one connector of the kind is installed."""

    async def uninstall_connector_by_kind(self, provider_name: str, operation: Operation) -> None:
        """Deprecated by the vendor: as `uninstall_connector`, where only one connector of the kind is installed."""


@runtime_checkable
class RefreshesAccounts(Protocol):
    """Reads accounts anew at the bank, and forgets them."""

    async def refresh_accounts(self, order: RefreshOrder, operation: Operation) -> None:
        """Start a refresh and wait for its end, up to 180 s. It goes on at the vendor when nobody waits."""

    async def delete_account(self, account: Ref, operation: Operation) -> None:
        """Forget an account."""

    async def delete_login(self, customer: str, login: str, operation: Operation) -> None:
        """Forget a bank login and all accounts that it shows."""


@runtime_checkable
class OpensSmartAccounts(Protocol):
    """Opens accounts of its own."""

    async def create_smart_account(self, order: SmartAccountOrder, operation: Operation) -> Ref:
        """Open a smart account."""

    async def smart_account_ids(self, operation: Operation) -> Sequence[str]:
        """The ids of all smart accounts, to tell a new one from those before."""
