"""Loaders of wallets, their balances and holds."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cached_property

from providers.domain import (
    Hold,
    HoldAmounts,
    NodeType,
    Provider,
    Ref,
    Wallet,
    WalletBalance,
    WalletSummary,
)
from providers.errors import Outcome, ProviderError
from providers.protocols.wallets import ReadsWallets
from resolvers.batching import Loader, loader
from resolvers.loading.links import LinkLoaders
from resolvers.loading.making import is_named_so


class WalletLoaders(LinkLoaders):
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
        return {name: self._some_balances(name, vendor) for name, vendor in self._able(ReadsWallets).items()}

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

    def _some_balances(self, provider: Provider, vendor: ReadsWallets) -> Loader[Ref, WalletBalance | None]:
        """Several are taken from their wallets' balances, which other fields ask for, too."""

        async def fetch(refs: Sequence[Ref]) -> Mapping[Ref, Outcome[WalletBalance]]:
            if len(refs) == 1:
                return await vendor.wallet_balances_by_ref(refs, self._operation)
            found = await asyncio.gather(*(self._of_wallet(provider, ref) for ref in refs))
            return {ref: outcome for ref, outcome in zip(refs, found, strict=True) if outcome is not None}

        return loader(fetch, accept=is_named_so, **self._options)

    async def _of_wallet(self, provider: Provider, balance: Ref) -> Outcome[WalletBalance | None]:
        wallet = Ref(NodeType.WALLET, balance.keys[:1], balance.provider)
        try:
            balances = await self.balances_by_wallet[provider].load(wallet)
        except ProviderError as error:
            return error
        return next((each for each in balances or () if each.ref == balance), None)

    def _customers_wallets(self, provider: Provider, vendor: ReadsWallets) -> Loader[str, Sequence[Wallet]]:
        async def fetch(customer_ids: Sequence[str]) -> Mapping[str, Outcome[Sequence[Wallet]]]:
            links = await self._stored_links(provider, customer_ids)
            found = await vendor.wallets_by_customer(links, self._operation)
            own = await asyncio.gather(*(self._own(links[each], each, found[each]) for each in found))
            for outcome in own:
                for wallet in () if isinstance(outcome, ProviderError) else outcome:
                    self.wallets_by_ref[provider].prime(wallet.ref, wallet)
            return dict(zip(found, own, strict=True))

        return loader(fetch, missing=(), **self._options)
