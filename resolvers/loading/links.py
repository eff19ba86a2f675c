"""Loaders of the directory's links, and what they decide of what providers say is a customer's."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from providers.domain import Account, CustomerLink, LedgerAccount, LinkKind, NodeType, Provider, Ref, Wallet
from providers.errors import Outcome, ProviderError
from resolvers.batching import Loader, loader
from resolvers.loading.making import LoaderBase

LinkKey = tuple[Provider, str, str]
"""A provider, a kind of link, and the provider's own id."""

LinkedT = TypeVar("LinkedT", bound=Account | LedgerAccount | Wallet)
"""What can be linked to a customer."""

LINKED_BY = {
    NodeType.AGGREGATED_ACCOUNT: LinkKind.CUSTOMER,
    NodeType.PAYMENT_ACCOUNT: LinkKind.ACCOUNT,
    NodeType.SMART_ACCOUNT: LinkKind.SMART_ACCOUNT,
    NodeType.LEDGER_ACCOUNT: LinkKind.LEDGER_ACCOUNT,
    NodeType.WALLET: LinkKind.WALLET,
}
"""The kind of link that gives an account of a type to a customer."""


class LinkLoaders(LoaderBase):
    """Those of stored links, for all groups that give something to customers."""

    @cached_property
    def links_by_customer(self) -> Loader[str, Sequence[CustomerLink]]:
        """Stored links by customer id."""
        return loader(self._providers.directory.links_by_customer, missing=(), **self._options)

    @cached_property
    def customer_ids_by_link(self) -> Loader[LinkKey, str | None]:
        """The customer that a stored link names."""
        return loader(self._providers.directory.customers_by_link, **self._options)

    async def _stored_links(
        self, provider: Provider, customer_ids: Sequence[str]
    ) -> Mapping[str, Sequence[CustomerLink]]:
        """The directory's links of customers to what a provider has."""
        stored = await asyncio.gather(*map(self.links_by_customer.lend, customer_ids))
        return {
            customer_id: [link for link in links if link.provider is provider]
            for customer_id, links in zip(customer_ids, stored, strict=True)
        }

    async def _own(
        self, links: Sequence[CustomerLink], customer_id: str, outcome: Outcome[Sequence[LinkedT]]
    ) -> Outcome[Sequence[LinkedT]]:
        """Without accounts that are linked to another customer: a stored link outweighs what a provider says."""
        return outcome if isinstance(outcome, ProviderError) else await self._unlinked(links, customer_id, outcome)

    async def _unlinked(
        self, links: Sequence[CustomerLink], customer_id: str, accounts: Sequence[LinkedT]
    ) -> Sequence[LinkedT]:
        stored = {(link.provider, link.kind.value, link.external_id) for link in links}
        noted = [account for account in accounts if link_key(account.ref) not in stored]
        owners = await asyncio.gather(*(self.customer_ids_by_link.lend(link_key(account.ref)) for account in noted))
        foreign = {
            account.ref for account, owner in zip(noted, owners, strict=True) if owner not in {None, customer_id}
        }
        return [account for account in accounts if account.ref not in foreign]


def link_key(account: Ref) -> LinkKey:
    """How the directory would name an account, or the provider's customer who has it."""
    if account.provider is None:
        raise ValueError(account.type)
    external_id = "/".join(account.keys) if account.type is NodeType.LEDGER_ACCOUNT else account.keys[0]
    return account.provider, LINKED_BY[account.type].value, external_id
