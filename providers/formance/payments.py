"""Payments: by id, of accounts, and lists. v3 servers filter by account; for v2 ones `payment_scan` does."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from providers.answers import translating
from providers.domain import Page, PageRequest, Payment, PaymentFilter, Provider, Ref
from providers.errors import Outcome, ProviderError
from providers.formance import filters, ids, models, paging, translate
from providers.formance.client import PaymentsService
from providers.formance.client.calls import Listing
from providers.formance.client.payments import LIST_PAYMENTS
from providers.formance.conditions import conditions
from providers.formance.filters import Expression, Question, Term
from providers.formance.generation import Generation
from providers.formance.lookup import Lookup
from providers.formance.payment_scan import PaymentScan, touches
from providers.operation import Operation

NONE: Page[Payment] = Page(items=())


class Payments:
    """Reads of payments."""

    def __init__(self, client: PaymentsService, generation: Generation) -> None:
        self._client, self._generation = client, generation
        self._scan = PaymentScan(client)
        self._lookup = Lookup(
            generation, operation=LIST_PAYMENTS.operation, get=client.get_payment, page=client.list_payments
        )

    async def by_ref(self, refs: Sequence[Ref], operation: Operation) -> dict[Ref, Outcome[Payment]]:
        """Payments by identity."""
        references = {ref.native_id: parts.reference for ref in refs if (parts := ids.payment(ref.native_id))}
        rows = await self._lookup.rows(references, operation)
        return {translate.payment_ref(payment_id): _payment(row) for payment_id, row in rows.items()}

    async def by_account(
        self, accounts: Sequence[Ref], size: int, where: PaymentFilter, operation: Operation
    ) -> dict[Ref, Outcome[Page[Payment]]]:
        """The newest payments of each account."""
        known = [account for account in dict.fromkeys(accounts) if ids.account(account.native_id)]
        if not known:
            return {}
        try:
            generation = await self._generation.current(operation)
        except ProviderError as error:
            return dict.fromkeys(known, error)
        must = conditions(where, generation)
        if must is None:
            return dict.fromkeys(known, NONE)
        if generation == "v2":
            return await self._scan.by_account(known, size, must, operation)
        questions = filters.questions([_term(account) for account in known], must)
        parts = await asyncio.gather(*(self._together(each, size, must, operation) for each in questions))
        return {account: outcome for part in parts for account, outcome in part.items()}

    async def page(
        self, accounts: Sequence[Ref], where: PaymentFilter, page: PageRequest, operation: Operation
    ) -> Page[Payment]:
        """A page of the payments that touch any of the accounts, or of all."""
        known = [account for account in dict.fromkeys(accounts) if ids.account(account.native_id)]
        generation = await self._generation.current(operation)
        must = conditions(where, generation)
        if must is None or (accounts and not known):
            return NONE
        if not known:
            return await self._page(must, page, operation, touching=())
        questions = filters.questions([_term(account) for account in known], must)
        if generation == "v2" or len(questions) > 1:
            return await self._scan.page(known, must, page, operation, generation=generation)
        return await self._page(questions[0].expression, page, operation, touching=known)

    async def _together(
        self, question: Question[Ref], size: int, must: Expression, operation: Operation
    ) -> dict[Ref, Outcome[Page[Payment]]]:
        """One page for several accounts. Those that others leave too few rows for get a page of their own."""
        if len(question.subjects) == 1:
            return {account: await self._own(account, size, must, operation) for account in question.subjects}
        listing = Listing(size=paging.PAGE, query=filters.text(question.expression))
        try:
            read = await self._client.list_payments(listing, operation)
        except ProviderError as error:
            return dict.fromkeys(question.subjects, error)
        rows = {account: [row for row in read.data if touches(row, {account})] for account in question.subjects}
        starved = [account for account, found in rows.items() if len(found) < size and read.has_more]
        own = await asyncio.gather(*(self._own(account, size, must, operation) for account in starved))
        shared = {account: _first(found, size, has_more=read.has_more) for account, found in rows.items()}
        return {**shared, **dict(zip(starved, own, strict=True))}

    async def _own(self, account: Ref, size: int, must: Expression, operation: Operation) -> Outcome[Page[Payment]]:
        expression = filters.both(must, filters.either(_term(account).exact))
        try:
            return await self._page(expression, PageRequest("", size), operation, touching=[account])
        except ProviderError as error:
            return error

    async def _page(
        self, expression: Expression, page: PageRequest, operation: Operation, *, touching: Sequence[Ref]
    ) -> Page[Payment]:
        """A vendor's page. A cursor tells the filter too, so what it brings of other accounts is dropped."""
        listing = Listing(page.token, min(page.size, self._client.largest_page), filters.text(expression))
        read = await self._client.list_payments(listing, operation)
        wanted = set(touching)
        return Page(
            items=translated([row for row in read.data if not wanted or touches(row, wanted)]),
            token=page.token,
            next=paging.following(read),
            has_more=read.has_more,
        )


def _term(account: Ref) -> Term[Ref]:
    """Payments from and to an account."""
    ends = ("source_account_id", "destination_account_id")
    return filters.term(account, *(filters.match(end, account.native_id) for end in ends))


def _first(rows: Sequence[models.Payment], size: int, *, has_more: bool) -> Outcome[Page[Payment]]:
    """An account's part of a page that it shares, from which nobody can read on."""
    try:
        return Page(items=translated(rows[:size]), has_more=has_more or len(rows) > size)
    except ProviderError as error:
        return error


def _payment(row: Outcome[models.Payment]) -> Outcome[Payment]:
    if isinstance(row, ProviderError):
        return row
    try:
        return translated([row])[0]
    except ProviderError as error:
        return error


def translated(rows: Sequence[models.Payment]) -> tuple[Payment, ...]:
    """Payments of rows. Raises a `ProviderError`."""
    fetched_at = datetime.now(UTC)
    with translating(Provider.FORMANCE, LIST_PAYMENTS.operation):
        return tuple([translate.payment(row, fetched_at=fetched_at) for row in rows])
