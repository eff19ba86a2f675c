"""Bank accounts: by id, by the accounts that they became, and the whole list."""

from collections.abc import Sequence
from datetime import UTC, datetime

from providers.domain import BankAccount, Page, PageRequest, Ref
from providers.errors import NotFound, Outcome, ProviderError
from providers.formance import filters, ids, models, paging, translate
from providers.formance.client import PaymentsService
from providers.formance.client.bank_accounts import LIST_BANK_ACCOUNTS
from providers.formance.client.calls import Listing
from providers.formance.generation import Generation
from providers.formance.narrowing import Narrowing
from providers.formance.part import Part
from providers.operation import Operation


class BankAccounts(Part):
    """Implements `ReadsBankAccounts`."""

    def __init__(self, service: PaymentsService, generation: Generation) -> None:
        super().__init__(service, generation)
        self._bank_accounts = Narrowing(
            generation, operation=LIST_BANK_ACCOUNTS.operation, page=service.list_bank_accounts
        )

    async def bank_accounts_by_ref(self, refs: Sequence[Ref], operation: Operation) -> dict[Ref, Outcome[BankAccount]]:
        """One call for each 40; on v2 the list of all."""
        known = [ref for ref in dict.fromkeys(refs) if ids.is_uuid(ref.native_id)]
        if len(known) == 1:
            return await self._bank_account(known[0], operation)
        terms = [filters.term(ref, filters.match("id", ref.native_id)) for ref in known]
        found: dict[Ref, Outcome[BankAccount]] = {}
        for subjects, rows in await self._bank_accounts.rows(terms, operation):
            if isinstance(rows, ProviderError):
                found |= dict.fromkeys(subjects, rows)
            else:
                by_ref = {each.ref: each for each in _translated(rows)}
                found |= {ref: by_ref[ref] for ref in subjects if ref in by_ref}
        return found

    async def list_bank_accounts(self, page: PageRequest, operation: Operation) -> Page[BankAccount]:
        """One call."""
        listing = Listing(page.token, min(page.size, self._service.largest_page))
        read = await self._service.list_bank_accounts(listing, operation)
        return Page(items=_translated(read.data), token=page.token, next=paging.following(read), has_more=read.has_more)

    async def bank_accounts_by_account(
        self, accounts: Sequence[Ref], operation: Operation
    ) -> dict[Ref, Outcome[Sequence[BankAccount]]]:
        """The list of all bank accounts, read once: no server filters it by account."""
        found: dict[Ref, Outcome[Sequence[BankAccount]]] = dict.fromkeys(accounts, ())
        known = [account for account in found if ids.account(account.native_id)]
        if not known:
            return found
        try:
            rows = _translated(await self._bank_accounts.everything("", operation))
        except ProviderError as error:
            return found | dict.fromkeys(known, error)
        holders = {account: [row for row in rows if _became(row, account)] for account in known}
        return found | holders

    async def bank_accounts_by_customer(
        self, customer_ids: Sequence[str], operation: Operation
    ) -> dict[str, Outcome[Sequence[BankAccount]]]:
        """The list of all bank accounts, read once, together with that of `bank_accounts_by_account`."""
        wanted = dict.fromkeys(customer_ids)
        try:
            rows = _translated(await self._bank_accounts.everything("", operation)) if wanted else ()
        except ProviderError as error:
            return dict.fromkeys(wanted, error)
        return {customer_id: [row for row in rows if row.customer_id == customer_id] for customer_id in wanted}

    async def _bank_account(self, ref: Ref, operation: Operation) -> dict[Ref, Outcome[BankAccount]]:
        try:
            row = await self._service.get_bank_account(ref.native_id, operation)
        except NotFound:
            return {}
        except ProviderError as error:
            return {ref: error}
        return {each.ref: each for each in _translated([row]) if each.ref == ref}


def _became(bank_account: BankAccount, account: Ref) -> bool:
    return any(related.account == account for related in bank_account.related)


def _translated(rows: Sequence[models.BankAccount]) -> tuple[BankAccount, ...]:
    fetched_at = datetime.now(UTC)
    return tuple(translate.bank_account(row, fetched_at=fetched_at) for row in rows)
