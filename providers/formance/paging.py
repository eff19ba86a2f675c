"""Reading on from one page of a list to the next, with an end to it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from providers.domain import Provider
from providers.errors import Garbled
from providers.formance.models import Cursor

RowT = TypeVar("RowT")

PAGE = 100
"""Rows of the largest page that servers give unless set otherwise; they cut larger wishes down without a word."""

LONGEST_LIST = 100
"""Pages of a list that must be read to its end."""


class Stretch(msgspec.Struct, Generic[RowT], frozen=True):
    """Rows of one or more pages in a row. `next` is None at the end of the list."""

    rows: list[RowT]
    next: str | None
    pages: int = 1


async def stretch(
    ask: Callable[[str], Awaitable[Cursor[RowT]]],
    *,
    start: str = "",
    pages: int,
    is_enough: Callable[[Sequence[RowT]], bool] = lambda _: False,
) -> Stretch[RowT]:
    """Read pages from cursor `start` until the list ends, the rows are enough, or `pages` have been read."""
    rows: list[RowT] = []
    cursor: str | None = start
    read = 0
    while read < pages:
        page = await ask(cursor or "")
        read += 1
        rows += page.data
        before, cursor = cursor, following(page)
        if cursor is None or cursor == before or is_enough(rows):
            break
    return Stretch(rows, cursor, read)


async def everything(ask: Callable[[str], Awaitable[Cursor[RowT]]], operation: str) -> list[RowT]:
    """All rows of a list. One that does not end is `Garbled`: a part of it must not pass for the whole."""
    read = await stretch(ask, pages=LONGEST_LIST)
    if read.next is not None:
        raise endless(operation)
    return read.rows


def endless(operation: str) -> Garbled:
    """The error for a list that is longer than can be read."""
    return Garbled(Provider.FORMANCE, operation, "The provider's list has more pages than can be read.")


def following(page: Cursor[RowT]) -> str | None:
    """The cursor of the next page, when there is one."""
    return page.next if page.has_more and page.next else None
