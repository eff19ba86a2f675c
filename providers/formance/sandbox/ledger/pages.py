"""Pages of the ledger's lists. A cursor names the row that its page begins with, so pages stay put when rows come."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from providers.formance.sandbox import ids
from providers.formance.sandbox.errors import invalid
from providers.formance.sandbox.query import parsed
from providers.formance.sandbox.routing import answer

_DEFAULT = 15
MOST, OLD_MOST = 100, 1000
"""Rows of a page at the most, on the second and on the first API."""

Row = TypeVar("Row")


class Listing(msgspec.Struct, rename="camel"):
    """A list that was asked for: filter, parameters, page size, and the key of the row to begin with."""

    query: str
    options: dict[str, str]
    page_size: int
    expand: list[str] = []
    pagination_id: str | int | None = None

    @property
    def filter(self) -> dict[str, Any]:
        """The filter's expression. Raises VALIDATION."""
        return parsed(self.query.encode())

    def option(self, *names: str) -> str:
        """A parameter by any of its names."""
        return next((self.options[name] for name in names if self.options.get(name)), "")


async def asked(request: Request, *, most: int = MOST, size: Sequence[str] = ("pageSize",)) -> Listing:
    """What a request asks for. With a cursor, all else is as it was. Raises VALIDATION."""
    params = request.query_params
    cursor = params.get("cursor") or params.get("pagination_token")
    if cursor:
        return _resumed(cursor, most)
    count = next((params[name] for name in size if params.get(name)), "")
    text = params.get("query", "").encode() or await request.body()
    return Listing(
        query=text.decode("utf-8", "replace"),
        options=dict(params.items()),
        page_size=_page_size(count, most),
        expand=[word for part in params.getlist("expand") for word in part.split(",")],
    )


def _page_size(text: str, most: int) -> int:
    if not text:
        return _DEFAULT
    if not (text.isascii() and text.isdigit()):
        raise invalid("invalid 'pageSize' query param")
    return min(int(text[:9]), most) or _DEFAULT


def _resumed(cursor: str, most: int) -> Listing:
    try:
        listing = msgspec.json.decode(ids.decode(cursor), type=Listing)
    except (ValueError, msgspec.DecodeError) as error:
        raise invalid("invalid 'cursor' query param") from error
    if not 0 < listing.page_size <= most:
        raise invalid("invalid 'cursor' query param")
    return listing


def page(
    listing: Listing, rows: Sequence[Row], key: Callable[[Row], str | int]
) -> tuple[Sequence[Row], dict[str, Any]]:
    """The rows of the page, of all that match in order, and its envelope without them."""
    start = 0
    if listing.pagination_id is not None:
        wanted = listing.pagination_id
        start = next((place for place, row in enumerate(rows) if key(row) == wanted), len(rows))
    end = start + listing.page_size
    cursor: dict[str, Any] = {"pageSize": listing.page_size, "hasMore": end < len(rows)}
    if start > 0:
        cursor["previous"] = _at(listing, key(rows[max(0, start - listing.page_size)]))
    if end < len(rows):
        cursor["next"] = _at(listing, key(rows[end]))
    return rows[start:end], cursor


def envelope(
    listing: Listing,
    rows: Sequence[Row],
    key: Callable[[Row], str | int],
    render: Callable[[Row], Mapping[str, Any]],
) -> Response:
    """The page as it is answered."""
    found, cursor = page(listing, rows, key)
    return answer({"cursor": {**cursor, "data": [render(row) for row in found]}})


def _at(listing: Listing, key: str | int) -> str:
    return ids.encode(msgspec.structs.replace(listing, pagination_id=key))
