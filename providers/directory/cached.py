"""The directory behind a memory of some seconds, in this process alone: implements `protocols.Directory`.

What this process adds shows at once; what another one adds, or somebody in the database, when the seconds are over.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeVar, cast

from providers.domain import Customer, CustomerLink, Page, PageRequest, Provider
from providers.kept import Shelf
from providers.protocols import Directory, Events, Writes

K = TypeVar("K", str, tuple[Provider, str, str])
V = TypeVar("V")

LinkKey = tuple[Provider, str, str]

ENTRIES = 50_000
BYTES = 16 * 1024 * 1024
"""Of each kind of question, roughly."""
_ENTRY_BYTES = 400
_LINK_BYTES = 250
_MISSING: Final = object()


class CachedDirectory:
    """Another directory, each of whose answers is given again for `seconds`, also that there is no such thing.

    Its failures are not kept.
    """

    def __init__(
        self,
        store: Directory,
        *,
        seconds: float,
        entries: int = ENTRIES,
        size: int = BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._seconds, self._clock = store, seconds, clock
        self._customers: Shelf[str, Customer | None] = Shelf(entries=entries, size=size, clock=clock)
        self._links: Shelf[str, tuple[CustomerLink, ...]] = Shelf(entries=entries, size=size, clock=clock)
        self._owners: Shelf[LinkKey, str | None] = Shelf(entries=entries, size=size, clock=clock)
        self._additions = 0
        """A reading that was begun before one of them may not have seen it, and is not kept."""

    @property
    def writes(self) -> Writes:
        """The store's own: what was written once is never taken from memory."""
        return self._store.writes

    @property
    def events(self) -> Events:
        """The store's own."""
        return self._store.events

    async def customers_by_id(self, customer_ids: Sequence[str]) -> Mapping[str, Customer]:
        """Customers by the directory's id; unknown ones are left out."""
        found = await self._read(self._customers, customer_ids, self._store.customers_by_id, _customer_bytes)
        return {customer_id: customer for customer_id, customer in found.items() if customer is not None}

    async def list_customers(self, page: PageRequest) -> Page[Customer]:
        """All customers, by id, as the store has them now."""
        return await self._store.list_customers(page)

    async def links_by_customer(self, customer_ids: Sequence[str]) -> Mapping[str, Sequence[CustomerLink]]:
        """Stored links of each customer. Every customer asked for is a key of the answer."""

        async def ask(absent: Sequence[str]) -> Mapping[str, tuple[CustomerLink, ...]]:
            read = await self._store.links_by_customer(absent)
            return {customer_id: tuple(links) for customer_id, links in read.items()}

        return await self._read(self._links, customer_ids, ask, _links_bytes)

    async def customers_by_link(self, links: Sequence[LinkKey]) -> Mapping[LinkKey, str]:
        """Customer ids by `(provider, kind, external id)`; unknown ones are left out."""
        found = await self._read(self._owners, links, self._store.customers_by_link, _owner_bytes)
        return {key: owner for key, owner in found.items() if owner is not None}

    async def add(self, customers: Sequence[Customer], links: Sequence[CustomerLink]) -> None:
        """Store those that are not there yet; the links' customers must be. What is there stays as it is.

        What was kept of them is forgotten, also when it failed: then it is not known whether they were stored.
        """
        try:
            await self._store.add(customers, links)
        finally:
            self._additions += 1
            for customer in customers:
                self._customers.drop(customer.customer_id)
            for link in links:
                self._links.drop(link.customer_id)
                self._owners.drop((link.provider, link.kind.value, link.external_id))

    async def ping(self) -> None:
        """Raise when the store does not answer."""
        await self._store.ping()

    async def aclose(self) -> None:
        """Close the store's connections."""
        await self._store.aclose()

    async def _read(
        self,
        shelf: "Shelf[K, V]",
        keys: Sequence[K],
        ask: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]],
        size: Callable[[K, V], int],
    ) -> dict[K, V]:
        """Every key with its value: kept ones at once, the others by one question. What the store lacks is None."""
        found = {key: shelf.get(key, self._seconds, _MISSING) for key in keys}
        absent = [key for key, value in found.items() if value is _MISSING]
        if absent:
            since, additions = self._clock(), self._additions
            read = await ask(absent)
            for key in absent:
                value = cast("V", read.get(key))
                found[key] = value
                if additions == self._additions:
                    shelf.put(key, value, since=since, size=size(key, value))
        return cast("dict[K, V]", found)


def _customer_bytes(customer_id: str, customer: Customer | None) -> int:
    return _ENTRY_BYTES + 4 * (len(customer_id) + len((customer and customer.name) or ""))


def _links_bytes(customer_id: str, links: Sequence[CustomerLink]) -> int:
    return _ENTRY_BYTES + 4 * len(customer_id) + _LINK_BYTES * len(links)


def _owner_bytes(key: LinkKey, _owner: str | None) -> int:
    return _ENTRY_BYTES + 4 * len(key[2])
