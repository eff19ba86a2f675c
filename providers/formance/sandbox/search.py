"""`/api/search`: what was found by words before stack 3, which no longer has this module."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import invalid
from providers.formance.sandbox.ledger.book import Book
from providers.formance.sandbox.oauth.bodies import body
from providers.formance.sandbox.payments import payment_wire
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.stack import Stack

_PAGE, _MOST = 15, 100
Found = Mapping[str, Any]


class Query(msgspec.Struct, rename="camel", omit_defaults=True):
    """What is looked for. Terms are words, or `field=word`; all of them count unless `policy` is `OR`."""

    ledgers: list[str] = []
    terms: list[str] = []
    policy: str = ""
    target: str = ""
    page_size: int = 0
    cursor: str = ""


class Place(msgspec.Struct):
    """What a cursor holds."""

    query: Query
    offset: int


class Search:
    """Looks through the stack's accounts, transactions and payments as they are now."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def routes(self, auth: Auth) -> list[Route]:
        """One. Though it only reads, it needs the right to write: it is asked with POST."""
        return [route("POST", "/api/search/", auth.protect(self._search))]

    async def _search(self, request: Request) -> Response:
        query = await body(request, Query)
        place = _place(query.cursor) if query.cursor else Place(query, 0)
        query = place.query
        kinds = {"ACCOUNT": self._accounts, "TRANSACTION": self._transactions, "PAYMENT": self._payments}
        if not query.target:
            return answer({"data": {kind: list(_passing(all_(), query))[:_PAGE] for kind, all_ in kinds.items()}})
        if query.target not in kinds:
            raise invalid(f"unknown target {query.target}")
        return answer({"cursor": _page(list(_passing(kinds[query.target](), query)), place)})

    def _accounts(self) -> Iterator[Found]:
        for book in self._books():
            for account in book.accounts.values():
                yield {"address": account.address, "ledger": book.name, "metadata": account.metadata}

    def _transactions(self) -> Iterator[Found]:
        for book in self._books():
            for made in reversed(book.transactions):
                yield {
                    "txid": made.id,
                    "ledger": book.name,
                    "reference": made.reference,
                    "timestamp": made.timestamp,
                    "postings": msgspec.to_builtins(made.postings),
                    "metadata": made.metadata,
                }

    def _payments(self) -> Iterator[Found]:
        state = self._stack.payments
        return (payment_wire(state.generation, payment) for payment in state.payments.values())

    def _books(self) -> list[Book]:
        return sorted(self._stack.books.values(), key=lambda book: book.name)


def _passing(found: Iterator[Found], query: Query) -> Iterator[Found]:
    does = any if query.policy.upper() == "OR" else all
    for each in found:
        if query.ledgers and each.get("ledger", query.ledgers[0]) not in query.ledgers:
            continue
        values = list(_values(each))
        if not query.terms or does(_has(values, term) for term in query.terms):
            yield each


def _values(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every word of a record, with the name of its field."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from _values(below, key)
    elif isinstance(value, list | tuple):
        for below in value:
            yield from _values(below, name)
    elif value is not None:
        yield name, str(value)


def _has(values: list[tuple[str, str]], term: str) -> bool:
    name, is_of_field, word = term.partition("=")
    if is_of_field:
        return (name, word) in values
    return any(term.lower() in text.lower() for _, text in values)


def _page(found: list[Found], place: Place) -> dict[str, object]:
    size = min(place.query.page_size or _PAGE, _MOST)
    end = place.offset + size
    page: dict[str, object] = {
        "pageSize": size,
        "hasMore": end < len(found),
        "total": {"value": len(found), "relation": "eq"},
        "data": found[place.offset : end],
    }
    if end < len(found):
        page["next"] = ids.encode(Place(place.query, end))
    if place.offset:
        page["previous"] = ids.encode(Place(place.query, max(0, place.offset - size)))
    return page


def _place(cursor: str) -> Place:
    try:
        return msgspec.json.decode(ids.decode(cursor), type=Place)
    except (ValueError, msgspec.DecodeError) as error:
        raise invalid("invalid 'cursor' query param") from error
