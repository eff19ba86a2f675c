"""Formance behind the provider protocols. Each noun's reads are in the file of its name."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from providers.costs import Costs
from providers.domain import (
    Account,
    Balance,
    Connector,
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
)
from providers.errors import Outcome, ProviderError
from providers.formance import translate
from providers.formance.accounts import Accounts
from providers.formance.balances import Balances
from providers.formance.bank_account_writes import BankAccountWrites
from providers.formance.bank_accounts import BankAccounts
from providers.formance.capabilities import CAPABILITIES
from providers.formance.client import Client
from providers.formance.client.calls import Listing
from providers.formance.connector_settings import ConnectorSettings
from providers.formance.connector_writes import ConnectorWrites
from providers.formance.costs import costs
from providers.formance.generation import Generation
from providers.formance.ledger.generation import LedgerGeneration
from providers.formance.ledger.queries import LedgerQueries
from providers.formance.ledger.reads import LedgerReads
from providers.formance.ledger.writes import LedgerWrites
from providers.formance.oauth import OAuth
from providers.formance.orchestration import Flows, OrderedTransfers
from providers.formance.payment_references import PaymentReferences
from providers.formance.payment_writes import PaymentWrites
from providers.formance.payments import Payments
from providers.formance.pool_writes import PoolWrites
from providers.formance.pools import Pools
from providers.formance.reconciliation import ReconciliationReads
from providers.formance.reconciliation_writes import ReconciliationWrites
from providers.formance.search import Modules, Search
from providers.formance.transfer_writes import TransferWrites
from providers.formance.transfers import Transfers
from providers.formance.wallets import WalletReads, WalletWrites
from providers.formance.wallets.books import Books
from providers.formance.webhooks import Webhooks
from providers.operation import Operation


class FormanceProvider(
    BankAccounts,
    Transfers,
    ConnectorSettings,
    PoolWrites,
    PaymentWrites,
    BankAccountWrites,
    TransferWrites,
    ConnectorWrites,
):
    """All that the payments service can do. Methods are described in `providers.protocols` and `providers.orders`."""

    provider = Provider.FORMANCE
    capabilities = CAPABILITIES

    def __init__(self, client: Client, generation: Generation, *, ledger: LedgerGeneration, mode: ProviderMode) -> None:
        super().__init__(client.payments, generation)
        self.mode = mode
        self._ledger_generation = ledger
        self._client = client
        self._accounts = Accounts(client.payments, generation)
        self._balances = Balances(client.payments)
        self._payments = Payments(client.payments, generation)
        self._pools = Pools(client.payments, generation)
        self._books = Books(client)
        self.parts: Sequence[object] = (
            PaymentReferences(client.payments),
            LedgerReads(client.ledger, ledger),
            LedgerWrites(client.ledger, ledger),
            LedgerQueries(client.ledger, ledger),
            WalletReads(client, self._books),
            WalletWrites(client),
            Flows(client.orchestration),
            OrderedTransfers(client.payments),
            ReconciliationReads(client.reconciliation),
            ReconciliationWrites(client.reconciliation),
            Modules(client.information),
            Webhooks(client.webhooks),
            OAuth(client.oauth),
            Search(client.search),
        )

    @property
    def costs(self) -> Costs:
        """By the servers' generations, and by what they let be read."""
        ledger = self._ledger_generation.known
        return costs(self._generation.known, ledger, reads_wallets=self._books.has_answered)

    async def probe(self, operation: Operation) -> tuple[ServerModule, ...]:
        """A read of one pool tells whether the token is taken; the gateway tells the versions, where there is one."""
        modules, failure = await asyncio.gather(self._modules(operation), self._failure(operation))
        if failure is not None:
            raise failure
        return modules

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def accounts_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Account]]:
        """One call for each 40 accounts."""
        return await self._accounts.by_ref(refs, operation)

    async def accounts_by_customer(
        self, links: Mapping[str, Sequence[CustomerLink]], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[Account]]]:
        """One call for each 40 links, where a customer counts as one more; long answers are read on."""
        return await self._accounts.by_customer(links, operation)

    async def list_accounts(self, page: PageRequest, operation: Operation) -> Page[Account]:
        """One call."""
        return await self._accounts.page(page, operation)

    async def balances_by_account(
        self, refs: Sequence[Ref], operation: Operation, *, max_age: int = 0
    ) -> Mapping[Ref, Outcome[Sequence[Balance]]]:
        """One call for each account; up to three where its history is longer than a page."""
        return await self._balances.by_account(refs, operation, max_age=max_age)

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
        """One call."""
        return await self._balances.history(account, page, operation, asset=asset, since=since, until=until)

    async def payments_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Payment]]:
        """One call for each 40 payments."""
        return await self._payments.by_ref(refs, operation)

    async def payments_by_account(
        self, accounts: Sequence[Ref], size: int, where: PaymentFilter, operation: Operation
    ) -> Mapping[Ref, Outcome[Page[Payment]]]:
        """On v3 one call for some 15 accounts, and one for each of them that busier ones crowd out. On v2 a scan."""
        return await self._payments.by_account(accounts, size, where, operation)

    async def list_payments(
        self, accounts: Sequence[Ref], where: PaymentFilter, page: PageRequest, operation: Operation
    ) -> Page[Payment]:
        """One call; on v2, and for more accounts than a URL holds, a scan of the accounts' connectors."""
        return await self._payments.page(accounts, where, page, operation)

    async def pools_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Pool]]:
        """One call for each 40 pools; on v2 the list of all."""
        return await self._pools.by_ref(refs, operation)

    async def pools_by_account(
        self, accounts: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[Sequence[Pool]]]:
        """One call for some 30 accounts; on v2 the list of all pools."""
        return await self._pools.by_account(accounts, operation)

    async def list_pools(self, page: PageRequest, operation: Operation) -> Page[Pool]:
        """One call."""
        return await self._pools.page(page, operation)

    async def pool_balances(
        self, keys: Sequence[PoolBalancesKey], operation: Operation
    ) -> Mapping[PoolBalancesKey, Outcome[Sequence[Balance]]]:
        """One call for each key."""
        return await self._pools.balances(keys, operation)

    async def list_connectors(self, operation: Operation) -> Sequence[Connector]:
        """One call."""
        payments = self._client.payments
        rows = await payments.list_all_connectors(operation, max_age=payments.kept.connectors)
        return [translate.connector(row, fetched_at=row.read_at) for row in rows]

    async def derive_links(
        self, links: Mapping[str, Sequence[CustomerLink]], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[CustomerLink]]]:
        """The call of `accounts_by_customer`: accounts name their customer in their metadata, as `customer_id`."""
        return await self._accounts.derive_links(links, operation)

    async def customers_by_account(
        self,
        accounts: Sequence[Account],
        operation: Operation,  # noqa: ARG002 - the records at hand tell it
    ) -> Mapping[Ref, Outcome[str | None]]:
        """No call."""
        return {account.ref: account.customer_id for account in accounts}

    async def _modules(self, operation: Operation) -> tuple[ServerModule, ...]:
        try:
            return translate.modules(await self._client.stack.get_versions(operation))
        except ProviderError:
            return ()

    async def _failure(self, operation: Operation) -> ProviderError | None:
        try:
            await self._client.payments.list_pools(Listing(size=1), operation)
        except ProviderError as error:
            return error
        return None
