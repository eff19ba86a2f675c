"""Pluggy behind the provider protocols: smart accounts and their balances."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from providers.answers import translating
from providers.domain import (
    Account,
    Balance,
    CustomerLink,
    LinkKind,
    Page,
    PageRequest,
    Provider,
    ProviderMode,
    Ref,
    ServerModule,
)
from providers.errors import Garbled, NotFound, Outcome, ProviderError, Rejected
from providers.http import Upstream
from providers.operation import Operation
from providers.orders import SmartAccountOrder
from providers.pluggy import models, translate
from providers.pluggy.capabilities import CAPABILITIES
from providers.pluggy.client import (
    MAX_PAGE_SIZE,
    SMART_ACCOUNT_BALANCE_RETRIEVE,
    SMART_ACCOUNT_CREATE,
    SMART_ACCOUNTS_LIST,
    Client,
)
from providers.pluggy.costs import COSTS
from providers.pluggy.lookup import SmartAccountLookup, is_smart_account_id

_TOKEN = re.compile(r"([1-9][0-9]{0,7})x([1-9][0-9]{0,2})", re.ASCII)


class PluggyProvider:
    """Vendor, ReadsAccounts, ReadsBalances, OpensSmartAccounts."""

    provider = Provider.PLUGGY
    capabilities = CAPABILITIES
    parts: Sequence[object] = ()
    costs = COSTS

    def __init__(self, upstream: Upstream, client: Client, *, mode: ProviderMode) -> None:
        self.mode = mode
        self._upstream, self._client = upstream, client
        self._lookup = SmartAccountLookup(client)

    async def probe(self, operation: Operation) -> tuple[ServerModule, ...]:
        """Reads the smallest page there is. The vendor tells no versions."""
        self._lookup.note(await self._client.smart_accounts_list(operation, page_size=1))
        return ()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._upstream.aclose()

    async def accounts_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Account]]:
        """Smart accounts by id: one call each, or the list when that takes fewer."""
        found = await self._lookup.by_id((ref.native_id for ref in refs), operation)
        accounts = _accounts(found)
        return {ref: accounts[ref.native_id] for ref in refs if ref.native_id in accounts}

    async def accounts_by_customer(
        self, links: Mapping[str, Sequence[CustomerLink]], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[Account]]]:
        """The linked smart accounts of all these customers, read as one batch.

        An account that could not be read makes its customer's whole answer that error, so that a part never passes
        for all.
        """
        ids = {customer_id: _linked_ids(theirs) for customer_id, theirs in links.items()}
        every_id = (native_id for theirs in ids.values() for native_id in theirs)
        accounts = _accounts(await self._lookup.by_id(every_id, operation))
        return {
            customer_id: _all_or_error([accounts[native_id] for native_id in theirs if native_id in accounts])
            for customer_id, theirs in ids.items()
        }

    async def list_accounts(self, page: PageRequest, operation: Operation) -> Page[Account]:
        """All smart accounts of the application. Tokens are `<page>x<page size>`."""
        number, size = _position(page)
        answer = await self._client.smart_accounts_list(operation, page=number, page_size=size)
        self._lookup.note(answer)
        fetched_at = datetime.now(UTC)
        has_more = number < answer.total_pages if answer.total_pages is not None else len(answer.results) == size
        return Page[Account](
            items=tuple(translate.smart_account(raw, fetched_at=fetched_at) for raw in answer.results),
            token=f"{number}x{size}",
            next=f"{number + 1}x{size}" if has_more else None,
            has_more=has_more,
            total=None if answer.total is None else int(answer.total),
        )

    async def balances_by_account(
        self, refs: Sequence[Ref], operation: Operation, *, max_age: int = 0
    ) -> Mapping[Ref, Outcome[Sequence[Balance]]]:
        """Three balances for each account. The vendor has no bulk form: one call each, at once."""
        wanted = [ref for ref in dict.fromkeys(refs) if is_smart_account_id(ref.native_id)]
        answers = await asyncio.gather(*(self._balances(ref.native_id, operation, max_age) for ref in wanted))
        return {ref: answer for ref, answer in zip(wanted, answers, strict=True) if not isinstance(answer, NotFound)}

    async def create_smart_account(self, order: SmartAccountOrder, operation: Operation) -> Ref:
        """One call. The vendor has no key that makes two of them one."""
        try:
            made = await self._client.smart_account_create(translate.creation(order), operation)
        finally:
            self._lookup.forget()
        if not is_smart_account_id(made.id):
            raise Garbled(self.provider, SMART_ACCOUNT_CREATE.operation, "The provider sent an account without an id.")
        return translate.ref(made.id)

    async def smart_account_ids(self, operation: Operation) -> Sequence[str]:
        """One call for each 500 of them. They say nothing of their owners, so that a lost one is told by this alone."""
        return await self._lookup.every_id(operation)

    async def _balances(self, native_id: str, operation: Operation, max_age: int) -> Outcome[Sequence[Balance]]:
        try:
            raw = await self._client.smart_account_balance_retrieve(native_id, operation, max_age=max_age)
            with translating(self.provider, SMART_ACCOUNT_BALANCE_RETRIEVE.operation):
                return translate.balances(raw, fetched_at=raw.read_at)
        except ProviderError as error:
            return error


def _accounts(found: Mapping[str, Outcome[models.SmartAccount]]) -> dict[str, Outcome[Account]]:
    fetched_at = datetime.now(UTC)
    return {
        native_id: raw if isinstance(raw, ProviderError) else translate.smart_account(raw, fetched_at=fetched_at)
        for native_id, raw in found.items()
    }


def _linked_ids(links: Sequence[CustomerLink]) -> list[str]:
    return [link.external_id for link in links if link.kind is LinkKind.SMART_ACCOUNT]


def _all_or_error(outcomes: Sequence[Outcome[Account]]) -> Outcome[Sequence[Account]]:
    accounts: list[Account] = []
    for outcome in outcomes:
        if isinstance(outcome, ProviderError):
            return outcome
        accounts.append(outcome)
    return accounts


def _position(page: PageRequest) -> tuple[int, int]:
    """Page number and page size. A token comes back from a client, so it may be anything."""
    if not page.token:
        return 1, max(1, min(page.size, MAX_PAGE_SIZE))
    match = _TOKEN.fullmatch(page.token)
    if match is None:
        message = "The cursor is not one that this list gave out."
        raise Rejected(Provider.PLUGGY, SMART_ACCOUNTS_LIST.operation, message)
    return int(match[1]), min(int(match[2]), MAX_PAGE_SIZE)
