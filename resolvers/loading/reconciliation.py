"""Loaders of policies, and of what came of comparing by them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

import msgspec

from providers.domain import (
    Balance,
    LedgerQueryKey,
    Page,
    PageRequest,
    Provider,
    Reconciliation,
    ReconciliationPolicy,
    Ref,
)
from providers.errors import NotFound, Outcome, ProviderError
from providers.protocols import ReadsBalanceHistory
from providers.protocols.reconciliation import ReadsReconciliation, SumsLedgerAccounts
from resolvers.batching import Loader, loader
from resolvers.loading.making import LoaderBase, is_named_so

PastKey = tuple[Ref, datetime]
"""An account, and a time."""
_PAST = PageRequest(size=100)
"""More than the assets that an account has."""
ReconciliationsKey = tuple[Ref, int]
"""A policy, and how many reconciliations."""


class ReconciliationLoaders(LoaderBase):
    """Part of `Loaders`."""

    @cached_property
    def reconciliation_policies_by_ref(self) -> Mapping[Provider, Loader[Ref, ReconciliationPolicy | None]]:
        """Policies by identity."""
        return self._each(ReadsReconciliation, lambda vendor: vendor.reconciliation_policies_by_ref, accept=is_named_so)

    @cached_property
    def reconciliations_by_ref(self) -> Mapping[Provider, Loader[Ref, Reconciliation | None]]:
        """Reconciliations by identity."""
        return self._each(ReadsReconciliation, lambda vendor: vendor.reconciliations_by_ref, accept=is_named_so)

    @cached_property
    def policies_by_pool(self) -> Mapping[Provider, Loader[Ref, Sequence[ReconciliationPolicy]]]:
        """Policies over a pool."""
        return {name: self._over(name, vendor) for name, vendor in self._able(ReadsReconciliation).items()}

    @cached_property
    def reconciliations_by_policy(self) -> Mapping[Provider, Loader[ReconciliationsKey, Page[Reconciliation]]]:
        """The newest reconciliations by policy and number."""
        return {name: self._newest(vendor) for name, vendor in self._able(ReadsReconciliation).items()}

    @cached_property
    def ledger_sums_by_query(self) -> Mapping[Provider, Loader[LedgerQueryKey, Sequence[Balance]]]:
        """Sums over the accounts of a ledger that a filter finds, at a time."""
        return self._each(SumsLedgerAccounts, lambda vendor: vendor.ledger_sums_by_query, missing=())

    @cached_property
    def past_balances_by_account(self) -> Mapping[Provider, Loader[PastKey, Sequence[Balance] | None]]:
        """What accounts held at a time."""
        return {name: self._past(vendor) for name, vendor in self._able(ReadsBalanceHistory).items()}

    def _past(self, vendor: ReadsBalanceHistory) -> Loader[PastKey, Sequence[Balance] | None]:
        async def fetch(keys: Sequence[PastKey]) -> Mapping[PastKey, Outcome[Sequence[Balance]]]:
            outcomes = await asyncio.gather(*(self._held(vendor, *key) for key in keys))
            return {key: outcome for key, outcome in zip(keys, outcomes, strict=True) if outcome is not None}

        return loader(fetch, **self._options)

    async def _held(self, vendor: ReadsBalanceHistory, account: Ref, at: datetime) -> Outcome[Sequence[Balance]] | None:
        """One balance of each asset: the one that held then, as far as the provider has seen."""
        try:
            page = await vendor.balance_history(account, _PAST, self._operation, since=at, until=at)
        except NotFound:
            return None
        except ProviderError as error:
            return error
        newest = {balance.money.asset: balance for balance in reversed(page.items)}
        return [msgspec.structs.replace(balance, as_of=at) for balance in newest.values()]

    def _over(self, provider: Provider, vendor: ReadsReconciliation) -> Loader[Ref, Sequence[ReconciliationPolicy]]:
        """Policies that come with their pool need not be asked for one by one."""
        by_ref = self.reconciliation_policies_by_ref[provider]

        async def fetch(pools: Sequence[Ref]) -> Mapping[Ref, Outcome[Sequence[ReconciliationPolicy]]]:
            found = await vendor.policies_by_pool(pools, self._operation)
            for outcome in found.values():
                for policy in () if isinstance(outcome, ProviderError) else outcome:
                    by_ref.prime(policy.ref, policy)
            return found

        return loader(fetch, missing=(), **self._options)

    def _newest(self, vendor: ReadsReconciliation) -> Loader[ReconciliationsKey, Page[Reconciliation]]:
        async def fetch(
            keys: Sequence[ReconciliationsKey],
        ) -> Mapping[ReconciliationsKey, Outcome[Page[Reconciliation]]]:
            policies = list(dict.fromkeys(policy for policy, _ in keys))
            found = await vendor.reconciliations_by_policy(policies, max(size for _, size in keys), self._operation)
            return {(policy, size): _shortened(found.get(policy), size) for policy, size in keys}

        return loader(fetch, **self._options)


def _shortened(outcome: Outcome[Page[Reconciliation]] | None, size: int) -> Outcome[Page[Reconciliation]]:
    """The first `size` of a page that was read for a larger wish."""
    if outcome is None:
        return Page(items=())
    if isinstance(outcome, ProviderError) or len(outcome.items) <= size:
        return outcome
    return Page(items=outcome.items[:size], token=outcome.token, has_more=True)
