"""Windows over sources, and cursors, by themselves."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.domain import Page
from resolvers import paging
from resolvers.problems import BadInput


def paged(items: list[int], *, page: int) -> paging.Fetch[int]:
    """A vendor whose pages have at most `page` items and are told apart by their offset; a wish may be smaller."""

    async def fetch(request: Any) -> Page[int]:
        start = int(request.token or 0)
        end = start + min(page, request.size)
        has_more = end < len(items)
        return Page(items=tuple(items[start:end]), token=request.token, next=str(end) if has_more else None)

    return fetch


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lengths=st.lists(st.integers(0, 30), min_size=1, max_size=4),
    page=st.integers(1, 12),
    first=st.integers(1, 100),
)
async def test_any_window_over_any_sources_loses_and_doubles_nothing(lengths: list[int], page: int, first: int) -> None:
    """Whatever the vendors' page sizes are, and whichever of them have nothing."""
    sources: dict[str, paging.Fetch[int]] = {}
    expected: list[int] = []
    for number, length in enumerate(lengths):
        items = list(range(1000 * number, 1000 * number + length))
        expected += items
        sources[f"s{number}"] = paged(items, page=page)
    found: list[int] = []
    after = None
    while True:
        connection = await paging.window(sources, of="list", first=first, after=after)
        found += connection.nodes
        after = connection.page_info.end_cursor
        if not connection.page_info.has_next_page:
            break

    assert found == expected


async def test_a_window_gives_up_on_a_vendor_that_sends_empty_pages() -> None:
    """After some pages the client gets an empty window and a cursor; it is never stuck and never waits for ever."""
    asked: list[str] = []

    async def fetch(request: Any) -> Page[int]:
        asked.append(request.token)
        return Page(items=(), token=request.token, next=str(len(asked)))

    connection = await paging.window({"s": fetch}, of="list", first=10, after=None)

    assert len(asked) == 25
    assert connection.page_info.has_next_page
    assert paging.decode(connection.page_info.end_cursor, of="list") == paging.Place("list", "s", "25")


def test_a_first_page_without_items_is_no_dead_end() -> None:
    """A scan that found nothing yet says where it goes on."""
    connection = paging.first_page(Page[int](items=(), next="t", has_more=True), of="list", first=5, source="s")

    assert connection.page_info.has_next_page
    assert paging.decode(connection.page_info.end_cursor, of="list") == paging.Place("list", "s", "t")


@settings(max_examples=50)
@given(text=st.text(max_size=60))
def test_no_text_but_a_cursor_is_taken_for_one(text: str) -> None:
    """Bad input is named so."""
    with pytest.raises(BadInput, match="not one that this list gave out"):
        paging.decode(text, of="list")


@given(source=st.text(), token=st.text(max_size=200), skip=st.integers(0, 1_000_000))
def test_a_cursor_gives_its_place_back(source: str, token: str, skip: int) -> None:
    """Vendors' tokens come back as they were."""
    place = paging.Place("list", source, token, skip)

    assert paging.decode(paging.encode(place), of="list") == place
