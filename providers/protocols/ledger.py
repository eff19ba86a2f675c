"""What resolvers may ask of a provider that keeps ledgers. The rules of batch methods are those of `reads`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

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
    Payment,
    Ref,
)
from providers.errors import Outcome
from providers.operation import Operation


@runtime_checkable
class ReadsLedgers(Protocol):
    """Has ledgers, their accounts and transactions."""

    async def ledgers_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Ledger]]:
        """Ledgers by identity."""

    async def all_ledgers(self, operation: Operation) -> Sequence[Ledger]:
        """Every ledger."""

    async def list_ledgers(self, page: PageRequest, operation: Operation) -> Page[Ledger]:
        """A page of all ledgers."""

    async def ledger_accounts_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[LedgerAccount]]:
        """Accounts by identity."""

    async def ledger_volumes(
        self, keys: Sequence[LedgerVolumesKey], operation: Operation
    ) -> Mapping[LedgerVolumesKey, Outcome[Sequence[LedgerVolumes]]]:
        """What accounts had at a time."""

    async def ledger_transactions_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[LedgerTransaction]]:
        """Transactions by identity."""

    async def ledger_transactions_by_account(
        self, accounts: Sequence[Ref], size: int, operation: Operation
    ) -> Mapping[Ref, Outcome[Page[LedgerTransaction]]]:
        """The newest transactions of each account."""

    async def ledger_transactions_by_reference(
        self, ledgers: Sequence[Ledger], references: Sequence[str], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[LedgerTransaction]]]:
        """The transactions of these ledgers that carry each reference."""

    async def ledger_accounts_by_customer(
        self, ledgers: Sequence[Ledger], links: Mapping[str, Sequence[CustomerLink]], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[LedgerAccount]]]:
        """The accounts in these ledgers that are a customer's, by its links or by what they say themselves."""

    async def list_ledger_accounts(
        self, ledger: Ref, where: LedgerAccountFilter, page: PageRequest, operation: Operation
    ) -> Page[LedgerAccount]:
        """A page of a ledger's accounts."""

    async def list_ledger_transactions(
        self, ledger: Ref, where: LedgerTransactionFilter, page: PageRequest, operation: Operation
    ) -> Page[LedgerTransaction]:
        """A page of a ledger's transactions."""

    async def list_ledger_logs(
        self, ledger: Ref, since: datetime | None, until: datetime | None, page: PageRequest, operation: Operation
    ) -> Page[LedgerLog]:
        """A page of a ledger's log."""

    async def list_ledger_volumes(
        self, ledger: Ref, where: LedgerVolumesFilter, page: PageRequest, operation: Operation
    ) -> Page[LedgerVolume]:
        """A page of what the accounts of a ledger received and gave."""

    async def count_ledger_accounts(self, ledger: Ref, where: LedgerAccountFilter, operation: Operation) -> int:
        """How many accounts a ledger has."""

    async def count_ledger_transactions(self, ledger: Ref, where: LedgerTransactionFilter, operation: Operation) -> int:
        """How many transactions a ledger has."""

    async def ledger_sums(
        self, ledger: Ref, address: str | None, at: datetime | None, operation: Operation
    ) -> Sequence[Money]:
        """The sums of accounts' balances, by asset."""

    async def ledger_statistics(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[LedgerStatistics]]:
        """How much there is in ledgers."""

    async def ledger_mappings(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[Sequence[LedgerContract]]]:
        """The rules of ledgers."""

    async def ledger_migrations(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[Sequence[LedgerMigration]]]:
        """What was done to how ledgers are stored."""

    async def ledger_server(self, operation: Operation) -> LedgerServer:
        """The server that keeps them."""


@runtime_checkable
class FindsPayments(Protocol):
    """Finds payments by what payment providers call them."""

    async def payments_by_reference(
        self, references: Sequence[str], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[Payment]]]:
        """The payments that carry each reference."""
