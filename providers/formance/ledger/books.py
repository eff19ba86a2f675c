"""Ledgers: by name, all of them, and what is told of one as a whole."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from providers.answers import translating
from providers.domain import (
    Ledger,
    LedgerContract,
    LedgerMigration,
    LedgerServer,
    LedgerStatistics,
    Money,
    Page,
    PageRequest,
    Provider,
    Ref,
)
from providers.errors import NotFound, Outcome, ProviderError, Unsupported
from providers.formance import paging
from providers.formance.client.ledger import (
    GET_BALANCES_AGGREGATED,
    GET_MAPPING,
    V2_GET_BALANCES_AGGREGATED,
    V2_LIST_LEDGERS,
    LedgerService,
    Search,
)
from providers.formance.ledger.generation import V1, LedgerGeneration
from providers.formance.ledger.search import is_ledger, of_sums
from providers.formance.models.ledger import LedgerRecord
from providers.formance.models.payments import Cursor
from providers.formance.translate import ledger as translate
from providers.operation import Operation

T = TypeVar("T")

AT_ONCE = 3
"""So many ledgers are asked about at once without a look at which there are."""


class Books:
    """Reads of ledgers."""

    def __init__(self, service: LedgerService, generation: LedgerGeneration) -> None:
        self._service, self._generation = service, generation

    async def by_ref(self, refs: Sequence[Ref], operation: Operation) -> dict[Ref, Outcome[Ledger]]:
        """Ledgers by identity: one alone by its name, several from the list of all."""
        known = [ref for ref in dict.fromkeys(refs) if is_ledger(ref.native_id)]
        if not known:
            return {}
        try:
            if len(known) == 1 and await self._generation.current(operation) != V1:
                row = await self._service.v2_get_ledger(known[0].native_id, operation)
                return {known[0]: translate.ledger(row, fetched_at=datetime.now(UTC))}
            found = {ledger.ref: ledger for ledger in await self.everything(operation)}
        except NotFound:
            return {}
        except ProviderError as error:
            return dict.fromkeys(known, error)
        return {ref: found[ref] for ref in known if ref in found}

    async def everything(self, operation: Operation) -> Sequence[Ledger]:
        """All ledgers. Raises a `ProviderError`."""
        if await self._generation.current(operation) == V1:
            return await self._named(operation)

        async def ask(cursor: str) -> Cursor[LedgerRecord]:
            return await self._service.v2_list_ledgers(Search(cursor, paging.PAGE), operation)

        rows = await paging.everything(ask, V2_LIST_LEDGERS.operation)
        fetched_at = datetime.now(UTC)
        return [translate.ledger(row, fetched_at=fetched_at) for row in rows]

    async def existing(self, names: Sequence[str], generation: str, operation: Operation) -> set[str]:
        """Which of these ledgers there are. Raises a `ProviderError`.

        That is looked up where asking about one would make it, and where they are many: made-up ones would take a call
        each. Else all may be.
        """
        named = set(names)
        if generation != V1 and len(named) <= AT_ONCE:
            return named
        return named & {ledger.name for ledger in await self.everything(operation)}

    async def page(self, page: PageRequest, operation: Operation) -> Page[Ledger]:
        """A page of all ledgers; of the first generation's, all."""
        if await self._generation.current(operation) == V1:
            ledgers = await self._named(operation)
            return Page(items=tuple(ledgers), total=len(ledgers))
        search = Search(page.token, min(page.size, self._service.largest_page))
        read = await self._service.v2_list_ledgers(search, operation)
        fetched_at = datetime.now(UTC)
        return Page(
            items=tuple(translate.ledger(row, fetched_at=fetched_at) for row in read.data),
            token=page.token,
            next=paging.following(read),
            has_more=read.has_more,
        )

    async def statistics(self, refs: Sequence[Ref], operation: Operation) -> dict[Ref, Outcome[LedgerStatistics]]:
        """One call for each ledger."""

        async def ask(name: str, generation: str) -> LedgerStatistics:
            read = self._service.read_stats if generation == V1 else self._service.v2_read_stats
            return translate.ledger_statistics(await read(name, operation))

        return await self._each(refs, ask, operation)

    async def mapping(self, refs: Sequence[Ref], operation: Operation) -> dict[Ref, Outcome[Sequence[LedgerContract]]]:
        """One call for each ledger. Only servers of the first generation have it."""

        async def ask(name: str, generation: str) -> Sequence[LedgerContract]:
            if generation != V1:
                raise Unsupported(Provider.FORMANCE, GET_MAPPING.operation)
            return translate.ledger_contracts(await self._service.get_mapping(name, operation))

        return await self._each(refs, ask, operation)

    async def migrations(
        self, refs: Sequence[Ref], operation: Operation
    ) -> dict[Ref, Outcome[Sequence[LedgerMigration]]]:
        """One call for each ledger."""

        async def ask(name: str, generation: str) -> Sequence[LedgerMigration]:
            read = self._service.get_ledger_info if generation == V1 else self._service.v2_get_ledger_info
            return translate.ledger_migrations(await read(name, operation))

        return await self._each(refs, ask, operation)

    async def sums(
        self, ledger: Ref, address: str | None, at: datetime | None, operation: Operation
    ) -> Sequence[Money]:
        """One call. Raises a `ProviderError`."""
        generation = await self._generation.current(operation)
        if generation == V1:
            endpoint = GET_BALANCES_AGGREGATED
            query = of_sums(address, at, generation, endpoint).more
            read = await self._service.get_balances_aggregated(ledger.native_id, query, operation)
        else:
            endpoint = V2_GET_BALANCES_AGGREGATED
            search = of_sums(address, at, generation, endpoint)
            read = await self._service.v2_get_balances_aggregated(ledger.native_id, search, operation)
        with translating(Provider.FORMANCE, endpoint.operation):
            return translate.ledger_sums(read)

    async def server(self, operation: Operation) -> LedgerServer:
        """One call. Raises a `ProviderError`."""
        generation = await self._generation.current(operation)
        read = self._service.get_info if generation == V1 else self._service.v2_get_info
        info = await read(operation, is_counted=True)
        return LedgerServer(version=info.version or None, api=generation)

    async def _named(self, operation: Operation) -> Sequence[Ledger]:
        info = await self._service.get_info(operation, is_counted=True)
        storage = info.config.storage if info.config is not None else None
        fetched_at = datetime.now(UTC)
        names = sorted(storage.ledgers or ()) if storage is not None else ()
        return [translate.named_ledger(name, fetched_at=fetched_at) for name in names]

    async def _each(
        self, refs: Sequence[Ref], ask: Callable[[str, str], Awaitable[T]], operation: Operation
    ) -> dict[Ref, Outcome[T]]:
        async def outcome(ref: Ref) -> Outcome[T]:
            try:
                return await ask(ref.native_id, await self._generation.current(operation))
            except ProviderError as error:
                return error

        known = list(dict.fromkeys(refs))
        return dict(zip(known, await asyncio.gather(*map(outcome, known)), strict=True))
