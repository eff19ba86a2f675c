"""Connections, edges and page info, by the Relay cursor connections specification."""

from typing import Generic, TypeVar

import strawberry

from schema.fields import described
from schema.problem import UpstreamProblem

NodeT = TypeVar("NodeT")


@strawberry.type(description="Where a window lies in its list.")
class PageInfo:
    """GraphQL `PageInfo`, backed by `resolvers.paging.PageInfo`."""

    has_next_page: bool = described("True when there is more after `endCursor`.")
    has_previous_page: bool = described("True when the window does not start at the list's start.")
    start_cursor: str | None = described("The first edge's cursor. Null when there is none.")
    end_cursor: str | None = described("The cursor to go on from. Null when the window is empty and nothing follows.")


@strawberry.type(description="An item of a list and its place there.")
class Edge(Generic[NodeT]):
    """GraphQL `<Node>Edge`, backed by `resolvers.paging.Edge`."""

    cursor: str = described("The place behind this item: give it as `after` to go on from here. Opaque.")
    node: NodeT = described("The item.")


@strawberry.type(description="A window on a list.")
class Connection(Generic[NodeT]):
    """GraphQL `<Node>Connection`, backed by `resolvers.paging.Connection`."""

    edges: list[Edge[NodeT]] = described("The items with their cursors.")
    nodes: list[NodeT] = described("The items alone.")
    page_info: PageInfo = described("Where the window lies in the list.")
    total_count: int | None = described(
        "How many items the whole list has. Null unless the provider gives the number without another call."
    )
    problems: list[UpstreamProblem] = described(
        "Providers whose part of the list is missing. When there are any, `errors` has an entry with this list's "
        "path and the code `PARTIAL_RESULT`."
    )
