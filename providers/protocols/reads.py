"""What resolvers may ask of a provider. A provider implements the protocols it can; resolvers find out by `isinstance`.

Rules for every batch method: it never raises for one key's sake. Each key maps to its value or to the `ProviderError`
that explains its absence; a key that the vendor does not know is left out of the answer. All vendor calls of a batch
that can run at once do.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from providers.costs import Costs
from providers.domain import (
    Account,
    AvailableConnector,
    Balance,
    BankAccount,
    BankKey,
    Capability,
    Connector,
    ConnectorSetting,
    ConnectorTask,
    CustomerLink,
    Page,
    PageRequest,
    Payment,
    PaymentFilter,
    Pool,
    PoolBalancesKey,
    Provider,
    ProviderMode,
    Ref,
    ServerModule,
    TransferDetail,
    TransferFilter,
    TransferInitiation,
)
from providers.errors import Outcome
from providers.operation import Operation


class Vendor(Protocol):
    """A provider of the graph. Its other powers are the protocols below."""

    @property
    def provider(self) -> Provider:
        """Which provider."""

    @property
    def mode(self) -> ProviderMode:
        """What stands behind it."""

    @property
    def capabilities(self) -> tuple[Capability, ...]:
        """What it can be asked for, as the graph tells it."""

    @property
    def parts(self) -> Sequence[object]:
        """Its powers that are objects of their own, beside those that it has itself."""

    @property
    def costs(self) -> Costs:
        """What asking it costs. What is not named costs nothing, or is not offered."""

    async def probe(self, operation: Operation) -> tuple[ServerModule, ...]:
        """Ask the vendor whether it answers, by the cheapest authenticated call; its modules when it tells them."""

    async def aclose(self) -> None:
        """Close the connections."""


@runtime_checkable
class ReadsAccounts(Protocol):
    """Has accounts of customers."""

    async def accounts_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Account]]:
        """Accounts by identity, whatever their number."""

    async def accounts_by_customer(
        self, links: Mapping[str, Sequence[CustomerLink]], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[Account]]]:
        """All accounts of each customer of the directory, found by this provider's links (customer id → links).

        Every customer asked for is a key, also those without a link: a provider that can derive links does so here.
        Every customer is a key of the answer. An account whose vendor record has vanished is left out.
        """

    async def list_accounts(self, page: PageRequest, operation: Operation) -> Page[Account]:
        """All accounts of the credential, in the vendor's order. Raises a `ProviderError`."""


@runtime_checkable
class ReadsAccountsByBank(Protocol):
    """Has accounts at banks, and lists of those at one institution and of those behind one login."""

    async def accounts_by_bank(
        self, links: Mapping[BankKey, Sequence[CustomerLink]], operation: Operation
    ) -> Mapping[BankKey, Outcome[Sequence[Account]]]:
        """Some accounts of a customer, found by this provider's links of theirs (key → links), by one call each.

        Every key is one of the answer. Links may be missing as in `accounts_by_customer`.
        """


@runtime_checkable
class ReadsBalances(Protocol):
    """Gives balances of accounts that did not come with them."""

    async def balances_by_account(
        self, refs: Sequence[Ref], operation: Operation, *, max_age: int = 0
    ) -> Mapping[Ref, Outcome[Sequence[Balance]]]:
        """The current balances of each account, or kept ones that are not older than `max_age` seconds."""


@runtime_checkable
class ReadsBalanceHistory(Protocol):
    """Keeps the balances of the past."""

    async def balance_history(
        self,
        account: Ref,
        page: PageRequest,
        operation: Operation,
        *,
        asset: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Page[Balance]:
        """Balances of one account, newest first. Raises a `ProviderError`."""


@runtime_checkable
class ReadsPayments(Protocol):
    """Has payments."""

    async def payments_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Payment]]:
        """Payments by identity."""

    async def payments_by_account(
        self, accounts: Sequence[Ref], size: int, where: PaymentFilter, operation: Operation
    ) -> Mapping[Ref, Outcome[Page[Payment]]]:
        """The newest `size` payments of each account (as source or destination): first pages, made of few calls."""

    async def list_payments(
        self, accounts: Sequence[Ref], where: PaymentFilter, page: PageRequest, operation: Operation
    ) -> Page[Payment]:
        """Payments newest first: those that touch any of the accounts, or all when none is given.

        Raises a `ProviderError`.
        """


@runtime_checkable
class ReadsPools(Protocol):
    """Has pools."""

    async def pools_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Pool]]:
        """Pools by identity."""

    async def pools_by_account(
        self, accounts: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[Sequence[Pool]]]:
        """The pools that hold each account. Every account is a key of the answer."""

    async def list_pools(self, page: PageRequest, operation: Operation) -> Page[Pool]:
        """All pools. Raises a `ProviderError`."""

    async def pool_balances(
        self, keys: Sequence[PoolBalancesKey], operation: Operation
    ) -> Mapping[PoolBalancesKey, Outcome[Sequence[Balance]]]:
        """The sums of each pool, one balance for each asset."""


@runtime_checkable
class ReadsConnectors(Protocol):
    """Has connectors."""

    async def list_connectors(self, operation: Operation) -> Sequence[Connector]:
        """All connectors. Raises a `ProviderError`."""


@runtime_checkable
class ReadsConnectorSettings(Protocol):
    """Knows the settings and tasks of connectors."""

    async def connector_settings(self, connector: Ref, operation: Operation) -> Sequence[ConnectorSetting] | None:
        """A connector's settings, secrets left out; None when there is no such connector. Raises a `ProviderError`."""

    async def connector_settings_by_kind(
        self, provider_name: str, operation: Operation
    ) -> Sequence[ConnectorSetting] | None:
        """Deprecated by the vendor: where only one connector of the kind is installed. Raises a `ProviderError`."""

    async def connector_tasks(self, connector: Ref, page: PageRequest, operation: Operation) -> Page[ConnectorTask]:
        """A connector's tasks. Raises a `ProviderError`."""

    async def connector_tasks_by_kind(
        self, provider_name: str, page: PageRequest, operation: Operation
    ) -> Page[ConnectorTask]:
        """Deprecated by the vendor: where only one connector of the kind is installed. Raises a `ProviderError`."""

    async def tasks_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[ConnectorTask]]:
        """Tasks by identity: `(connector id, task id)`."""

    async def task_by_kind(self, provider_name: str, task_id: str, operation: Operation) -> ConnectorTask | None:
        """Deprecated by the vendor: where only one connector of the kind is installed. Raises a `ProviderError`."""

    async def available_connectors(self, operation: Operation) -> Sequence[AvailableConnector]:
        """What can be installed, by name. Raises a `ProviderError`."""


@runtime_checkable
class ReadsBankAccounts(Protocol):
    """Has bank accounts that the organisation keeps."""

    async def bank_accounts_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[BankAccount]]:
        """Bank accounts by identity."""

    async def list_bank_accounts(self, page: PageRequest, operation: Operation) -> Page[BankAccount]:
        """All bank accounts. Raises a `ProviderError`."""

    async def bank_accounts_by_account(
        self, accounts: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[Sequence[BankAccount]]]:
        """The bank accounts that were forwarded to each payment account. Every account is a key of the answer."""

    async def bank_accounts_by_customer(
        self, customer_ids: Sequence[str], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[BankAccount]]]:
        """The bank accounts whose notes name each customer of the directory. Every customer is a key of the answer."""


@runtime_checkable
class ReadsTransfers(Protocol):
    """Has transfer initiations."""

    async def transfers_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[TransferInitiation]]:
        """Transfer initiations by identity."""

    async def transfer_details(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[TransferDetail]]:
        """The whole records, one call each, at once."""

    async def list_transfers(
        self, where: TransferFilter, page: PageRequest, operation: Operation
    ) -> Page[TransferInitiation]:
        """Transfer initiations, newest first. Raises a `ProviderError`."""


@runtime_checkable
class DerivesLinks(Protocol):
    """Can tell from its own records which of its objects belong to a customer of the directory."""

    async def derive_links(
        self, links: Mapping[str, Sequence[CustomerLink]], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[CustomerLink]]]:
        """Links of each customer beyond its stored ones (customer id → links). Every customer is a key of the answer.

        The question is the one of `accounts_by_customer`, so that an operation which asks both pays once.
        """

    async def customers_by_account(
        self, accounts: Sequence[Account], operation: Operation
    ) -> Mapping[Ref, Outcome[str | None]]:
        """Which customer of the directory an account belongs to, by the vendor's own records. None: it does not say."""
