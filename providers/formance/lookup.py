"""Many objects of one list by their ids, in as few calls as URLs allow."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from providers.errors import NotFound, Outcome, ProviderError
from providers.formance import filters, paging
from providers.formance.client.calls import Listing
from providers.formance.filters import Question
from providers.formance.generation import Generation
from providers.formance.models import Cursor
from providers.operation import Operation


class Identified(Protocol):
    """A wire record with an id."""

    @property
    def id(self) -> str:
        """The vendor's id."""


RowT = TypeVar("RowT", bound=Identified)


class Lookup(Generic[RowT]):
    """Reads by id: `get` one, or a `page` of the list, whose vendor operation is named `operation`."""

    def __init__(
        self,
        generation: Generation,
        *,
        operation: str,
        get: Callable[[str, Operation], Awaitable[RowT]],
        page: Callable[[Listing, Operation], Awaitable[Cursor[RowT]]],
    ) -> None:
        self._generation, self._operation = generation, operation
        self._get, self._page = get, page

    async def rows(self, references: Mapping[str, str], operation: Operation) -> dict[str, Outcome[RowT]]:
        """Rows by id, for ids whose references are given. An id that the vendor does not know is left out.

        v2 servers cannot filter by id. References are not unique, so whatever else they find is dropped.
        """
        if not references:
            return {}
        if len(references) == 1:
            return await self._one(next(iter(references)), operation)
        try:
            generation = await self._generation.current(operation)
        except ProviderError as error:
            return dict.fromkeys(references, error)
        terms = [_term(row_id, reference, generation) for row_id, reference in references.items()]
        parts = await asyncio.gather(*(self._many(each, operation) for each in filters.questions(terms)))
        return {row_id: outcome for part in parts for row_id, outcome in part.items()}

    async def _one(self, row_id: str, operation: Operation) -> dict[str, Outcome[RowT]]:
        try:
            row = await self._get(row_id, operation)
        except NotFound:
            return {}
        except ProviderError as error:
            return {row_id: error}
        return {row_id: row} if row.id == row_id else {}

    async def _many(self, question: Question[str], operation: Operation) -> dict[str, Outcome[RowT]]:
        wanted, query = set(question.subjects), filters.text(question.expression)

        async def ask(cursor: str) -> Cursor[RowT]:
            return await self._page(Listing(cursor, query=query), operation)

        def is_complete(rows: Sequence[RowT]) -> bool:
            return wanted <= {row.id for row in rows}

        try:
            read = await paging.stretch(ask, pages=paging.LONGEST_LIST, is_enough=is_complete)
        except ProviderError as error:
            return dict.fromkeys(wanted, error)
        found: dict[str, Outcome[RowT]] = {row.id: row for row in read.rows if row.id in wanted}
        if read.next is None or wanted <= found.keys():
            return found
        return {**dict.fromkeys(wanted, paging.endless(self._operation)), **found}


def _term(row_id: str, reference: str, generation: str) -> filters.Term[str]:
    brief = filters.match("reference", reference)
    return filters.term(row_id, brief if generation == "v2" else filters.match("id", row_id), brief=brief)
