"""Smart accounts by id in the fewest calls: one each, or the pages of the whole list, whichever is less."""

import asyncio
import math
import re
from collections.abc import Iterable, Sequence

from providers.domain import Provider
from providers.errors import Broken, Garbled, NotFound, Outcome, ProviderError, Rejected, Unsupported
from providers.operation import Operation
from providers.pluggy.client import MAX_PAGE_SIZE, SMART_ACCOUNT_RETRIEVE, SMART_ACCOUNTS_LIST, Client
from providers.pluggy.models import SmartAccount, SmartAccountPage

Found = dict[str, Outcome[SmartAccount]]

WALKS = 3
"""Times that the whole list is read before it counts as one that cannot be read whole."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_smart_account_id(value: str) -> bool:
    """True for a UUID. The vendor knows no other id, so nothing else is worth a call."""
    return _UUID.fullmatch(value) is not None


class SmartAccountLookup:
    """Remembers how many pages the list has; until it knows, it takes the list for one page."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._list_pages: float = 1

    async def by_id(self, ids: Iterable[str], operation: Operation) -> Found:
        """Each smart account or its error. Ids that the vendor does not know are left out."""
        wanted = [native_id for native_id in dict.fromkeys(ids) if is_smart_account_id(native_id)]
        if len(wanted) <= self._list_pages:
            return await self._alone(wanted, operation)
        return await self._listed(wanted, operation)

    def note(self, page: SmartAccountPage) -> None:
        """Learn from any page of the list how long the whole is."""
        if page.total is not None:
            self._list_pages = max(1, math.ceil(page.total / MAX_PAGE_SIZE))

    def forget(self) -> None:
        """The list has changed, or may have: its length is not known any more."""
        self._list_pages = 1

    async def every_id(self, operation: Operation) -> tuple[str, ...]:
        """The ids of the whole list, page after page.

        No order is promised, so an account may slip from page to page while they are read. A list whose ids are not as
        many as each page said is read again, and is `Broken` in the end: who looks for a new account in it must not
        take one for new that a page has lost.
        """
        for _ in range(WALKS):
            pages = await self._walk(operation)
            ids = dict.fromkeys(account.id for page in pages for account in page.results)
            if all(page.total in {None, len(ids)} for page in pages):
                return tuple(ids)
        message = "The provider's list changed while it was read."
        raise Broken(Provider.PLUGGY, SMART_ACCOUNTS_LIST.operation, message)

    async def _walk(self, operation: Operation) -> list[SmartAccountPage]:
        pages: list[SmartAccountPage] = []
        while not pages or not _is_last(pages[-1], len(pages)):
            pages.append(await self._client.smart_accounts_list(operation, page=len(pages) + 1))
        self.note(pages[-1])
        return pages

    async def _listed(self, wanted: Sequence[str], operation: Operation) -> Found:
        try:
            first = await self._client.smart_accounts_list(operation)
        except (Unsupported, Rejected):
            self._list_pages = math.inf  # some applications may read smart accounts, but not list them
            return await self._alone(wanted, operation)
        except ProviderError as error:
            return dict.fromkeys(wanted, error)
        pages = max(1, int(first.total_pages or 1))
        self._list_pages = pages
        found = _pick(wanted, [first])
        missing = [native_id for native_id in wanted if native_id not in found]
        return found | await self._further(missing, pages, operation)

    async def _further(self, missing: Sequence[str], pages: int, operation: Operation) -> Found:
        """What the first page of a longer list did not hold."""
        if pages == 1:
            return {}
        if len(missing) < pages:
            return await self._alone(missing, operation)
        answers = await asyncio.gather(*(self._page(number, operation) for number in range(2, pages + 1)))
        found = _pick(missing, [answer for answer in answers if isinstance(answer, SmartAccountPage)])
        missing = [native_id for native_id in missing if native_id not in found]
        for answer in answers:
            if isinstance(answer, ProviderError):
                return found | dict.fromkeys(missing, answer)
        # No order is promised, so an account may have slipped from page to page while they were read.
        return found | await self._alone(missing, operation)

    async def _page(self, number: int, operation: Operation) -> Outcome[SmartAccountPage]:
        try:
            return await self._client.smart_accounts_list(operation, page=number)
        except ProviderError as error:
            return error

    async def _alone(self, wanted: Sequence[str], operation: Operation) -> Found:
        answers = await asyncio.gather(*(self._one(native_id, operation) for native_id in wanted))
        found = dict(zip(wanted, answers, strict=True))
        return {native_id: answer for native_id, answer in found.items() if not isinstance(answer, NotFound)}

    async def _one(self, native_id: str, operation: Operation) -> Outcome[SmartAccount]:
        try:
            answer = await self._client.smart_account_retrieve(native_id, operation)
        except ProviderError as error:
            return error
        if answer.id.lower() != native_id.lower():
            return Garbled(Provider.PLUGGY, SMART_ACCOUNT_RETRIEVE.operation, "The provider sent another account.")
        return answer


def _is_last(page: SmartAccountPage, number: int) -> bool:
    if not page.results:
        return True
    return len(page.results) < MAX_PAGE_SIZE if page.total_pages is None else number >= page.total_pages


def _pick(wanted: Sequence[str], pages: Iterable[SmartAccountPage]) -> Found:
    by_id = {account.id.lower(): account for page in pages for account in page.results}
    return {native_id: by_id[native_id.lower()] for native_id in wanted if native_id.lower() in by_id}
