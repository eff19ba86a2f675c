"""The ledger service behind `providers.protocols.ledger`. Each kind of read is in a file of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from providers.domain import (
    CustomerLink,
    Ledger,
    LedgerAccount,
    LedgerAccountFilter,
    LedgerContract,
    LedgerLog,
    LedgerMigration,
    LedgerServer,
    LedgerStatistics,
    LedgerTransaction,
    LedgerTransactionFilter,
    LedgerVolume,
    LedgerVolumes,
    LedgerVolumesFilter,
    LedgerVolumesKey,
    Money,
    Page,
    PageRequest,
    Ref,
)
from providers.errors import Outcome
from providers.formance.client.ledger import LedgerService
from providers.formance.ledger.accounts import LedgerAccounts
from providers.formance.ledger.books import Books
from providers.formance.ledger.customers import CustomersAccounts
from providers.formance.ledger.generation import LedgerGeneration
from providers.formance.ledger.latest import Latest
from providers.formance.ledger.lists import LedgerLists
from providers.formance.ledger.transactions import LedgerTransactions
from providers.operation import Operation


class LedgerReads:
    """All that is read of ledgers."""

    def __init__(self, service: LedgerService, generation: LedgerGeneration) -> None:
        self._books = Books(service, generation)
        self._accounts = LedgerAccounts(service, generation, self._books)
        self._transactions = LedgerTransactions(service, generation, self._books)
        self._latest = Latest(self._transactions, generation, self._books, largest_page=service.largest_page)
        self._lists = LedgerLists(service, generation)
        self._customers = CustomersAccounts(self._accounts, generation)

    async def ledgers_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Ledger]]:
        """One call."""
        return await self._books.by_ref(refs, operation)

    async def all_ledgers(self, operation: Operation) -> Sequence[Ledger]:
        """One call for each 100."""
        return await self._books.everything(operation)

    async def list_ledgers(self, page: PageRequest, operation: Operation) -> Page[Ledger]:
        """One call."""
        return await self._books.page(page, operation)

    async def ledger_accounts_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[LedgerAccount]]:
        """One call for each 100 of a ledger; by the first API one for each, and one for the ledgers."""
        return await self._accounts.by_ref(refs, operation)

    async def ledger_volumes(
        self, keys: Sequence[LedgerVolumesKey], operation: Operation
    ) -> Mapping[LedgerVolumesKey, Outcome[Sequence[LedgerVolumes]]]:
        """The same for each time that is asked about."""
        return await self._accounts.volumes(keys, operation)

    async def ledger_transactions_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[LedgerTransaction]]:
        """One call for each 100 of a ledger; before 2.4 one for each."""
        return await self._transactions.by_ref(refs, operation)

    async def ledger_transactions_by_account(
        self, accounts: Sequence[Ref], size: int, operation: Operation
    ) -> Mapping[Ref, Outcome[Page[LedgerTransaction]]]:
        """One to three calls for each 100 accounts of a ledger, and one for each that busier ones crowd out."""
        return await self._latest.by_account(accounts, size, operation)

    async def ledger_transactions_by_reference(
        self, ledgers: Sequence[Ledger], references: Sequence[str], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[LedgerTransaction]]]:
        """One call for each ledger and 100 references; by the first API one for each ledger and reference."""
        return await self._transactions.by_reference(ledgers, references, operation)

    async def ledger_accounts_by_customer(
        self, ledgers: Sequence[Ledger], links: Mapping[str, Sequence[CustomerLink]], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[LedgerAccount]]]:
        """One call for each ledger and 100 customers and links; by the first API one for each ledger and customer."""
        return await self._customers.by_customer(ledgers, links, operation)

    async def list_ledger_accounts(
        self, ledger: Ref, where: LedgerAccountFilter, page: PageRequest, operation: Operation
    ) -> Page[LedgerAccount]:
        """One call."""
        return await self._accounts.page(ledger, where, page, operation)

    async def list_ledger_transactions(
        self, ledger: Ref, where: LedgerTransactionFilter, page: PageRequest, operation: Operation
    ) -> Page[LedgerTransaction]:
        """One call."""
        return await self._transactions.page(ledger, where, page, operation)

    async def list_ledger_logs(
        self, ledger: Ref, since: datetime | None, until: datetime | None, page: PageRequest, operation: Operation
    ) -> Page[LedgerLog]:
        """One call."""
        return await self._lists.logs(ledger, since, until, page, operation)

    async def list_ledger_volumes(
        self, ledger: Ref, where: LedgerVolumesFilter, page: PageRequest, operation: Operation
    ) -> Page[LedgerVolume]:
        """One call."""
        return await self._lists.volumes(ledger, where, page, operation)

    async def count_ledger_accounts(self, ledger: Ref, where: LedgerAccountFilter, operation: Operation) -> int:
        """One call."""
        return await self._accounts.count(ledger, where, operation)

    async def count_ledger_transactions(self, ledger: Ref, where: LedgerTransactionFilter, operation: Operation) -> int:
        """One call."""
        return await self._transactions.count(ledger, where, operation)

    async def ledger_sums(
        self, ledger: Ref, address: str | None, at: datetime | None, operation: Operation
    ) -> Sequence[Money]:
        """One call."""
        return await self._books.sums(ledger, address, at, operation)

    async def ledger_statistics(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[LedgerStatistics]]:
        """One call for each ledger."""
        return await self._books.statistics(refs, operation)

    async def ledger_mappings(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[Sequence[LedgerContract]]]:
        """One call for each ledger. Only servers of the first generation have them."""
        return await self._books.mapping(refs, operation)

    async def ledger_migrations(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[Sequence[LedgerMigration]]]:
        """One call for each ledger."""
        return await self._books.migrations(refs, operation)

    async def ledger_server(self, operation: Operation) -> LedgerServer:
        """One call."""
        return await self._books.server(operation)
