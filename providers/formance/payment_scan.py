"""Payments of accounts where the server cannot filter by account: its list is read and filtered on this side.

Only the accounts' connectors are asked for. A page can be read again from its token.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime

from providers.answers import translating
from providers.domain import Page, PageRequest, Payment, Provider, Ref
from providers.errors import Outcome, ProviderError
from providers.formance import filters, ids, models, paging, translate
from providers.formance.client import PaymentsService
from providers.formance.client.calls import Listing
from providers.formance.client.payments import LIST_PAYMENTS
from providers.formance.conditions import CONNECTOR_KEYS
from providers.formance.filters import Expression
from providers.formance.paging import Stretch
from providers.operation import Operation

MOST_PAGES = 25
"""Pages that one read may scan. Whoever finds too little there reads on from the cursor."""


class PaymentScan:
    """Reads the list of payments for what touches accounts."""

    def __init__(self, client: PaymentsService) -> None:
        self._client = client

    async def by_account(
        self, accounts: Sequence[Ref], size: int, must: Expression, operation: Operation
    ) -> dict[Ref, Outcome[Page[Payment]]]:
        """The newest payments of each account, from one scan for all of them."""

        def all_have_enough(rows: Sequence[models.Payment]) -> bool:
            counts = Counter(end for row in rows for end in _ends(row))
            return all(counts[account.native_id] >= size for account in accounts)

        try:
            read = await self._read(accounts, must, operation, generation="v2", is_enough=all_have_enough)
        except ProviderError as error:
            return dict.fromkeys(accounts, error)
        return {account: _newest(read, account, size) for account in accounts}

    async def page(
        self,
        accounts: Sequence[Ref],
        must: Expression,
        page: PageRequest,
        operation: Operation,
        *,
        generation: str,
    ) -> Page[Payment]:
        """At least `page.size` payments that touch any of the accounts, or what is found within the bound."""

        def are_enough(rows: Sequence[models.Payment]) -> bool:
            return sum(touches(row, wanted) for row in rows) >= page.size

        wanted = set(accounts)
        read = await self._read(
            accounts, must, operation, generation=generation, start=page.token, is_enough=are_enough
        )
        return _page(_touching(read.rows, wanted), read.next, token=page.token, calls=read.pages)

    async def _read(
        self,
        accounts: Sequence[Ref],
        must: Expression,
        operation: Operation,
        *,
        generation: str,
        is_enough: Callable[[Sequence[models.Payment]], bool],
        start: str = "",
    ) -> Stretch[models.Payment]:
        key = CONNECTOR_KEYS[generation]
        terms = [filters.term(connector, filters.match(key, connector)) for connector in sorted(_connectors(accounts))]
        questions = filters.questions(terms, must)
        query = filters.text(questions[0].expression if len(questions) == 1 else must)

        async def ask(cursor: str) -> models.Cursor[models.Payment]:
            return await self._client.list_payments(Listing(cursor, query=query), operation)

        return await paging.stretch(ask, start=start, pages=MOST_PAGES, is_enough=is_enough)


def touches(row: models.Payment, accounts: Collection[Ref]) -> bool:
    """True when a payment goes from or to one of the accounts."""
    return any(translate.account_ref(end) in accounts for end in _ends(row))


def _ends(row: models.Payment) -> set[str]:
    return {end for end in (row.source_account_id, row.destination_account_id) if end}


def _connectors(accounts: Sequence[Ref]) -> set[str]:
    return {ids.connector_of(parts) for account in accounts if (parts := ids.account(account.native_id))}


def _touching(rows: Sequence[models.Payment], accounts: Collection[Ref]) -> list[models.Payment]:
    return [row for row in rows if touches(row, accounts)]


def _newest(read: Stretch[models.Payment], account: Ref, size: int) -> Outcome[Page[Payment]]:
    """A cut page has no next one: it is read again with a larger size."""
    rows = _touching(read.rows, {account})
    try:
        if len(rows) <= size:
            return _page(rows, read.next)
        return Page(items=_page(rows[:size], None).items, has_more=True)
    except ProviderError as error:
        return error


def _page(rows: Sequence[models.Payment], following: str | None, *, token: str = "", calls: int = 1) -> Page[Payment]:
    fetched_at = datetime.now(UTC)
    with translating(Provider.FORMANCE, LIST_PAYMENTS.operation):
        items = tuple(translate.payment(row, fetched_at=fetched_at) for row in rows)
    return Page(items=items, token=token, next=following, has_more=following is not None, calls=calls)
