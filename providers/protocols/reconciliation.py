"""What resolvers may ask of a provider that compares pools with ledgers. The rules are those of all reads."""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from providers.domain import Balance, LedgerQueryKey, Page, PageRequest, Reconciliation, ReconciliationPolicy, Ref
from providers.errors import Outcome
from providers.operation import Operation


@runtime_checkable
class ReadsReconciliation(Protocol):
    """Has policies, and what came of comparing by them."""

    async def reconciliation_policies_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[ReconciliationPolicy]]:
        """Policies by identity."""

    async def policies_by_pool(
        self, pools: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[Sequence[ReconciliationPolicy]]]:
        """The policies over each pool, newest first. Every pool is a key of the answer."""

    async def list_reconciliation_policies(self, page: PageRequest, operation: Operation) -> Page[ReconciliationPolicy]:
        """All policies, newest first. Raises a `ProviderError`."""

    async def reconciliations_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[Reconciliation]]:
        """Reconciliations by identity."""

    async def reconciliations_by_policy(
        self, policies: Sequence[Ref], size: int, operation: Operation
    ) -> Mapping[Ref, Outcome[Page[Reconciliation]]]:
        """The newest `size` reconciliations by each policy: first pages, made of few calls."""

    async def list_reconciliations(
        self, policy: Ref | None, page: PageRequest, operation: Operation
    ) -> Page[Reconciliation]:
        """Reconciliations, newest first: those by a policy, or all. Raises a `ProviderError`."""


@runtime_checkable
class SumsLedgerAccounts(Protocol):
    """Sums the accounts of a ledger that any filter finds."""

    async def ledger_sums_by_query(
        self, keys: Sequence[LedgerQueryKey], operation: Operation
    ) -> Mapping[LedgerQueryKey, Outcome[Sequence[Balance]]]:
        """What the accounts hold together, one balance for each asset. Every key is one of the answer."""
