"""Relay connections over the vendors' paging: opaque cursors, and windows that may span pages and vendors.

A cursor names a place that can be read again: a list, a source of it (a provider), a vendor's page there (its own
token), and how many items of that page come before. Lists that are held in memory use the key of the last item instead.
"""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import Annotated, Generic, TypeVar

import msgspec
import strawberry

from providers.domain import Page, PageRequest
from providers.errors import ProviderError
from resolvers.ids import from_text, to_text
from resolvers.problems import BadInput, UpstreamProblem, upstream_problem

T = TypeVar("T")

LARGEST_PAGE = 100
"""Items of one window at most, where the operator has not set another number."""
USUAL_PAGE = 20
MOST_READS = 25
"""Vendor pages read for one window at most; then the client is given a cursor to go on from."""
MOST_CALLS = 50
"""After so many vendor calls for one window no further page is read: some pages are made of several answers."""
_LONGEST_CURSOR = 16_384
"""Vendors put whole filters into their tokens."""

First = Annotated[
    int | None, strawberry.argument(description="How many items at most: 0 to 100, if the server sets no other limit.")
]
After = Annotated[str | None, strawberry.argument(description="Start after this cursor, an `endCursor` or an edge's.")]
Fetch = Callable[[PageRequest], Awaitable[Page[T]]]


class PageInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Where a window lies in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


class Edge(msgspec.Struct, Generic[T], frozen=True):
    """An item and the place after it."""

    cursor: str
    node: T


class Connection(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """A window on a list. `places` gives the place after each item: it is seldom asked for."""

    nodes: Sequence[T]
    places: Callable[[], Iterable["Place"]]
    page_info: PageInfo
    total_count: int | None = None
    problems: tuple[UpstreamProblem, ...] = ()

    @property
    def edges(self) -> Sequence[Edge[T]]:
        """The items with their cursors."""
        return [Edge(encode(place), node) for place, node in zip(self.places(), self.nodes, strict=True)]


class Place(msgspec.Struct, array_like=True, frozen=True):
    """What a cursor holds. `list` is the list's `identity`; the rest is empty at its start."""

    list: str
    source: str = ""
    token: str = ""
    skip: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0

    @property
    def is_start(self) -> bool:
        """True at the start of a source."""
        return not self.token and not self.skip


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Place)


def identity(*parts: object) -> str:
    """A short name for a list, made of all that tells it from other lists: its cursors are refused by those."""
    return to_text(hashlib.blake2b(_encoder.encode(parts), digest_size=6).digest())


def encode(place: Place) -> str:
    """A place as an opaque cursor."""
    return to_text(_encoder.encode(place))


def decode(cursor: str | None, *, of: str) -> Place:
    """The place in a cursor of the list `of`; its start when there is none. Raises `BadInput`."""
    if cursor is None:
        return Place(of)
    try:
        place = _decoder.decode(from_text(cursor, longest=_LONGEST_CURSOR))
    except (ValueError, msgspec.DecodeError):
        raise bad_cursor() from None
    if place.list != of:
        raise bad_cursor()
    return place


def bad_cursor() -> BadInput:
    """The error for a cursor that this list did not give out."""
    return BadInput("The cursor is not one that this list gave out.")


_largest: ContextVar[int] = ContextVar("largest_page", default=LARGEST_PAGE)


def allow(largest: int) -> None:
    """Let windows of the operation that is being answered hold so many items."""
    _largest.set(largest)


def largest_page() -> int:
    """How many items a window of this operation may hold."""
    return _largest.get()


def checked(first: int | None) -> int:
    """A page size that is allowed; the usual one for an explicit null. Raises `BadInput`."""
    if first is None:
        return USUAL_PAGE
    if not 0 <= first <= largest_page():
        raise BadInput(f"`first` must be between 0 and {largest_page()}.")
    return first


async def window(sources: Mapping[str, Fetch[T]], *, of: str, first: int | None, after: str | None) -> Connection[T]:
    """`first` items of the list `of`: of its sources one after another, from a cursor on. A source that fails is
    passed over. Raises the `ProviderError` when the only source fails.
    """
    start = decode(after, of=of)
    names = list(sources)
    if start != Place(of) and start.source not in names:
        raise bad_cursor()
    reader = _Reader[T](start, checked(first))
    for name in names[names.index(start.source) if start.source else 0 :]:
        place = start if name == start.source else Place(of, name)
        try:
            await reader.read(sources[name], place)
        except ProviderError as error:
            if len(names) == 1:
                raise
            reader.problems.append(upstream_problem(error))
        if reader.is_full:
            reader.has_more = reader.has_more or name != names[-1]
            break
    is_start = start.is_start and start.source in ("", *names[:1])
    return reader.connection(is_start=is_start, total=len(names) == 1)


class _Reader(Generic[T]):
    """Collects a window page by page."""

    def __init__(self, start: Place, first: int) -> None:
        self._start, self._first = start, first
        self._nodes: list[T] = []
        self._taken: list[tuple[Page[T], Place, int]] = []
        """Pages, the places where they were begun to be read, and how many of their items were taken."""
        self._end: Place | None = None
        self._total: int | None = None
        self.has_more = False
        self.problems: list[UpstreamProblem] = []

    @property
    def is_full(self) -> bool:
        return self.has_more or len(self._nodes) >= self._first

    async def read(self, fetch: Fetch[T], place: Place) -> None:
        """Take from a source until the window is full or the source ends."""
        calls = 0
        for _ in range(MOST_READS):
            size = max(1, min(largest_page(), place.skip + self._first - len(self._nodes)))
            page = await fetch(PageRequest(place.token, size))
            self.take(page, place)
            calls += page.calls
            if self.has_more or page.next is None:
                return
            place = Place(place.list, place.source, page.next, max(0, place.skip - len(page.items)))
            if len(self._nodes) >= self._first or calls >= MOST_CALLS:
                break
        self.has_more, self._end = True, place

    def take(self, page: Page[T], place: Place) -> None:
        """Take what fits from a page, after the items that the place skips."""
        self._total = page.total
        end = place.skip + self._first - len(self._nodes)
        items = page.items[place.skip : end]
        if items:
            self._nodes += items
            self._taken.append((page, place, len(items)))
        self.has_more = end < len(page.items)

    def connection(self, *, is_start: bool, total: bool = False) -> Connection[T]:
        """What was collected."""
        return Connection(
            nodes=self._nodes,
            places=self._places,
            page_info=PageInfo(
                has_next_page=self.has_more,
                has_previous_page=not is_start,
                start_cursor=encode(next(self._places())) if self._taken else None,
                end_cursor=self._last_cursor(),
            ),
            total_count=self._total if total else None,
            problems=tuple(self.problems),
        )

    def _places(self) -> Iterator[Place]:
        for page, place, number in self._taken:
            for count in range(place.skip + 1, place.skip + number + 1):
                yield _place_after(page, place, count)

    def _last_cursor(self) -> str | None:
        if self._end is not None:
            return encode(self._end)
        if self._taken:
            page, place, number = self._taken[-1]
            return encode(_place_after(page, place, place.skip + number))
        return encode(self._start) if self.has_more else None


def _place_after(page: Page[T], place: Place, count: int) -> Place:
    """The place behind the first `count` items of a page."""
    if count >= len(page.items) and page.next is not None:
        return Place(place.list, place.source, page.next)
    return Place(place.list, place.source, place.token, count)


def first_page(page: Page[T], *, of: str, first: int | None, source: str) -> Connection[T]:
    """The window that a page already holds, read from the start of the list `of`."""
    start = Place(of, source)
    reader = _Reader[T](start if page.items else _place_after(page, start, 0), checked(first))
    reader.take(page, start)
    reader.has_more = reader.has_more or page.has_more
    return reader.connection(is_start=True, total=True)


def held(
    items: Sequence[tuple[str, T]],
    *,
    of: str,
    first: int | None,
    after: str | None,
    problems: Sequence[UpstreamProblem] = (),
) -> Connection[T]:
    """A window on a list that is in memory, ordered by each item's key. Items that vanished do not disturb it."""
    start = decode(after, of=of)
    rest = sorted((item for item in items if item[0] > start.token), key=lambda item: item[0])
    chosen = rest[: checked(first)]
    has_more = len(rest) > len(chosen)
    end = Place(of, token=chosen[-1][0]) if chosen else start if has_more else None
    return Connection(
        nodes=[node for _, node in chosen],
        places=lambda: [Place(of, token=key) for key, _ in chosen],
        page_info=PageInfo(
            has_next_page=has_more,
            has_previous_page=not start.is_start,
            start_cursor=encode(Place(of, token=chosen[0][0])) if chosen else None,
            end_cursor=encode(end) if end else None,
        ),
        total_count=None if problems else len(items),
        problems=tuple(problems),
    )
