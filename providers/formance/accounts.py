"""Payment accounts: by id, by customer, and the whole list."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from providers.domain import (
    Account,
    CustomerLink,
    LinkKind,
    LinkOrigin,
    Page,
    PageRequest,
    PaymentAccount,
    Provider,
    Ref,
)
from providers.errors import Outcome, ProviderError
from providers.formance import filters, ids, models, paging, translate
from providers.formance.client import PaymentsService
from providers.formance.client.accounts import LIST_ACCOUNTS
from providers.formance.client.calls import Listing
from providers.formance.filters import Question, Term
from providers.formance.generation import Generation
from providers.formance.lookup import Lookup
from providers.formance.translate.payments import CUSTOMER_KEY
from providers.operation import Operation

Links = Mapping[str, Sequence[CustomerLink]]


class Accounts:
    """Reads of accounts."""

    def __init__(self, client: PaymentsService, generation: Generation) -> None:
        self._client, self._generation = client, generation
        self._lookup = Lookup(
            generation,
            operation=LIST_ACCOUNTS.operation,
            get=client.paymentsget_account,
            page=client.paymentslist_accounts,
        )

    async def by_ref(self, refs: Sequence[Ref], operation: Operation) -> dict[Ref, Outcome[PaymentAccount]]:
        """Accounts by identity."""
        references = {ref.native_id: parts.reference for ref in refs if (parts := ids.account(ref.native_id))}
        rows = await self._lookup.rows(references, operation)
        fetched_at = datetime.now(UTC)
        return {
            translate.account_ref(account_id): row
            if isinstance(row, ProviderError)
            else translate.account(row, fetched_at=fetched_at)
            for account_id, row in rows.items()
        }

    async def by_customer(self, links: Links, operation: Operation) -> dict[str, Outcome[Sequence[PaymentAccount]]]:
        """Accounts that links name, and accounts that name their customer. Where the two differ, the link is right."""
        owners = {account_id: customer_id for customer_id in links for account_id in _linked(links[customer_id])}
        try:
            generation = await self._generation.current(operation) if owners else ""
        except ProviderError as error:
            return dict.fromkeys(links, error)
        questions = filters.questions(_terms(links, generation))
        answers = await asyncio.gather(*(self._all(question, operation) for question in questions))
        return _shared_out(links, owners, list(zip(questions, answers, strict=True)))

    async def derive_links(self, links: Links, operation: Operation) -> dict[str, Outcome[Sequence[CustomerLink]]]:
        """A link for each account that names its customer and has no stored link."""
        stored = {account_id for stored in links.values() for account_id in _linked(stored)}
        found = await self.by_customer(links, operation)
        return {
            customer_id: outcome
            if isinstance(outcome, ProviderError)
            else [_link(account, customer_id) for account in outcome if account.provider_id not in stored]
            for customer_id, outcome in found.items()
        }

    async def page(self, page: PageRequest, operation: Operation) -> Page[Account]:
        """A page of all accounts, newest first."""
        listing = Listing(page.token, min(page.size, self._client.largest_page))
        read = await self._client.paymentslist_accounts(listing, operation)
        fetched_at = datetime.now(UTC)
        return Page(
            items=tuple(translate.account(row, fetched_at=fetched_at) for row in read.data),
            token=page.token,
            next=paging.following(read),
            has_more=read.has_more,
        )

    async def _all(self, question: Question[str], operation: Operation) -> list[models.Account] | ProviderError:
        query = filters.text(question.expression)

        async def ask(cursor: str) -> models.Cursor[models.Account]:
            return await self._client.paymentslist_accounts(Listing(cursor, query=query), operation)

        try:
            return await paging.everything(ask, LIST_ACCOUNTS.operation)
        except ProviderError as error:
            return error


def _linked(stored: Sequence[CustomerLink]) -> list[str]:
    """Ids of the accounts that links name."""
    return [link.external_id for link in stored if link.provider is Provider.FORMANCE and link.kind is LinkKind.ACCOUNT]


def _terms(links: Links, generation: str) -> list[Term[str]]:
    """For each customer: the accounts that name it, and those that are linked to it."""
    terms = []
    for customer_id, stored in links.items():
        terms.append(filters.term(customer_id, filters.match(f"metadata[{CUSTOMER_KEY}]", customer_id)))
        for account_id in _linked(stored):
            parts = ids.account(account_id)
            if parts is not None:
                brief = filters.match("reference", parts.reference)
                exact = brief if generation == "v2" else filters.match("id", account_id)
                terms.append(filters.term(customer_id, exact, brief=brief))
    return terms


def _shared_out(
    links: Links,
    owners: Mapping[str, str],
    answers: Sequence[tuple[Question[str], list[models.Account] | ProviderError]],
) -> dict[str, Outcome[Sequence[PaymentAccount]]]:
    """Each customer's accounts; a customer of whom a question failed gets the failure."""
    fetched_at = datetime.now(UTC)
    accounts: dict[str, dict[str, PaymentAccount]] = {customer_id: {} for customer_id in links}
    failures: dict[str, ProviderError] = {}
    for question, rows in answers:
        if isinstance(rows, ProviderError):
            failures |= dict.fromkeys(question.subjects, rows)
            continue
        for row in rows:
            owner = owners.get(row.id) or (row.metadata or {}).get(CUSTOMER_KEY)
            if owner in accounts:
                accounts[owner][row.id] = translate.account(row, fetched_at=fetched_at)
    return {
        customer_id: failures[customer_id] if customer_id in failures else list(found.values())
        for customer_id, found in accounts.items()
    }


def _link(account: PaymentAccount, customer_id: str) -> CustomerLink:
    return CustomerLink(
        provider=Provider.FORMANCE,
        kind=LinkKind.ACCOUNT,
        external_id=account.provider_id,
        customer_id=customer_id,
        origin=LinkOrigin.METADATA,
    )
