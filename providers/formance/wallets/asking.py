"""How the wallets service is asked: for one thing after another all at once, or for a page of a list."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from providers.answers import translating
from providers.domain import Page, PageRequest, Provider, Ref
from providers.errors import NotFound, Outcome, ProviderError
from providers.formance import ids, paging
from providers.formance.client.wallets import Wanted
from providers.formance.models import Cursor

RowT = TypeVar("RowT")
ValueT = TypeVar("ValueT")


def known(refs: Sequence[Ref]) -> list[Ref]:
    """What can be an id need be asked for."""
    return [ref for ref in dict.fromkeys(refs) if ids.is_uuid(ref.native_id)]


async def each(
    refs: Sequence[Ref],
    read: Callable[[Ref], Awaitable[ValueT]],
    *,
    name: Callable[[Ref], str] = lambda ref: ref.native_id,
) -> dict[Ref, Outcome[ValueT]]:
    """One call for each, all at once. `name` is what must be an id of the service's."""
    asked = [ref for ref in dict.fromkeys(refs) if ids.is_uuid(name(ref))]
    outcomes = await asyncio.gather(*(_outcome(read(ref)) for ref in asked))
    return {ref: outcome for ref, outcome in zip(asked, outcomes, strict=True) if not isinstance(outcome, NotFound)}


async def _outcome(reading: Awaitable[ValueT]) -> Outcome[ValueT]:
    try:
        return await reading
    except ProviderError as error:
        return error


def noted_so(metadata: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The parameters by which lists are filtered."""
    return [(f"metadata[{key}]", value) for key, value in metadata]


class Pages:
    """Pages of the service's lists, of so many rows at most."""

    def __init__(self, largest: int) -> None:
        self._largest = largest

    async def read(
        self,
        ask: Callable[[Wanted], Awaitable[Cursor[RowT]]],
        operation: str,
        page: PageRequest,
        more: Sequence[tuple[str, str]],
        translated: Callable[[RowT, datetime], ValueT],
    ) -> Page[ValueT]:
        """One page, translated. `operation` is the vendor's name of what is asked."""
        read = await ask(Wanted(page.token, min(page.size, self._largest), more))
        now = datetime.now(UTC)
        with translating(Provider.FORMANCE, operation):
            items = tuple(translated(row, now) for row in read.data)
        return Page(items=items, token=page.token, next=paging.following(read), has_more=read.has_more)
