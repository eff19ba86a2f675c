"""All loaders of one operation, `<things>_by_<key>`. Each provider has its own of a kind, so that none waits for a
slower one."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from providers.domain import (
    Account,
    Balance,
    BankAccount,
    BankKey,
    Connector,
    ConnectorTask,
    Customer,
    CustomerLink,
    Page,
    Payment,
    PaymentFilter,
    Pool,
    PoolBalancesKey,
    Provider,
    Ref,
    Refresh,
    TransferDetail,
    TransferInitiation,
)
from providers.errors import Outcome, ProviderError
from providers.orders import RefreshesAccounts
from providers.protocols import (
    DerivesLinks,
    ReadsAccounts,
    ReadsAccountsByBank,
    ReadsBalances,
    ReadsBankAccounts,
    ReadsConnectors,
    ReadsConnectorSettings,
    ReadsPayments,
    ReadsPools,
    ReadsTransfers,
)
from resolvers.bank_loading import accounts_at_provider, customers_of, part_of, refreshes
from resolvers.batching import Loader, loader
from resolvers.loading.ledgers import LedgerLoaders
from resolvers.loading.links import link_key
from resolvers.loading.making import is_named_so
from resolvers.loading.modules import ModuleLoaders
from resolvers.loading.reconciliation import ReconciliationLoaders
from resolvers.loading.wallets import WalletLoaders
from resolvers.loading.workflow import WorkflowLoaders

PaymentsKey = tuple[Ref, int, PaymentFilter]
"""An account, how many payments, and which."""
BalancesKey = tuple[Ref, int]
"""An account, and how many seconds old its balances may be."""


class Loaders(
    LedgerLoaders,
    WalletLoaders,
    WorkflowLoaders,
    ModuleLoaders,
    ReconciliationLoaders,
):
    """Those of customers and their money, and those that have files of their own."""

    @cached_property
    def customers_by_id(self) -> Loader[str, Customer | None]:
        """Customers by the directory's id."""
        return loader(self._providers.directory.customers_by_id, **self._options)

    @cached_property
    def derived_links_by_customer(self) -> Mapping[Provider, Loader[str, Sequence[CustomerLink]]]:
        """Links by customer id that a provider derives from its own records."""
        return {name: self._derived_links(name, vendor) for name, vendor in self._able(DerivesLinks).items()}

    @cached_property
    def customer_ids_by_account(self) -> Mapping[Provider, Loader[Account, str | None]]:
        """The customer that a provider's own records name as an account's."""
        return {
            name: loader(self._with_operation(vendor.customers_by_account), identity=lambda account: account.ref)
            for name, vendor in self._able(DerivesLinks).items()
        }

    @cached_property
    def owners_by_account(self) -> Loader[Ref, str | None]:
        """The customer id of an account; known without a question of those that came with their customer."""

        async def fetch(refs: Sequence[Ref]) -> Mapping[Ref, Outcome[str | None]]:
            return dict(zip(refs, await asyncio.gather(*map(self._owner, refs)), strict=True))

        return loader(fetch, **self._options)

    @cached_property
    def accounts_by_ref(self) -> Mapping[Provider, Loader[Ref, Account | None]]:
        """Accounts by identity."""
        return self._each(ReadsAccounts, lambda vendor: vendor.accounts_by_ref, accept=is_named_so)

    @cached_property
    def accounts_by_customer(self) -> Mapping[Provider, Loader[str, Sequence[Account]]]:
        """Accounts by customer id."""
        return {name: self._customers_accounts(name, vendor) for name, vendor in self._able(ReadsAccounts).items()}

    @cached_property
    def accounts_by_bank(self) -> Mapping[Provider, Loader[BankKey, Sequence[Account]]]:
        """Accounts of a customer at an institution or behind a login."""
        return {name: self._accounts_at(name, vendor) for name, vendor in self._able(ReadsAccountsByBank).items()}

    @cached_property
    def refreshes_by_ref(self) -> Mapping[Provider, Loader[Ref, Refresh | None]]:
        """Refreshes by identity, as the accounts tell of them."""
        able = self._able(ReadsAccounts)
        return {name: self._refreshes(name, able[name]) for name in self._able(RefreshesAccounts)}

    @cached_property
    def balances_by_account(self) -> Mapping[Provider, Loader[BalancesKey, Sequence[Balance] | None]]:
        """Balances that do not come with their account, by account and age."""
        return {name: self._balances(vendor) for name, vendor in self._able(ReadsBalances).items()}

    @cached_property
    def payments_by_ref(self) -> Mapping[Provider, Loader[Ref, Payment | None]]:
        """Payments by identity."""
        return self._each(ReadsPayments, lambda vendor: vendor.payments_by_ref, accept=is_named_so)

    @cached_property
    def payments_by_account(self) -> Mapping[Provider, Loader[PaymentsKey, Page[Payment]]]:
        """The newest payments by account, number and condition."""
        return {name: self._newest_payments(vendor) for name, vendor in self._able(ReadsPayments).items()}

    @cached_property
    def pools_by_ref(self) -> Mapping[Provider, Loader[Ref, Pool | None]]:
        """Pools by identity."""
        return self._each(ReadsPools, lambda vendor: vendor.pools_by_ref, accept=is_named_so)

    @cached_property
    def pools_by_account(self) -> Mapping[Provider, Loader[Ref, Sequence[Pool]]]:
        """Pools that hold an account."""
        return self._each(ReadsPools, lambda vendor: vendor.pools_by_account, missing=())

    @cached_property
    def balances_by_pool(self) -> Mapping[Provider, Loader[PoolBalancesKey, Sequence[Balance] | None]]:
        """Sums by pool and time."""
        return self._each(ReadsPools, lambda vendor: vendor.pool_balances)

    @cached_property
    def connectors_by_ref(self) -> Mapping[Provider, Loader[Ref, Connector | None]]:
        """Connectors by identity; one call lists them all."""
        return {name: self._connectors(vendor) for name, vendor in self._able(ReadsConnectors).items()}

    @cached_property
    def tasks_by_ref(self) -> Mapping[Provider, Loader[Ref, ConnectorTask | None]]:
        """Connectors' tasks by identity."""
        return self._each(ReadsConnectorSettings, lambda vendor: vendor.tasks_by_ref, accept=is_named_so)

    @cached_property
    def bank_accounts_by_ref(self) -> Mapping[Provider, Loader[Ref, BankAccount | None]]:
        """Bank accounts by identity."""
        return self._each(ReadsBankAccounts, lambda vendor: vendor.bank_accounts_by_ref, accept=is_named_so)

    @cached_property
    def bank_accounts_by_account(self) -> Mapping[Provider, Loader[Ref, Sequence[BankAccount]]]:
        """Bank accounts that were forwarded to a payment account."""
        return self._each(ReadsBankAccounts, lambda vendor: vendor.bank_accounts_by_account, missing=())

    @cached_property
    def bank_accounts_by_customer(self) -> Mapping[Provider, Loader[str, Sequence[BankAccount]]]:
        """Bank accounts whose notes name a customer."""
        return self._each(ReadsBankAccounts, lambda vendor: vendor.bank_accounts_by_customer, missing=())

    @cached_property
    def transfers_by_ref(self) -> Mapping[Provider, Loader[Ref, TransferInitiation | None]]:
        """Transfer initiations by identity."""
        return self._each(ReadsTransfers, lambda vendor: vendor.transfers_by_ref, accept=is_named_so)

    @cached_property
    def transfer_details_by_ref(self) -> Mapping[Provider, Loader[Ref, TransferDetail | None]]:
        """Transfer initiations' whole records."""
        return self._each(ReadsTransfers, lambda vendor: vendor.transfer_details)

    def _derived_links(self, provider: Provider, vendor: DerivesLinks) -> Loader[str, Sequence[CustomerLink]]:
        async def fetch(customer_ids: Sequence[str]) -> Mapping[str, Outcome[Sequence[CustomerLink]]]:
            links = await self._stored_links(provider, customer_ids)
            derived = await vendor.derive_links(links, self._operation)
            return dict(zip(derived, await asyncio.gather(*map(self._unclaimed, derived.values())), strict=True))

        return loader(fetch, missing=(), **self._options)

    def _customers_accounts(self, provider: Provider, vendor: ReadsAccounts) -> Loader[str, Sequence[Account]]:
        async def fetch(customer_ids: Sequence[str]) -> Mapping[str, Outcome[Sequence[Account]]]:
            links = await self._stored_links(provider, customer_ids)
            found = await vendor.accounts_by_customer(links, self._operation)
            own = await asyncio.gather(*(self._own(links[each], each, found[each]) for each in found))
            self._remember(provider, own)
            for customer_id, outcome in zip(found, own, strict=True):
                for account in () if isinstance(outcome, ProviderError) else outcome:
                    self.owners_by_account.prime(account.ref, customer_id)
            return dict(zip(found, own, strict=True))

        return loader(fetch, missing=(), **self._options)

    def _accounts_at(self, provider: Provider, vendor: ReadsAccountsByBank) -> Loader[BankKey, Sequence[Account]]:
        """Taken from a customer's whole list where that is asked for anyway, or answers more than one of the keys."""
        whole = self.accounts_by_customer[provider]

        async def fetch(keys: Sequence[BankKey]) -> Mapping[BankKey, Outcome[Sequence[Account]]]:
            times = Counter(key.customer_id for key in keys)
            alone = [key for key in keys if times[key.customer_id] == 1 and not whole.knows(key.customer_id)]
            others = [key for key in keys if key not in alone]
            links = await self._stored_links(provider, [key.customer_id for key in alone])
            found = await vendor.accounts_by_bank({key: links[key.customer_id] for key in alone}, self._operation)
            own = await asyncio.gather(
                *(self._own(links[key.customer_id], key.customer_id, found[key]) for key in found)
            )
            self._remember(provider, own)
            rest = await asyncio.gather(*(part_of(whole, key) for key in others))
            return {**dict(zip(found, own, strict=True)), **dict(zip(others, rest, strict=True))}

        return loader(fetch, missing=(), **self._options)

    def _refreshes(self, provider: Provider, vendor: ReadsAccounts) -> Loader[Ref, Refresh | None]:
        async def fetch(refs: Sequence[Ref]) -> Mapping[Ref, Outcome[Refresh]]:
            found = await accounts_at_provider(vendor, provider, customers_of(refs), self._operation)
            self._remember(provider, list(found.values()))
            return refreshes(refs, found)

        return loader(fetch, **self._options)

    async def _owner(self, ref: Ref) -> Outcome[str | None]:
        """By the directory's links first, by the provider's own records where they say so."""
        try:
            linked = await self.customer_ids_by_link.lend(link_key(ref))
            if linked is not None or ref.provider is None:
                return linked
            account = await self.accounts_by_ref[ref.provider].load(ref)
            if account is None or account.customer_id is not None:
                return None if account is None else account.customer_id
            by_provider = self.customer_ids_by_account.get(ref.provider)
            return await by_provider.load(account) if by_provider else None
        except ProviderError as error:
            return error

    async def _unclaimed(self, outcome: Outcome[Sequence[CustomerLink]]) -> Outcome[Sequence[CustomerLink]]:
        """Without derived links to what a stored link gives to somebody."""
        if isinstance(outcome, ProviderError):
            return outcome
        keys = [(link.provider, link.kind.value, link.external_id) for link in outcome]
        owners = await asyncio.gather(*map(self.customer_ids_by_link.lend, keys))
        return [link for link, owner in zip(outcome, owners, strict=True) if owner is None]

    def _remember(self, provider: Provider, outcomes: Sequence[Outcome[Sequence[Account]]]) -> None:
        """Accounts that came with their customer need not be asked for one by one."""
        for outcome in outcomes:
            for account in () if isinstance(outcome, ProviderError) else outcome:
                self.accounts_by_ref[provider].prime(account.ref, account)

    def _newest_payments(self, vendor: ReadsPayments) -> Loader[PaymentsKey, Page[Payment]]:
        async def fetch(keys: Sequence[PaymentsKey]) -> Mapping[PaymentsKey, Outcome[Page[Payment]]]:
            sizes: dict[PaymentFilter, int] = {}
            accounts: dict[PaymentFilter, dict[Ref, None]] = {}
            for account, size, where in keys:
                sizes[where] = max(size, sizes.get(where, 0))
                accounts.setdefault(where, {})[account] = None
            asked = [
                vendor.payments_by_account(list(accounts[where]), size, where, self._operation)
                for where, size in sizes.items()
            ]
            pages = dict(zip(sizes, await asyncio.gather(*asked), strict=True))
            return {(ref, size, where): shortened(pages[where].get(ref), size) for ref, size, where in keys}

        return loader(fetch, **self._options)

    def _balances(self, vendor: ReadsBalances) -> Loader[BalancesKey, Sequence[Balance] | None]:
        async def fetch(keys: Sequence[BalancesKey]) -> Mapping[BalancesKey, Outcome[Sequence[Balance]]]:
            accounts: dict[int, list[Ref]] = {}
            for account, max_age in keys:
                accounts.setdefault(max_age, []).append(account)
            reading = (
                vendor.balances_by_account(refs, self._operation, max_age=max_age) for max_age, refs in accounts.items()
            )
            found = await asyncio.gather(*reading)
            return {
                (account, max_age): outcome
                for max_age, outcomes in zip(accounts, found, strict=True)
                for account, outcome in outcomes.items()
            }

        return loader(fetch, **self._options)

    def _connectors(self, vendor: ReadsConnectors) -> Loader[Ref, Connector | None]:
        async def fetch(_refs: Sequence[Ref]) -> Mapping[Ref, Outcome[Connector]]:
            return {connector.ref: connector for connector in await vendor.list_connectors(self._operation)}

        return loader(fetch, **self._options)


def shortened(outcome: Outcome[Page[Payment]] | None, size: int) -> Outcome[Page[Payment]]:
    """The first `size` payments of a page that was read for a larger wish."""
    if outcome is None:
        return Page(items=())
    if isinstance(outcome, ProviderError) or len(outcome.items) <= size:
        return outcome
    return Page(items=outcome.items[:size], token=outcome.token, has_more=True, total=outcome.total)
