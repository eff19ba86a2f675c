"""Our own store: customers, their links, and what was written once."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from providers.domain import Customer, CustomerLink, Page, PageRequest, Provider, Ref, WriteKey, WriteRecord, WriteState
from providers.protocols.events import Events


class Writes(Protocol):
    """What was written under which idempotency key, in a store that all processes share.

    An owner is one attempt to carry a write out. Every method but `now` raises `DirectoryUnavailable`.
    """

    def now(self) -> datetime:
        """The time that leases are reckoned in."""

    async def begin(
        self,
        key: WriteKey,
        *,
        operation: str,
        provider: Provider,
        fingerprint: str,
        owner: str,
        request_id: str,
        lease: timedelta,
    ) -> tuple[WriteRecord, bool]:
        """The write of this key, made if there is none, and whether the owner owns it."""

    async def take_over(self, seen: WriteRecord, *, owner: str, request_id: str, lease: timedelta) -> bool:
        """Become the owner of an UNKNOWN write or of one whose lease ran out. False if it has changed since `seen`."""

    async def renew(self, key: WriteKey, owner: str, *, lease: timedelta, settle: timedelta | None = None) -> bool:
        """Put the end of the lease off; with `settle`, while a request is on its way, also the time until it shows.

        False if the write is no longer the owner's.
        """

    async def mark_sent(self, key: WriteKey, owner: str, *, notes: bytes, lease: timedelta, settle: timedelta) -> bool:
        """Note that the request leaves now. False if the write is no longer the owner's: then it must not leave."""

    async def finish(
        self,
        key: WriteKey,
        owner: str,
        state: WriteState,
        *,
        outcome: bytes | None = None,
        ref: Ref | None = None,
        settle: timedelta | None = None,
    ) -> bool:
        """Store how it ended and end the lease. False if the write is no longer the owner's: nothing is changed then.

        `settle` is given with UNKNOWN when the owner has sent something; without it, the old time holds.
        """

    async def release(self, key: WriteKey, owner: str) -> None:
        """Forget the write: nothing was sent. Does nothing if it is no longer the owner's."""

    async def rivals(self, operation: str, made: Sequence[Ref], *, but: WriteKey) -> tuple[bool, frozenset[Ref]]:
        """Of all writes of an operation but one: whether any may yet have been carried out, and which of `made` is
        the outcome of one."""


class Directory(Protocol):
    """Our own store of customers and links, and of what was written once."""

    @property
    def writes(self) -> Writes:
        """The writes."""

    @property
    def events(self) -> Events:
        """What providers have told of."""

    async def customers_by_id(self, customer_ids: Sequence[str]) -> Mapping[str, Customer]:
        """Customers by the directory's id; unknown ones are left out."""

    async def list_customers(self, page: PageRequest) -> Page[Customer]:
        """All customers, by id."""

    async def links_by_customer(self, customer_ids: Sequence[str]) -> Mapping[str, Sequence[CustomerLink]]:
        """Stored links of each customer. Every customer is a key of the answer."""

    async def customers_by_link(
        self, links: Sequence[tuple[Provider, str, str]]
    ) -> Mapping[tuple[Provider, str, str], str]:
        """Customer ids by `(provider, kind, external id)`; unknown ones are left out."""

    async def add(self, customers: Sequence[Customer], links: Sequence[CustomerLink]) -> None:
        """Store those that are not there yet; the links' customers must be. What is there stays as it is."""

    async def ping(self) -> None:
        """Raise when the store does not answer."""

    async def aclose(self) -> None:
        """Close the connections."""
