"""Lists of the wallets service: its cursors are the ledger's, which hold the whole query."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from providers.formance.sandbox import ids
from providers.formance.sandbox.errors import RefusedError, invalid
from providers.formance.sandbox.routing import answer

_USUAL, _MOST = 15, 100
_NOTE = re.compile(r"metadata\[(.+)\]")

RowT = TypeVar("RowT")


class Query(msgspec.Struct):
    """One page that was asked for, and which rows."""

    filters: dict[str, str]
    size: int
    offset: int = 0

    def notes(self) -> dict[str, str]:
        """The customer's own notes that a row must have."""
        named = ((_NOTE.fullmatch(key), value) for key, value in self.filters.items())
        return {found[1]: value for found, value in named if found}


def asked(request: Request) -> Query:
    """What is asked for. Beside a cursor nothing else counts; a size that is no number makes the service fail."""
    params = request.query_params
    if params.get("cursor"):
        try:
            return msgspec.json.decode(ids.decode(params["cursor"]), type=Query)
        except (ValueError, msgspec.DecodeError) as error:
            raise invalid("invalid cursor") from error
    text = params.get("pageSize", "")
    if text and not (text.isascii() and text.isdigit()):
        raise RefusedError(500, "INTERNAL_ERROR", f'strconv.ParseInt: parsing "{text}": invalid syntax')
    size = min(int(text[:9] or 0), _MOST) or _USUAL
    return Query({key: value for key, value in params.items() if key != "pageSize"}, size)


def page(query: Query, rows: Sequence[RowT], render: Callable[[RowT], Mapping[str, object]]) -> Response:
    """The page of all rows that match."""
    end = query.offset + query.size
    cursor: dict[str, object] = {"pageSize": query.size, "hasMore": end < len(rows)}
    if query.offset:
        cursor["previous"] = _at(query, max(0, query.offset - query.size))
    if end < len(rows):
        cursor["next"] = _at(query, end)
    cursor["data"] = [render(row) for row in rows[query.offset : end]]
    return answer({"cursor": cursor})


def _at(query: Query, offset: int) -> str:
    return ids.encode(msgspec.structs.replace(query, offset=offset))
