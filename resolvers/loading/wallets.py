"""Loaders of wallets, their balances and holds."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, cast

from providers.domain import Hold, HoldAmounts, Provider, Ref, Wallet, WalletBalance, WalletSummary
from providers.errors import Outcome, ProviderError
from providers.protocols.wallets import ReadsWallets
from resolvers.batching import Loader, loader
from resolvers.loading.making import LoaderBase, is_named_so

if TYPE_CHECKING:
    from resolvers.loaders import Loaders


class WalletLoaders(LoaderBase):
    """A part of `resolvers.loaders.Loaders`."""

    @cached_property
    def wallets_by_ref(self) -> Mapping[Provider, Loader[Ref, Wallet | None]]:
        """Wallets by identity."""
        return self._each(ReadsWallets, lambda vendor: vendor.wallets_by_ref, accept=is_named_so)

    @cached_property
    def wallets_by_customer(self) -> Mapping[Provider, Loader[str, Sequence[Wallet]]]:
        """Wallets by customer id."""
        return {name: self._customers_wallets(name, vendor) for name, vendor in self._able(ReadsWallets).items()}

    @cached_property
    def balances_by_wallet(self) -> Mapping[Provider, Loader[Ref, Sequence[WalletBalance] | None]]:
        """All balances of a wallet; of one alone those that its summary tells, which other fields ask for, too."""
        return {name: self._balances_of(name, vendor) for name, vendor in self._able(ReadsWallets).items()}

    @cached_property
    def wallet_balances_by_ref(self) -> Mapping[Provider, Loader[Ref, WalletBalance | None]]:
        """Balances of wallets by identity."""
        return self._each(ReadsWallets, lambda vendor: vendor.wallet_balances_by_ref, accept=is_named_so)

    @cached_property
    def summaries_by_wallet(self) -> Mapping[Provider, Loader[Ref, WalletSummary | None]]:
        """What a wallet holds altogether."""
        return self._each(ReadsWallets, lambda vendor: vendor.summaries_by_wallet)

    @cached_property
    def holds_by_ref(self) -> Mapping[Provider, Loader[Ref, Hold | None]]:
        """Holds by identity."""
        return self._each(ReadsWallets, lambda vendor: vendor.holds_by_ref, accept=is_named_so)

    @cached_property
    def amounts_by_hold(self) -> Mapping[Provider, Loader[Ref, HoldAmounts | None]]:
        """What is left of a hold."""
        return self._each(ReadsWallets, lambda vendor: vendor.amounts_by_hold)

    def _balances_of(self, provider: Provider, vendor: ReadsWallets) -> Loader[Ref, Sequence[WalletBalance] | None]:
        async def fetch(wallets: Sequence[Ref]) -> Mapping[Ref, Outcome[Sequence[WalletBalance]]]:
            if len(wallets) > 1:
                return await vendor.balances_by_wallet(wallets, self._operation)
            summary = await self.summaries_by_wallet[provider].load(wallets[0])
            return {} if summary is None else {wallets[0]: summary.balances}

        return loader(fetch, **self._options)

    def _customers_wallets(self, provider: Provider, vendor: ReadsWallets) -> Loader[str, Sequence[Wallet]]:
        async def fetch(customer_ids: Sequence[str]) -> Mapping[str, Outcome[Sequence[Wallet]]]:
            whole = cast("Loaders", self)
            links = await whole.stored_links(provider, customer_ids)
            found = await vendor.wallets_by_customer(links, self._operation)
            own = {each: await whole.own(links[each], each, outcome) for each, outcome in found.items()}
            for outcome in own.values():
                for wallet in () if isinstance(outcome, ProviderError) else outcome:
                    self.wallets_by_ref[provider].prime(wallet.ref, wallet)
            return own

        return loader(fetch, missing=(), **self._options)
