"""Accounts of ledgers: by address with their volumes, many in a call, and lists."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from providers.answers import translating
from providers.domain import (
    LedgerAccount,
    LedgerAccountFilter,
    LedgerVolumes,
    LedgerVolumesKey,
    Page,
    PageRequest,
    Provider,
    Ref,
)
from providers.errors import NotFound, Outcome, ProviderError, Unsupported
from providers.formance import filters, paging
from providers.formance.client.ledger import (
    COUNT_ACCOUNTS,
    GET_ACCOUNT,
    LIST_ACCOUNTS,
    V2_LIST_ACCOUNTS,
    LedgerService,
    Search,
)
from providers.formance.ledger.books import Books
from providers.formance.ledger.generation import V1, LedgerGeneration
from providers.formance.ledger.search import (
    EFFECTIVE,
    VOLUMES,
    any_of,
    is_address,
    is_ledger,
    of_accounts,
    paged,
    pit,
)
from providers.formance.models.ledger import LedgerAccount as Row
from providers.formance.models.payments import Cursor
from providers.formance.translate import ledger as translate
from providers.operation import Operation

TOGETHER = 100
"""Accounts that are asked for in one call."""

_Group = tuple[str, datetime | None, bool]
"""A ledger, the time that is asked about, and whether transactions count from their own times on."""


class LedgerAccounts:
    """Reads of accounts."""

    def __init__(self, service: LedgerService, generation: LedgerGeneration, books: Books) -> None:
        self._service, self._generation, self._books = service, generation, books

    async def by_ref(self, refs: Sequence[Ref], operation: Operation) -> dict[Ref, Outcome[LedgerAccount]]:
        """Accounts by identity, with their volumes."""
        keys = {ref: LedgerVolumesKey(ref) for ref in refs}
        rows = await self._rows(list(keys.values()), operation)
        return {ref: _account(rows[key], ref) for ref, key in keys.items() if key in rows}

    async def volumes(
        self, keys: Sequence[LedgerVolumesKey], operation: Operation
    ) -> dict[LedgerVolumesKey, Outcome[Sequence[LedgerVolumes]]]:
        """What accounts had at a time."""
        return {key: _volumes(row, key) for key, row in (await self._rows(keys, operation)).items()}

    async def page(
        self, ledger: Ref, where: LedgerAccountFilter, page: PageRequest, operation: Operation
    ) -> Page[LedgerAccount]:
        """A page of a ledger's accounts, by address. Those of the first generation come without volumes."""
        name, generation = ledger.native_id, await self._generation.current(operation)
        endpoint = LIST_ACCOUNTS if generation == V1 else V2_LIST_ACCOUNTS
        search = paged(of_accounts(where, generation, endpoint), page, self._service.largest_page)
        read = await self._listed(name, search, generation, operation)
        return Page(
            items=_accounts(read.data, name, as_of=where.at, knows_volumes=generation != V1),
            token=page.token,
            next=paging.following(read),
            has_more=read.has_more,
        )

    async def count(self, ledger: Ref, where: LedgerAccountFilter, operation: Operation) -> int:
        """One call."""
        generation = await self._generation.current(operation)
        search = of_accounts(where, generation, COUNT_ACCOUNTS, expand=False)
        count = self._service.count_accounts if generation == V1 else self._service.v2_count_accounts
        return await count(ledger.native_id, search, operation)

    async def everything(
        self, ledger: str, search: Search, generation: str, operation: Operation
    ) -> tuple[LedgerAccount, ...]:
        """All accounts that a search finds. Raises a `ProviderError`."""

        async def ask(cursor: str) -> Cursor[Row]:
            asked = Search(cursor, paging.PAGE, search.filter, search.more)
            return await self._listed(ledger, asked, generation, operation)

        endpoint = LIST_ACCOUNTS if generation == V1 else V2_LIST_ACCOUNTS
        rows = await paging.everything(ask, endpoint.operation)
        return _accounts(rows, ledger, as_of=None, knows_volumes=generation != V1)

    async def _listed(self, ledger: str, search: Search, generation: str, operation: Operation) -> Cursor[Row]:
        listed = self._service.list_accounts if generation == V1 else self._service.v2_list_accounts
        return await listed(ledger, search, operation)

    async def _rows(
        self, keys: Sequence[LedgerVolumesKey], operation: Operation
    ) -> dict[LedgerVolumesKey, Outcome[Row]]:
        """Accounts by what is asked of them. What names no account is left out."""
        known = [
            key for key in dict.fromkeys(keys) if is_ledger(key.account.keys[0]) and is_address(key.account.keys[1])
        ]
        if not known:
            return {}
        try:
            generation = await self._generation.current(operation)
            ledgers = await self._books.existing([key.account.keys[0] for key in known], generation, operation)
        except ProviderError as error:
            return dict.fromkeys(known, error)
        known = [key for key in known if key.account.keys[0] in ledgers]
        if generation == V1:
            return await self._one_by_one(known, operation)
        groups: dict[_Group, list[LedgerVolumesKey]] = {}
        for key in known:
            groups.setdefault((key.account.keys[0], key.at, key.is_effective), []).append(key)
        parts = [
            self._together(group, each[start : start + TOGETHER], generation, operation)
            for group, each in groups.items()
            for start in range(0, len(each), TOGETHER)
        ]
        return {key: row for part in await asyncio.gather(*parts) for key, row in part.items()}

    async def _together(
        self, group: _Group, keys: Sequence[LedgerVolumesKey], generation: str, operation: Operation
    ) -> Mapping[LedgerVolumesKey, Outcome[Row]]:
        ledger, at, is_effective = group
        by_address = {key.account.keys[1]: key for key in keys}
        more = [EFFECTIVE if is_effective else VOLUMES, *pit(at)]

        async def ask(cursor: str) -> Cursor[Row]:
            found = filters.text(any_of("address", list(by_address), generation))
            return await self._service.v2_list_accounts(ledger, Search(cursor, paging.PAGE, found, more), operation)

        try:
            if len(by_address) == 1:
                rows = [await self._service.v2_get_account(ledger, next(iter(by_address)), more, operation)]
            else:
                rows = await paging.everything(ask, V2_LIST_ACCOUNTS.operation)
        except NotFound:
            return {}
        except ProviderError as error:
            return dict.fromkeys(keys, error)
        return {by_address[row.address]: row for row in rows if row.address in by_address}

    async def _one_by_one(
        self, keys: Sequence[LedgerVolumesKey], operation: Operation
    ) -> dict[LedgerVolumesKey, Outcome[Row]]:
        """By the first API."""
        rows = await asyncio.gather(*(self._one(key, operation) for key in keys))
        return {key: row for key, row in zip(keys, rows, strict=True) if row is not None}

    async def _one(self, key: LedgerVolumesKey, operation: Operation) -> Outcome[Row] | None:
        """One that has no volumes and no notes never was."""
        if key.at is not None or key.is_effective:
            return Unsupported(Provider.FORMANCE, GET_ACCOUNT.operation)
        ledger, address = key.account.keys
        try:
            row = await self._service.get_account(ledger, address, operation)
        except NotFound:
            return None
        except ProviderError as error:
            return error
        return row if row.address == address and (row.volumes or row.balances or row.metadata) else None


def _accounts(
    rows: Sequence[Row], ledger: str, *, as_of: datetime | None, knows_volumes: bool
) -> tuple[LedgerAccount, ...]:
    fetched_at = datetime.now(UTC)
    with translating(Provider.FORMANCE, V2_LIST_ACCOUNTS.operation):
        return tuple(
            [
                translate.ledger_account(row, ledger, fetched_at=fetched_at, as_of=as_of, knows_volumes=knows_volumes)
                for row in rows
            ]
        )


def _account(row: Outcome[Row], ref: Ref) -> Outcome[LedgerAccount]:
    if isinstance(row, ProviderError):
        return row
    try:
        return _accounts([row], ref.keys[0], as_of=None, knows_volumes=True)[0]
    except ProviderError as error:
        return error


def _volumes(row: Outcome[Row], key: LedgerVolumesKey) -> Outcome[Sequence[LedgerVolumes]]:
    if isinstance(row, ProviderError):
        return row
    try:
        with translating(Provider.FORMANCE, V2_LIST_ACCOUNTS.operation):
            return translate.account_volumes(row, is_effective=key.is_effective)
    except ProviderError as error:
        return error
