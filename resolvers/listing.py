"""Root lists that providers give one after another, page by page."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from providers.domain import Page, PageRequest, Provider
from providers.operation import Operation
from resolvers.context import Info
from resolvers.paging import Connection, Fetch, identity, window

T = TypeVar("T")
Lists = Callable[[PageRequest, Operation], Awaitable[Page[T]]]


async def listed(
    info: Info, vendors: Mapping[Provider, Lists[T]], *, of: tuple[Any, ...], first: int | None, after: str | None
) -> Connection[T]:
    """A window on the lists of all vendors. `of` is what tells this list from others."""
    context = info.context

    def source(lists: Lists[T]) -> Fetch[T]:
        return lambda page: lists(page, context.operation)

    sources = {name.value: source(lists) for name, lists in vendors.items()}
    connection = await window(sources, of=identity(*of), first=first, after=after)
    context.lacks(info.path, connection.problems)
    return connection
