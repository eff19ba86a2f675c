"""Transfer initiations: by id, their whole records, and lists."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from providers.answers import translating
from providers.domain import Page, PageRequest, Provider, Ref, TransferDetail, TransferFilter, TransferInitiation
from providers.errors import NotFound, Outcome, ProviderError
from providers.formance import filters, ids, models, paging, translate
from providers.formance.client import PaymentsService
from providers.formance.client.calls import Listing
from providers.formance.client.transfers import GET_TRANSFER, LIST_TRANSFERS
from providers.formance.filters import Expression
from providers.formance.generation import Generation
from providers.formance.lookup import Lookup
from providers.formance.part import Part
from providers.operation import Operation


class Transfers(Part):
    """Implements `ReadsTransfers`."""

    def __init__(self, service: PaymentsService, generation: Generation) -> None:
        super().__init__(service, generation)
        self._transfers = Lookup(
            generation,
            operation=LIST_TRANSFERS.operation,
            get=service.get_transfer_initiation,
            page=service.list_transfer_initiations,
        )

    async def transfers_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> dict[Ref, Outcome[TransferInitiation]]:
        """One call for each 40; on v2 they are asked for by reference."""
        references = {ref.native_id: parts.reference for ref in refs if (parts := ids.transfer(ref.native_id))}
        rows = await self._transfers.rows(references, operation)
        return {translate.transfer_ref(transfer_id): _transfer(row) for transfer_id, row in rows.items()}

    async def transfer_details(self, refs: Sequence[Ref], operation: Operation) -> dict[Ref, Outcome[TransferDetail]]:
        """One call each, at once."""
        known = [ref for ref in dict.fromkeys(refs) if ids.transfer(ref.native_id)]
        outcomes = await asyncio.gather(*(self._detail(ref, operation) for ref in known))
        return {ref: outcome for ref, outcome in zip(known, outcomes, strict=True) if outcome is not None}

    async def list_transfers(
        self, where: TransferFilter, page: PageRequest, operation: Operation
    ) -> Page[TransferInitiation]:
        """One call. A cursor tells the filter too, so what it brings beside what is wanted is dropped."""
        ends = _ends(where)
        if ends is not None and not ends:
            return Page(items=())
        listing = Listing(page.token, min(page.size, self._service.largest_page), filters.text(_expression(where)))
        read = await self._service.list_transfer_initiations(listing, operation)
        return Page(
            items=_translated([row for row in read.data if _passes(row, where)]),
            token=page.token,
            next=paging.following(read),
            has_more=read.has_more,
        )

    async def _detail(self, ref: Ref, operation: Operation) -> Outcome[TransferDetail] | None:
        try:
            row = await self._service.get_transfer_initiation(ref.native_id, operation)
            with translating(Provider.FORMANCE, GET_TRANSFER.operation):
                detail = translate.transfer_detail(row, fetched_at=datetime.now(UTC))
        except NotFound:
            return None
        except ProviderError as error:
            return error
        return detail if detail.transfer.ref == ref else None


def _expression(where: TransferFilter) -> Expression:
    """Both generations know these keys. Accounts that are too many for a URL are looked for in what comes."""
    clauses: list[Expression] = []
    if where.reference is not None:
        clauses.append(filters.match("reference", where.reference))
    ends = sorted(_ends(where) or ())
    touching = [
        filters.match(end, account) for account in ends for end in ("source_account_id", "destination_account_id")
    ]
    whole = filters.both(*clauses, *([filters.either(touching)] if touching else []))
    return whole if filters.fits(whole) else filters.both(*clauses)


def _ends(where: TransferFilter) -> frozenset[str] | None:
    """Ids of the accounts of which a wanted transfer has one; None when it may have any."""
    wanted = [
        set(given) for given in ((where.account,) if where.account else None, where.accounts) if given is not None
    ]
    if not wanted:
        return None
    return frozenset(ref.native_id for ref in set.intersection(*wanted) if ids.account(ref.native_id))


def _passes(row: models.TransferInitiation, where: TransferFilter) -> bool:
    ends = _ends(where)
    touches = ends is None or not ends.isdisjoint({row.source_account_id or "", row.destination_account_id or ""})
    return where.reference in (None, row.reference) and touches


def _transfer(row: Outcome[models.TransferInitiation]) -> Outcome[TransferInitiation]:
    if isinstance(row, ProviderError):
        return row
    try:
        return _translated([row])[0]
    except ProviderError as error:
        return error


def _translated(rows: Sequence[models.TransferInitiation]) -> tuple[TransferInitiation, ...]:
    fetched_at = datetime.now(UTC)
    with translating(Provider.FORMANCE, LIST_TRANSFERS.operation):
        return tuple(translate.transfer(row, fetched_at=fetched_at) for row in rows)
