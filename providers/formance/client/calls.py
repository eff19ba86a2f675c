"""What all operations of the payments service share: how lists are asked for, and ids that name nothing.

A list call takes a filter and a page size, or the cursor of a page: the servers ignore everything beside a cursor.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TypeVar

import msgspec

from providers.errors import NotFound, ProviderError, Rejected, Unsupported
from providers.formance.models import Created, Cursor, Data, Envelope
from providers.formance.paging import PAGE
from providers.http import Endpoint, Query, Upstream
from providers.operation import Operation

ModelT = TypeVar("ModelT")

PATIENCE = 180.0
"""Seconds for what v3 servers answer only when a payment provider has."""

_CREATED = msgspec.json.Decoder(Data[Created])


class Listing(msgspec.Struct, frozen=True):
    """Which page of a list. `query` is a filter's JSON; "" is no filter, and the start of the list."""

    cursor: str = ""
    size: int = PAGE
    query: str = ""

    def parameters(self, *more: tuple[str, str]) -> Query:
        """The query string, with an endpoint's own parameters."""
        if self.cursor:
            return [("cursor", self.cursor)]
        query = [("query", self.query)] if self.query else []
        return [("pageSize", str(self.size)), *query, *more]


class Calls:
    """Operations of the payments service: each noun's are in the file of its name."""

    def __init__(self, upstream: Upstream, *, largest_page: int = PAGE) -> None:
        self._upstream = upstream
        self.largest_page = largest_page
        """Rows that a list is asked for at once, at most. Servers may give fewer."""
        self.kept = upstream.settings.kept
        """How old the answers to some reads may be; these take it as `max_age`, in seconds."""

    async def _page(
        self,
        endpoint: Endpoint,
        decoder: "msgspec.json.Decoder[Envelope[ModelT]]",
        listing: Listing,
        operation: Operation,
        *,
        path: Mapping[str, str] | None = None,
        max_age: float = 0.0,
    ) -> Cursor[ModelT]:
        query = listing.parameters()
        read = self._upstream.read(endpoint, decoder, operation, path=path, query=query, max_age=max_age)
        return (await read).cursor

    async def _one(
        self,
        endpoint: Endpoint,
        decoder: "msgspec.json.Decoder[Data[ModelT]]",
        operation: Operation,
        *,
        path: Mapping[str, str],
        max_age: float = 0.0,
    ) -> ModelT:
        with known_ids():
            return (await self._upstream.read(endpoint, decoder, operation, path=path, max_age=max_age)).data

    async def _create(
        self,
        endpoint: Endpoint,
        body: object,
        operation: Operation,
        *,
        patience: float | None = None,
    ) -> str:
        """Send a body once, and give the id of what was made."""
        content = msgspec.json.encode(body)
        write = self._upstream.write(endpoint, _CREATED, operation, content=content, patience=patience)
        return (await write).data.id

    async def _order(
        self,
        endpoint: Endpoint,
        operation: Operation,
        *,
        path: Mapping[str, str],
        body: object = None,
        patience: float | None = None,
    ) -> None:
        """Send an order once. What is answered does not matter."""
        content = b"" if body is None else msgspec.json.encode(body)
        await self._upstream.command(endpoint, operation, path=path, content=content, patience=patience)


class known_ids:  # noqa: N801 - used like a function
    """An id in the path that the server cannot read names nothing. So do those that it refuses with other `codes`."""

    __slots__ = ("_codes",)

    def __init__(self, *codes: str) -> None:
        self._codes = codes

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Rejected) and error.vendor_code in ("INVALID_ID", *self._codes):
            raise _as(NotFound, error) from error


@asynccontextmanager
async def routed() -> AsyncIterator[None]:
    """A refusal without a word of the service is the router's: this server has no such route."""
    try:
        yield
    except (NotFound, Rejected) as error:
        if error.vendor_code is not None or error.status not in {404, 405}:
            raise
        raise _as(Unsupported, error) from error


def _as(kind: type[ProviderError], error: ProviderError) -> ProviderError:
    return kind(error.provider, error.operation, status=error.status, vendor_code=error.vendor_code)
