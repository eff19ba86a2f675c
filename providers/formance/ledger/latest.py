"""The newest transactions of each of many accounts: from lists that they share, as far as those hold them.

A list by several accounts is newest first over all of them, so that busy ones crowd others out. Its further pages are
for those alone that are short, where servers can leave the others out, and what is missing even then is asked for one
by one. There are never more than two calls for each account.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from providers.domain import LedgerTransaction, LedgerTransactionFilter, Page, PageRequest, Ref
from providers.errors import NotFound, Outcome, ProviderError
from providers.formance import filters, paging
from providers.formance.client.ledger import LIST_TRANSACTIONS, V2_LIST_TRANSACTIONS, Search
from providers.formance.filters import Expression
from providers.formance.ledger.books import Books
from providers.formance.ledger.generation import V1, V2_4, LedgerGeneration
from providers.formance.ledger.search import VOLUMES, any_of, is_address, is_ledger, of_transactions, paged
from providers.formance.ledger.transactions import LedgerTransactions, as_page
from providers.operation import Operation

TOGETHER = 100
"""Accounts that share a list."""
SHARED_PAGES = 8
"""Pages of such a list that are read at most before accounts are asked for one by one."""

NONE: Page[LedgerTransaction] = Page(items=())
Outcomes = dict[Ref, Outcome[Page[LedgerTransaction]]]


class Latest:
    """Reads of the newest transactions by account."""

    def __init__(
        self, transactions: LedgerTransactions, generation: LedgerGeneration, books: Books, *, largest_page: int
    ) -> None:
        self._transactions, self._generation, self._books = transactions, generation, books
        self._largest = largest_page

    async def by_account(self, accounts: Sequence[Ref], size: int, operation: Operation) -> Outcomes:
        """The `size` newest transactions of each account."""
        known = [ref for ref in dict.fromkeys(accounts) if is_ledger(ref.keys[0]) and is_address(ref.keys[1])]
        if not known:
            return {}
        try:
            generation = await self._generation.current(operation)
            existing = await self._books.existing([ref.keys[0] for ref in known], generation, operation)
        except ProviderError as error:
            return dict.fromkeys(known, error)
        known = [ref for ref in known if ref.keys[0] in existing]
        if generation == V1:
            return await self._each(known, size, generation, operation)
        groups: dict[str, list[Ref]] = {}
        for ref in known:
            groups.setdefault(ref.keys[0], []).append(ref)
        parts = [
            self._shared(each[start : start + TOGETHER], size, generation, operation)
            for each in groups.values()
            for start in range(0, len(each), TOGETHER)
        ]
        return {ref: page for part in await asyncio.gather(*parts) for ref, page in part.items()}

    async def _shared(self, accounts: Sequence[Ref], size: int, generation: str, operation: Operation) -> Outcomes:
        ledger = accounts[0].keys[0]
        rows: dict[Ref, dict[Ref, LedgerTransaction]] = {account: {} for account in accounts}
        short, has_more, search = list(accounts), True, Search()
        left_out: set[Ref] = set()
        for pages in range(SHARED_PAGES):
            if not has_more or len(short) <= max(1, pages):
                break  # one by one, the rest takes no more calls than were made
            search = self._next(search, short, rows, generation)
            try:
                page = as_page(await self._transactions.listed(ledger, search, generation, operation), ledger, "")
            except NotFound:
                return {}
            except ProviderError as error:
                return dict.fromkeys(accounts, error)
            _deal(page.items, rows)
            has_more = page.next is not None
            search = Search(cursor=page.next or "", more=[VOLUMES])
            short = [account for account in short if len(rows[account]) < size]
            if has_more and generation == V2_4:
                left_out.update(rows.keys() - short)
        left = short if has_more else []
        own = await self._each(left, size, generation, operation)
        finished = set() if has_more else rows.keys() - left_out
        shared = {ref: _first(rows[ref], size, is_all=ref in finished) for ref in accounts if ref not in own}
        return {**shared, **own}

    def _next(
        self,
        search: Search,
        short: Sequence[Ref],
        rows: Mapping[Ref, Mapping[Ref, LedgerTransaction]],
        generation: str,
    ) -> Search:
        """The next page for the accounts that are short. Older servers cannot leave the others out amid a list."""
        if search.cursor and generation != V2_4:
            return search
        wanted = any_of("account", [account.keys[1] for account in short], generation)
        seen = [transaction.number for each in rows.values() for transaction in each.values()]
        before: Expression = {"$lt": {"id": min(seen)}} if seen else {}
        expression = filters.both(wanted, before)
        return Search(size=paging.PAGE, filter=filters.text(expression), more=[VOLUMES])

    async def _each(self, accounts: Iterable[Ref], size: int, generation: str, operation: Operation) -> Outcomes:
        asked = list(accounts)
        pages = await asyncio.gather(*(self._own(each, size, generation, operation) for each in asked))
        return dict(zip(asked, pages, strict=True))

    async def _own(
        self, account: Ref, size: int, generation: str, operation: Operation
    ) -> Outcome[Page[LedgerTransaction]]:
        ledger, address = account.keys
        endpoint = LIST_TRANSACTIONS if generation == V1 else V2_LIST_TRANSACTIONS
        search = of_transactions(LedgerTransactionFilter(account=address), generation, endpoint)
        asked = paged(search, PageRequest("", size), self._largest)
        try:
            return as_page(await self._transactions.listed(ledger, asked, generation, operation), ledger, "")
        except NotFound:
            return NONE
        except ProviderError as error:
            return error


def _deal(items: Iterable[LedgerTransaction], rows: Mapping[Ref, dict[Ref, LedgerTransaction]]) -> None:
    """Each transaction to the accounts that it touches."""
    for item in items:
        for end in {end for posting in item.postings for end in (posting.source, posting.destination)}:
            if end in rows:
                rows[end][item.ref] = item


def _first(rows: Mapping[Ref, LedgerTransaction], size: int, *, is_all: bool) -> Page[LedgerTransaction]:
    """An account's part of the pages that it shares, from which nobody can read on."""
    newest = sorted(rows.values(), key=lambda row: row.number, reverse=True)
    return Page(items=tuple(newest[:size]), has_more=not is_all or len(newest) > size)
