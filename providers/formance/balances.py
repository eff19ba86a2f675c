"""What accounts hold, now and in the past. The vendor keeps a history for each account and has no read for several."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from providers.answers import translating
from providers.domain import Balance, Page, PageRequest, Provider, Ref
from providers.errors import NotFound, Outcome, ProviderError
from providers.formance import ids, models, paging, translate
from providers.formance.client import PaymentsService
from providers.formance.client.accounts import GET_ACCOUNT_BALANCES
from providers.formance.client.calls import Listing
from providers.operation import Operation

MOST_PAGES = 3
"""Pages of an account's history that are searched for assets whose last change is long ago."""


class Balances:
    """Reads of account balances."""

    def __init__(self, client: PaymentsService) -> None:
        self._client = client

    async def by_account(
        self, refs: Sequence[Ref], operation: Operation, *, max_age: int
    ) -> dict[Ref, Outcome[Sequence[Balance]]]:
        """The newest balance of each asset, one call for each account at once."""
        known = [ref for ref in dict.fromkeys(refs) if ids.account(ref.native_id)]
        within = self._client.kept.balances_within(max_age)
        outcomes = await asyncio.gather(*(self._current(ref.native_id, operation, within) for ref in known))
        return {ref: outcome for ref, outcome in zip(known, outcomes, strict=True) if outcome is not None}

    async def history(
        self,
        account: Ref,
        page: PageRequest,
        operation: Operation,
        *,
        asset: str | None,
        since: datetime | None,
        until: datetime | None,
    ) -> Page[Balance]:
        """A page of an account's history. The cursor tells the account too, so rows of another one are dropped."""
        account_id = account.native_id
        if not ids.account(account_id):
            raise NotFound(Provider.FORMANCE, GET_ACCOUNT_BALANCES.operation)
        wishes = (
            ("asset", asset),
            ("from", since and translate.rfc3339(since)),
            ("to", until and translate.rfc3339(until)),
        )
        read = await self._client.get_account_balances(
            account_id,
            Listing(page.token, min(page.size, self._client.largest_page)),
            operation,
            narrowed=[(name, value) for name, value in wishes if value],
        )
        with translating(Provider.FORMANCE, GET_ACCOUNT_BALANCES.operation):
            items = _balances([row for row in read.data if row.account_id in (None, account_id)])
        return Page(items=items, token=page.token, next=paging.following(read), has_more=read.has_more)

    async def _current(
        self, account_id: str, operation: Operation, max_age: float
    ) -> Outcome[Sequence[Balance]] | None:
        async def ask(cursor: str) -> models.Cursor[models.AccountBalance]:
            return await self._client.get_account_balances(account_id, Listing(cursor), operation, max_age=max_age)

        seen: set[str] = set()

        def brought_nothing_new(rows: Sequence[models.AccountBalance]) -> bool:
            before = len(seen)
            seen.update(row.asset for row in rows)
            return len(seen) == before

        try:
            read = await paging.stretch(ask, pages=MOST_PAGES, is_enough=brought_nothing_new)
            newest = {row.asset: row for row in reversed(read.rows)}
            with translating(Provider.FORMANCE, GET_ACCOUNT_BALANCES.operation):
                return _balances([newest[asset] for asset in dict.fromkeys(row.asset for row in read.rows)])
        except NotFound:
            return None
        except ProviderError as error:
            return error


def _balances(rows: Sequence[models.AccountBalance]) -> tuple[Balance, ...]:
    return tuple(translate.balance(row, fetched_at=row.read_at) for row in rows)
