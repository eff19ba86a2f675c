"""Transactions of ledgers: by number, by reference, and lists."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from providers.answers import translating
from providers.domain import Ledger, LedgerTransaction, LedgerTransactionFilter, Page, PageRequest, Provider, Ref
from providers.errors import NotFound, Outcome, ProviderError
from providers.formance import filters, paging
from providers.formance.client.ledger import (
    COUNT_TRANSACTIONS,
    LIST_TRANSACTIONS,
    V2_LIST_TRANSACTIONS,
    LedgerService,
    Search,
)
from providers.formance.filters import Expression
from providers.formance.ledger.books import Books
from providers.formance.ledger.generation import V1, V2_4, LedgerGeneration
from providers.formance.ledger.search import VOLUMES, any_of, is_ledger, is_number, of_transactions, paged
from providers.formance.models.ledger import LedgerTransaction as Row
from providers.formance.models.payments import Cursor
from providers.formance.translate import ledger as translate
from providers.operation import Operation

TOGETHER = 100
"""Transactions that are asked for in one call."""

KeyT = TypeVar("KeyT")


class LedgerTransactions:
    """Reads of transactions."""

    def __init__(self, service: LedgerService, generation: LedgerGeneration, books: Books) -> None:
        self._service, self._generation, self._books = service, generation, books

    async def by_ref(self, refs: Sequence[Ref], operation: Operation) -> dict[Ref, Outcome[LedgerTransaction]]:
        """Transactions by identity: servers before 2.4 are asked for each by itself."""
        known = [ref for ref in dict.fromkeys(refs) if is_ledger(ref.keys[0]) and is_number(ref.keys[1])]
        if not known:
            return {}
        try:
            generation = await self._generation.current(operation)
            existing = await self._books.existing([ref.keys[0] for ref in known], generation, operation)
        except ProviderError as error:
            return dict.fromkeys(known, error)
        known = [ref for ref in known if ref.keys[0] in existing]
        groups = _chunks(known, lambda ref: ref.keys[0])
        if generation == V2_4:
            parts = await asyncio.gather(*(self._together(group, operation) for group in groups))
        else:
            parts = await asyncio.gather(*(self._one(ref, generation, operation) for ref in known))
        return {ref: outcome for part in parts for ref, outcome in part.items()}

    async def by_reference(
        self, ledgers: Sequence[Ledger], references: Sequence[str], operation: Operation
    ) -> dict[str, Outcome[Sequence[LedgerTransaction]]]:
        """The transactions of some ledgers that carry each reference. Where one ledger fails, all fail."""
        asked = [reference for reference in dict.fromkeys(references) if reference]
        try:
            generation = await self._generation.current(operation)
        except ProviderError as error:
            return dict.fromkeys(asked, error)
        size = 1 if generation == V1 else TOGETHER
        groups = [asked[start : start + size] for start in range(0, len(asked), size)]
        found: dict[str, Outcome[Sequence[LedgerTransaction]]] = {}
        answers = await asyncio.gather(*(self._carrying(ledgers, group, generation, operation) for group in groups))
        for group, answer in zip(groups, answers, strict=True):
            if isinstance(answer, ProviderError):
                found |= dict.fromkeys(group, answer)
            else:
                found |= {each: [row for row in answer if row.reference == each] for each in group}
        return found

    async def page(
        self, ledger: Ref, where: LedgerTransactionFilter, page: PageRequest, operation: Operation
    ) -> Page[LedgerTransaction]:
        """A page of a ledger's transactions, newest first."""
        generation = await self._generation.current(operation)
        endpoint = LIST_TRANSACTIONS if generation == V1 else V2_LIST_TRANSACTIONS
        search = paged(of_transactions(where, generation, endpoint), page, self._service.largest_page)
        return as_page(await self.listed(ledger.native_id, search, generation, operation), ledger.native_id, page.token)

    async def count(self, ledger: Ref, where: LedgerTransactionFilter, operation: Operation) -> int:
        """One call."""
        generation = await self._generation.current(operation)
        search = of_transactions(where, generation, COUNT_TRANSACTIONS, expand=False)
        count = self._service.count_transactions if generation == V1 else self._service.v2_count_transactions
        return await count(ledger.native_id, search, operation)

    async def listed(self, ledger: str, search: Search, generation: str, operation: Operation) -> Cursor[Row]:
        """A page of rows. Raises a `ProviderError`."""
        listed = self._service.list_transactions if generation == V1 else self._service.v2_list_transactions
        return await listed(ledger, search, operation)

    async def everything(
        self, ledger: str, expression: Expression, operation: Operation
    ) -> tuple[LedgerTransaction, ...]:
        """All that a filter of the second API finds. Raises a `ProviderError`."""

        async def ask(cursor: str) -> Cursor[Row]:
            search = Search(cursor, paging.PAGE, filters.text(expression), [VOLUMES])
            return await self._service.v2_list_transactions(ledger, search, operation)

        return translated(await paging.everything(ask, V2_LIST_TRANSACTIONS.operation), ledger)

    async def _together(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[LedgerTransaction]]:
        if len(refs) == 1:
            return await self._one(refs[0], V2_4, operation)
        clauses: list[Expression] = [{"$match": {"id": int(ref.keys[1])}} for ref in refs]
        try:
            rows = await self.everything(refs[0].keys[0], filters.either(clauses), operation)
        except NotFound:
            return {}
        except ProviderError as error:
            return dict.fromkeys(refs, error)
        wanted = set(refs)
        return {row.ref: row for row in rows if row.ref in wanted}

    async def _one(self, ref: Ref, generation: str, operation: Operation) -> Mapping[Ref, Outcome[LedgerTransaction]]:
        ledger, number = ref.keys
        try:
            if generation == V1:
                row = await self._service.get_transaction(ledger, number, operation)
            else:
                row = await self._service.v2_get_transaction(ledger, number, [VOLUMES], operation)
            found = translated([row], ledger)[0]
        except NotFound:
            return {}
        except ProviderError as error:
            return {ref: error}
        return {ref: found} if found.ref == ref else {}

    async def _carrying(
        self, ledgers: Sequence[Ledger], references: Sequence[str], generation: str, operation: Operation
    ) -> Outcome[Sequence[LedgerTransaction]]:
        async def ask(ledger: str) -> Sequence[LedgerTransaction]:
            if generation == V1:
                search = of_transactions(
                    LedgerTransactionFilter(reference=references[0]), generation, LIST_TRANSACTIONS
                )
                return translated((await self._service.list_transactions(ledger, search, operation)).data, ledger)
            return await self.everything(ledger, any_of("reference", references, generation), operation)

        try:
            found = await asyncio.gather(*(ask(ledger.name) for ledger in ledgers))
        except ProviderError as error:
            return error
        return [row for rows in found for row in rows]


def translated(rows: Sequence[Row], ledger: str) -> tuple[LedgerTransaction, ...]:
    """Transactions of a ledger. Raises a `ProviderError`."""
    fetched_at = datetime.now(UTC)
    with translating(Provider.FORMANCE, V2_LIST_TRANSACTIONS.operation):
        return tuple([translate.ledger_transaction(row, ledger, fetched_at=fetched_at) for row in rows])


def as_page(read: Cursor[Row], ledger: str, token: str) -> Page[LedgerTransaction]:
    """A page of transactions, from which can be read on. Raises a `ProviderError`."""
    return Page(items=translated(read.data, ledger), token=token, next=paging.following(read), has_more=read.has_more)


def _chunks(keys: Sequence[KeyT], ledger_of: Callable[[KeyT], str]) -> list[list[KeyT]]:
    """The keys of each ledger, in groups that fit one call."""
    by_ledger: dict[str, list[KeyT]] = {}
    for key in keys:
        by_ledger.setdefault(ledger_of(key), []).append(key)
    return [each[start : start + TOGETHER] for each in by_ledger.values() for start in range(0, len(each), TOGETHER)]
