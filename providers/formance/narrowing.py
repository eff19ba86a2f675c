"""Rows of a list that v3 servers filter and v2 servers do not."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from providers.errors import ProviderError
from providers.formance import filters, paging
from providers.formance.client.calls import Listing
from providers.formance.filters import Expression, Term
from providers.formance.generation import Generation
from providers.formance.models import Cursor
from providers.operation import Operation

RowT = TypeVar("RowT")
SubjectT = TypeVar("SubjectT")


class Narrowing(Generic[RowT]):
    """Reads of a list, whose vendor operation is named `operation`. v2's whole list answers for everything."""

    def __init__(
        self,
        generation: Generation,
        *,
        operation: str,
        page: Callable[[Listing, Operation], Awaitable[Cursor[RowT]]],
    ) -> None:
        self._generation, self._operation, self._page = generation, operation, page

    async def rows(
        self, terms: Sequence[Term[SubjectT]], operation: Operation
    ) -> list[tuple[tuple[SubjectT, ...], list[RowT] | ProviderError]]:
        """Rows for each group of subjects, and others among them: it is for the caller to look at each row."""
        if not terms:
            return []
        everyone = tuple(term.subject for term in terms)
        try:
            generation = await self._generation.current(operation)
        except ProviderError as error:
            return [(everyone, error)]
        if generation == "v2":
            return [(everyone, await self._outcome("", operation))]
        questions = filters.questions(terms)
        rows = await asyncio.gather(*(self._outcome(filters.text(each.expression), operation) for each in questions))
        return [(question.subjects, part) for question, part in zip(questions, rows, strict=True)]

    async def found(self, expression: Expression, operation: Operation) -> list[RowT]:
        """At least all rows that the expression finds. Raises a `ProviderError`."""
        generation = await self._generation.current(operation)
        fits = generation != "v2" and filters.fits(expression)
        return await self.everything(filters.text(expression) if fits else "", operation)

    async def everything(self, query: str, operation: Operation) -> list[RowT]:
        """All rows of the list that a filter's JSON finds. Raises a `ProviderError`."""

        async def ask(cursor: str) -> Cursor[RowT]:
            return await self._page(Listing(cursor, query=query), operation)

        return await paging.everything(ask, self._operation)

    async def _outcome(self, query: str, operation: Operation) -> list[RowT] | ProviderError:
        try:
            return await self.everything(query, operation)
        except ProviderError as error:
            return error
