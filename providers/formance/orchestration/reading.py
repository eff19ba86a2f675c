"""What all parts of the service share: one of many, pages, and lists that must be read to their end."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from providers.domain import Page, PageRequest, Ref
from providers.errors import NotFound, Outcome, ProviderError
from providers.formance import ids, paging
from providers.formance.client.calls import Listing
from providers.formance.client.orchestration import FlowCalls
from providers.formance.models import Cursor
from providers.formance.orchestration.generation import OrchestrationGeneration
from providers.operation import Operation


class Named(Protocol):
    """Something with an identity."""

    @property
    def ref(self) -> Ref:
        """Its identity."""


K = TypeVar("K")
RowT = TypeVar("RowT")
ValueT = TypeVar("ValueT")
NamedT = TypeVar("NamedT", bound=Named)

FEW = 2
"""So many objects are asked for one by one; of more, the list is looked at first."""


class Reading:
    """A part of the provider's methods, over whichever API the server has."""

    def __init__(self, generation: OrchestrationGeneration) -> None:
        self._generation = generation

    async def _api(self, operation: Operation) -> FlowCalls:
        return await self._generation.api(operation)


def now() -> datetime:
    """When something was read."""
    return datetime.now(UTC)


def known(refs: Iterable[Ref]) -> list[Ref]:
    """Those that can name something."""
    return [ref for ref in dict.fromkeys(refs) if ids.is_uuid(ref.native_id)]


async def of_each(keys: Iterable[K], read: Callable[[K], Awaitable[ValueT]]) -> dict[K, Outcome[ValueT]]:
    """One call for each key, at once. One that the vendor does not know is left out."""

    async def outcome(key: K) -> Outcome[ValueT] | None:
        try:
            return await read(key)
        except NotFound:
            return None
        except ProviderError as error:
            return error

    wanted = list(keys)
    outcomes = await asyncio.gather(*map(outcome, wanted))
    return {key: value for key, value in zip(wanted, outcomes, strict=True) if value is not None}


async def by_ref(
    refs: Iterable[Ref], read: Callable[[Ref], Awaitable[NamedT]], first: Callable[[], Awaitable[Iterable[NamedT]]]
) -> dict[Ref, Outcome[NamedT]]:
    """Of more than a few, those on the first page of the list come from there. It may be that the others are missing
    there for being deleted."""
    wanted = known(refs)
    listed: Mapping[Ref, NamedT] = {}
    if len(wanted) > FEW:
        try:
            listed = {row.ref: row for row in await first()}
        except ProviderError as error:
            return dict.fromkeys(wanted, error)
    rest = await of_each([ref for ref in wanted if ref not in listed], read)
    found: dict[Ref, Outcome[NamedT]] = {ref: listed[ref] for ref in wanted if ref in listed}
    return {**found, **rest}


async def page_of(
    page: PageRequest, ask: Callable[[Listing], Awaitable[Cursor[RowT]]], made: Callable[[RowT], ValueT]
) -> Page[ValueT]:
    """A page of a list."""
    read = await ask(Listing(page.token, page.size))
    items = tuple(made(row) for row in read.data)
    following = paging.following(read)
    return Page(items=items, token=page.token, next=following, has_more=following is not None)


async def everything(ask: Callable[[Listing], Awaitable[Cursor[RowT]]], operation: str) -> list[RowT]:
    """All rows of a list. One that is cut is an error: a part of it must not pass for the whole."""
    is_cut = False

    async def page(cursor: str) -> Cursor[RowT]:
        nonlocal is_cut
        read = await ask(Listing(cursor))
        is_cut = read.has_more and not read.next
        return read

    rows = await paging.everything(page, operation)
    if is_cut:
        raise paging.endless(operation)
    return rows
