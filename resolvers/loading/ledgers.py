"""Loaders of ledgers, their accounts and transactions, and of payments that these tell of."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cached_property

from providers.domain import (
    CustomerLink,
    Ledger,
    LedgerAccount,
    LedgerContract,
    LedgerMigration,
    LedgerStatistics,
    LedgerTransaction,
    LedgerVolumes,
    LedgerVolumesKey,
    Page,
    Payment,
    Provider,
    Ref,
)
from providers.errors import Outcome, ProviderError
from providers.protocols.ledger import FindsPayments, ReadsLedgers
from resolvers.batching import Loader, loader
from resolvers.loading.links import LinkLoaders
from resolvers.loading.making import is_named_so

ALL = ""
"""The only key of a loader of everything."""

TransactionsKey = tuple[Ref, int]
"""An account, and how many transactions."""


class LedgerLoaders(LinkLoaders):
    """Those of the ledger."""

    @cached_property
    def ledgers_by_ref(self) -> Mapping[Provider, Loader[Ref, Ledger | None]]:
        """Ledgers by identity."""
        return self._each(ReadsLedgers, lambda vendor: vendor.ledgers_by_ref, accept=is_named_so)

    @cached_property
    def all_ledgers(self) -> Mapping[Provider, Loader[str, Sequence[Ledger]]]:
        """Every ledger, by the key `ALL`."""
        return {name: self._whole(vendor) for name, vendor in self._able(ReadsLedgers).items()}

    @cached_property
    def ledger_accounts_by_ref(self) -> Mapping[Provider, Loader[Ref, LedgerAccount | None]]:
        """Accounts of ledgers by identity."""
        return self._each(ReadsLedgers, lambda vendor: vendor.ledger_accounts_by_ref, accept=is_named_so)

    @cached_property
    def ledger_volumes_by_account(self) -> Mapping[Provider, Loader[LedgerVolumesKey, Sequence[LedgerVolumes]]]:
        """What accounts have that came without their volumes."""
        return self._each(ReadsLedgers, lambda vendor: vendor.ledger_volumes, missing=())

    @cached_property
    def ledger_balances_by_account(self) -> Mapping[Provider, Loader[LedgerVolumesKey, Sequence[LedgerVolumes]]]:
        """What accounts had at a time."""
        return self._each(ReadsLedgers, lambda vendor: vendor.ledger_volumes, missing=())

    @cached_property
    def ledger_transactions_by_ref(self) -> Mapping[Provider, Loader[Ref, LedgerTransaction | None]]:
        """Transactions of ledgers by identity."""
        return self._each(ReadsLedgers, lambda vendor: vendor.ledger_transactions_by_ref, accept=is_named_so)

    @cached_property
    def ledger_transactions_by_account(self) -> Mapping[Provider, Loader[TransactionsKey, Page[LedgerTransaction]]]:
        """The newest transactions of accounts, by account and number."""
        return {name: self._newest_transactions(vendor) for name, vendor in self._able(ReadsLedgers).items()}

    @cached_property
    def ledger_transactions_by_reference(self) -> Mapping[Provider, Loader[str, Sequence[LedgerTransaction]]]:
        """Transactions of all ledgers that carry a reference."""
        return {name: self._carrying(name, vendor) for name, vendor in self._able(ReadsLedgers).items()}

    @cached_property
    def payments_by_reference(self) -> Mapping[Provider, Loader[str, Sequence[Payment]]]:
        """Payments that carry a reference."""
        return self._each(FindsPayments, lambda vendor: vendor.payments_by_reference, missing=())

    @cached_property
    def ledger_accounts_by_customer(self) -> Mapping[Provider, Loader[str, Sequence[LedgerAccount]]]:
        """Accounts of all ledgers by customer id."""
        return {name: self._customers_ledger_accounts(name, each) for name, each in self._able(ReadsLedgers).items()}

    @cached_property
    def ledger_statistics_by_ref(self) -> Mapping[Provider, Loader[Ref, LedgerStatistics | None]]:
        """How much there is in ledgers."""
        return self._each(ReadsLedgers, lambda vendor: vendor.ledger_statistics)

    @cached_property
    def ledger_mappings_by_ref(self) -> Mapping[Provider, Loader[Ref, Sequence[LedgerContract] | None]]:
        """The rules of ledgers."""
        return self._each(ReadsLedgers, lambda vendor: vendor.ledger_mappings)

    @cached_property
    def ledger_migrations_by_ref(self) -> Mapping[Provider, Loader[Ref, Sequence[LedgerMigration] | None]]:
        """What was done to how ledgers are stored."""
        return self._each(ReadsLedgers, lambda vendor: vendor.ledger_migrations)

    def _whole(self, vendor: ReadsLedgers) -> Loader[str, Sequence[Ledger]]:
        async def fetch(_keys: Sequence[str]) -> Mapping[str, Outcome[Sequence[Ledger]]]:
            try:
                return {ALL: await vendor.all_ledgers(self._operation)}
            except ProviderError as error:
                return {ALL: error}

        return loader(fetch, missing=(), **self._options)

    def _newest_transactions(self, vendor: ReadsLedgers) -> Loader[TransactionsKey, Page[LedgerTransaction]]:
        async def fetch(
            keys: Sequence[TransactionsKey],
        ) -> Mapping[TransactionsKey, Outcome[Page[LedgerTransaction]]]:
            size = max(size for _, size in keys)
            accounts = list(dict.fromkeys(account for account, _ in keys))
            pages = await vendor.ledger_transactions_by_account(accounts, size, self._operation)
            return {key: _shortened(pages.get(key[0]), key[1]) for key in keys}

        return loader(fetch, **self._options)

    def _carrying(self, provider: Provider, vendor: ReadsLedgers) -> Loader[str, Sequence[LedgerTransaction]]:
        async def fetch(references: Sequence[str]) -> Mapping[str, Outcome[Sequence[LedgerTransaction]]]:
            try:
                ledgers = await self.all_ledgers[provider].lend(ALL)
            except ProviderError as error:
                return dict.fromkeys(references, error)
            return await vendor.ledger_transactions_by_reference(ledgers, references, self._operation)

        return loader(fetch, missing=(), **self._options)

    def _customers_ledger_accounts(
        self, provider: Provider, vendor: ReadsLedgers
    ) -> Loader[str, Sequence[LedgerAccount]]:
        async def fetch(customer_ids: Sequence[str]) -> Mapping[str, Outcome[Sequence[LedgerAccount]]]:
            try:
                ledgers, links = await asyncio.gather(
                    self.all_ledgers[provider].lend(ALL), self._stored_links(provider, customer_ids)
                )
            except ProviderError as error:
                return dict.fromkeys(customer_ids, error)
            found = await vendor.ledger_accounts_by_customer(ledgers, links, self._operation)
            own = await asyncio.gather(*(self._own_of(links[each], each, found[each]) for each in found))
            return dict(zip(found, own, strict=True))

        return loader(fetch, missing=(), **self._options)

    async def _own_of(
        self, links: Sequence[CustomerLink], customer_id: str, outcome: Outcome[Sequence[LedgerAccount]]
    ) -> Outcome[Sequence[LedgerAccount]]:
        """A customer's accounts, which need not be asked for one by one any more where they came with volumes."""
        if isinstance(outcome, ProviderError):
            return outcome
        own = await self._unlinked(links, customer_id, outcome)
        for account in own:
            if account.volumes is not None and account.ref.provider is not None:
                self.ledger_accounts_by_ref[account.ref.provider].prime(account.ref, account)
        return own


def _shortened(outcome: Outcome[Page[LedgerTransaction]] | None, size: int) -> Outcome[Page[LedgerTransaction]]:
    """The first `size` of a page that was read for a larger wish."""
    if outcome is None:
        return Page(items=())
    if isinstance(outcome, ProviderError) or len(outcome.items) <= size:
        return outcome
    return Page(items=outcome.items[:size], token=outcome.token, has_more=True)
