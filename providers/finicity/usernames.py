"""Who a Finicity customer is to the directory: the partner sets `username` to the directory's customer id."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from providers.errors import NotFound
from providers.finicity.client import Client
from providers.operation import Operation

T = TypeVar("T")

LIFETIME = 300.0
"""Seconds for which an answer is remembered, also that there is no such customer."""

ENTRIES = 10_000


class Remembered(Generic[T]):
    """Recent answers by key; the oldest leave when there are too many."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._entries: dict[str, tuple[float, T]] = {}

    def get(self, key: str) -> tuple[T] | None:
        """The answer in a tuple, since it may be None; None when it is not known or too old."""
        entry = self._entries.get(key)
        return (entry[1],) if entry is not None and self._clock() < entry[0] else None

    def put(self, key: str, answer: T) -> None:
        """Remember from now on."""
        self._entries.pop(key, None)
        if len(self._entries) >= ENTRIES:
            del self._entries[next(iter(self._entries))]
        self._entries[key] = (self._clock() + LIFETIME, answer)

    def drop(self, key: str) -> None:
        """Forget the answer, if there is one."""
        self._entries.pop(key, None)


class Usernames:
    """Finds customers by username and usernames by customer. Failures are raised and not remembered."""

    def __init__(self, client: Client, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._ids: Remembered[str | None] = Remembered(clock)
        self._names: Remembered[str | None] = Remembered(clock)

    async def customer_id(self, username: str, operation: Operation) -> str | None:
        """The vendor's customer with exactly this username."""
        known = self._ids.get(username)
        if known is not None:
            return known[0]
        page = await self._client.get_customers(operation, username=username, limit=1)
        # Access hangs on this answer, so a vendor that matches loosely must not widen it.
        found = next((str(raw.id) for raw in page.customers or () if raw.username == username), None)
        self._ids.put(username, found)
        if found is not None:
            self._names.put(found, username)
        return found

    async def username(self, customer_id: str, operation: Operation) -> str | None:
        """The username of a customer of the vendor; None when there is none such."""
        known = self._names.get(customer_id)
        if known is not None:
            return known[0]
        try:
            name = (await self._client.get_customer(customer_id, operation)).username
        except NotFound:
            name = None
        self._names.put(customer_id, name)
        return name

    def forget(self, customer_id: str) -> None:
        """Ask anew who this customer is, from now on: something was changed there."""
        known = self._names.get(customer_id)
        self._names.drop(customer_id)
        if known is not None and known[0] is not None:
            self._ids.drop(known[0])
