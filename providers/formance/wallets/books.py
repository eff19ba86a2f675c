"""The ledger that keeps the wallets, read directly: it tells of many wallets at once, as the service itself does not.

Its name is what the service says of any wallet. Where the ledger cannot be read with our credential, it is not asked
again for a while. One that was read before and then refuses us has failed for once: who asked did not reckon with as
many calls as it takes without it.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from providers.errors import NotFound, ProviderError, Rejected, Unauthorized, Unsupported
from providers.formance import filters, paging
from providers.formance.client import Client
from providers.formance.client.ledger import V2_LIST_ACCOUNTS, Search
from providers.formance.client.wallets import Wanted
from providers.formance.generation import REMEMBERED
from providers.formance.models import Cursor
from providers.formance.models import wallets as models
from providers.formance.models.ledger import LedgerAccount
from providers.operation import Operation

SubjectT = TypeVar("SubjectT")

MOST_TERMS = 50
"""Wallets that one question is about: it fits into an address, and two balances of each into a page."""

_CLOSED = (Unauthorized, NotFound, Unsupported, Rejected)


class Books:
    """Accounts of the wallets' ledger."""

    def __init__(self, client: Client, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._clock = client, clock
        self._name: str | None = None
        self._closed_until = 0.0
        self.has_answered = False
        """Whether it was read, and has not been found closed since."""

    def learn(self, rows: Sequence[models.Wallet]) -> None:
        """Remember which ledger keeps the wallets."""
        self._name = next((row.ledger for row in rows if row.ledger), self._name)

    async def name(self, operation: Operation) -> str | None:
        """The ledger's name; None when it cannot be read, or is not told. Raises a `ProviderError`."""
        if self._clock() < self._closed_until:
            return None
        if self._name is None:
            self.learn((await self._client.wallets.list_wallets(Wanted(size=1), operation)).data)
        return self._name

    async def accounts(
        self, subjects: Sequence[SubjectT], term: Callable[[SubjectT], filters.Expression], operation: Operation
    ) -> list[tuple[Sequence[SubjectT], list[LedgerAccount] | ProviderError]] | None:
        """The accounts that the terms find, for each group of subjects; None when the ledger cannot be read."""
        try:
            ledger = await self.name(operation)
        except ProviderError as error:
            return [(subjects, error)]
        if ledger is None:
            return None
        groups = [subjects[start : start + MOST_TERMS] for start in range(0, len(subjects), MOST_TERMS)]
        found = await asyncio.gather(
            *(self._rows(ledger, [term(each) for each in group], operation) for group in groups)
        )
        if any(isinstance(outcome, _CLOSED) for outcome in found):
            was_open, self.has_answered = self.has_answered, False
            self._closed_until = self._clock() + REMEMBERED
            if not was_open:
                return None
        else:
            self.has_answered = True
        return list(zip(groups, found, strict=True))

    async def _rows(
        self, ledger: str, terms: Sequence[filters.Expression], operation: Operation
    ) -> list[LedgerAccount] | ProviderError:
        where = filters.text(filters.either(terms))

        async def ask(cursor: str) -> Cursor[LedgerAccount]:
            size = self._client.ledger.largest_page
            search = Search(cursor, size=size, filter=where, more=[("expand", "volumes")])
            return await self._client.ledger.v2_list_accounts(ledger, search, operation)

        try:
            return await paging.everything(ask, V2_LIST_ACCOUNTS.operation)
        except ProviderError as error:
            return error
