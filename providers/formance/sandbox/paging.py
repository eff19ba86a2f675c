"""List parameters in, cursor envelope out.

A cursor is the whole query with its offset, so whatever else comes along with it is ignored.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from providers.formance.sandbox import ids
from providers.formance.sandbox.errors import invalid
from providers.formance.sandbox.query import parsed
from providers.formance.sandbox.routing import answer

_DEFAULT, _MAXIMUM = 15, 100

Row = TypeVar("Row")


class Filters(msgspec.Struct, rename="camel"):
    """The query proper: filter expression, page size, sort clauses (v2), and what the endpoint adds."""

    qb: dict[str, object]
    page_size: int
    options: dict[str, str] = {}
    sort: list[str] = []


class Listing(msgspec.Struct, rename="camel"):
    """One page that was asked for."""

    offset: int
    order: int
    page_size: int
    filters: Filters


async def asked(request: Request, *, size: str = "pageSize", options: Sequence[str] = ()) -> Listing:
    """The page that a request asks for. `size` names the parameter that holds the page size.

    Raises VALIDATION for a page size that is no natural number, for an unreadable cursor and for an unreadable filter.
    """
    params = request.query_params
    cursor = params.get("cursor")
    if cursor:
        return _resumed(cursor)
    count = page_size(params.get(size, ""))
    text = await request.body() or params.get("query", "").encode()
    filters = Filters(
        qb=parsed(text),
        page_size=count,
        options={name: params[name] for name in options if params.get(name)},
        sort=params.getlist("sort"),
    )
    return Listing(offset=0, order=0, page_size=count, filters=filters)


def page_size(text: str) -> int:
    """15 unless told; never more than 100."""
    if not text:
        return _DEFAULT
    if not (text.isascii() and text.isdigit()):
        raise invalid("invalid 'pageSize' query param")
    return min(int(text[:9]), _MAXIMUM) or _DEFAULT


def _resumed(cursor: str) -> Listing:
    try:
        listing = msgspec.json.decode(ids.decode(cursor), type=Listing)
    except (ValueError, msgspec.DecodeError) as error:
        raise invalid("invalid 'cursor' query param") from error
    if listing.offset < 0 or not 0 < listing.page_size <= _MAXIMUM:
        raise invalid("invalid 'cursor' query param")
    return listing


def envelope(listing: Listing, rows: Sequence[Row], render: Callable[[Row], Mapping[str, object]]) -> Response:
    """The page of `rows`, which are all rows that match, in order."""
    start, end = listing.offset, listing.offset + listing.page_size
    cursor: dict[str, object] = {"pageSize": listing.page_size, "hasMore": end < len(rows)}
    if start > 0:
        cursor["previous"] = _at(listing, max(0, start - listing.page_size))
    if end < len(rows):
        cursor["next"] = _at(listing, end)
    cursor["data"] = [render(row) for row in rows[start:end]]
    return answer({"cursor": cursor})


def _at(listing: Listing, offset: int) -> str:
    return ids.encode(msgspec.structs.replace(listing, offset=offset))
