"""What a ledger tells page by page besides its accounts and transactions: its log, and its volumes."""

from datetime import datetime

from providers.answers import translating
from providers.domain import LedgerLog, LedgerVolume, LedgerVolumesFilter, Page, PageRequest, Provider, Ref
from providers.formance import paging
from providers.formance.client.ledger import GET_BALANCES, V2_GET_VOLUMES_WITH_BALANCES, LedgerService
from providers.formance.ledger.generation import V1, LedgerGeneration
from providers.formance.ledger.search import of_logs, of_volumes, paged
from providers.formance.translate import ledger as translate
from providers.operation import Operation


class LedgerLists:
    """Reads of pages."""

    def __init__(self, service: LedgerService, generation: LedgerGeneration) -> None:
        self._service, self._generation = service, generation

    async def logs(
        self, ledger: Ref, since: datetime | None, until: datetime | None, page: PageRequest, operation: Operation
    ) -> Page[LedgerLog]:
        """A page of the log, newest first."""
        generation = await self._generation.current(operation)
        search = paged(of_logs(since, until, generation), page, self._service.largest_page)
        listed = self._service.list_logs if generation == V1 else self._service.v2_list_logs
        read = await listed(ledger.native_id, search, operation)
        items = tuple([translate.ledger_log(row) for row in read.data])
        return Page(items=items, token=page.token, next=paging.following(read), has_more=read.has_more)

    async def volumes(
        self, ledger: Ref, where: LedgerVolumesFilter, page: PageRequest, operation: Operation
    ) -> Page[LedgerVolume]:
        """A page of volumes by address. The first API tells balances alone, and those of an account together."""
        generation = await self._generation.current(operation)
        if generation == V1:
            return await self._balances(ledger, where, page, operation)
        name, endpoint = ledger.native_id, V2_GET_VOLUMES_WITH_BALANCES
        search = paged(of_volumes(where, generation, endpoint), page, self._service.largest_page)
        read = await self._service.v2_get_volumes_with_balances(name, search, operation)
        is_folded = where.group_by is not None
        with translating(Provider.FORMANCE, endpoint.operation):
            items = tuple([translate.ledger_volume(row, name, is_folded=is_folded) for row in read.data])
        return Page(items=items, token=page.token, next=paging.following(read), has_more=read.has_more)

    async def _balances(
        self, ledger: Ref, where: LedgerVolumesFilter, page: PageRequest, operation: Operation
    ) -> Page[LedgerVolume]:
        name = ledger.native_id
        search = paged(of_volumes(where, V1, GET_BALANCES), page, self._service.largest_page)
        read = await self._service.get_balances(name, search, operation)
        with translating(Provider.FORMANCE, GET_BALANCES.operation):
            items = tuple(
                translate.ledger_balance(address, asset, units, name)
                for row in read.data
                for address, by_asset in sorted(row.items())
                for asset, units in sorted(by_asset.items())
            )
        return Page(items=items, token=page.token, next=paging.following(read), has_more=read.has_more)
