"""How many calls a vendor's rate comes to."""

import msgspec

from providers.costs import PageRate, Rate
from resolvers.paging import LARGEST_PAGE, MOST_CALLS, MOST_READS, largest_page

MOST_WANTED = 25
"""Calls that a page is made of at most, its own aside."""


class Calls(msgspec.Struct, frozen=True):
    """`linear` grows with the number of parents in proportion, `batched` less than that."""

    linear: int = 0
    batched: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.linear + self.batched

    def __add__(self, other: "Calls") -> "Calls":
        return Calls(self.linear + other.linear, self.batched + other.batched)


class Window(msgspec.Struct, frozen=True):
    """What a field's arguments say of the list that it wants."""

    size: int
    is_start: bool


def keyed(rate: Rate, keys: int, moments: int) -> Calls:
    """Calls for so many keys, which come at so many moments at the most: each moment has batches of its own."""
    if not keys:
        return Calls()
    if keys == 1 and rate.alone is not None:
        return Calls(rate.alone)
    if not rate.batch:
        return Calls(rate.each * keys)
    batches, moments = -(-keys // rate.batch), min(moments, keys)
    batched = max(batches, rate.least) if moments == 1 else rate.least * moments + batches - 1
    return Calls(rate.each * keys, batched)


def paged(rate: PageRate, window: Window, parents: int) -> Calls:
    """Calls for a window on a list, for so many parents.

    A cursor may come from a window of another size, so its pages may be as small as one item, or as large as can be.
    """
    page = rate.page
    if rate.wanted:
        page += min(MOST_WANTED, -(-window.size // rate.wanted)) if window.is_start else MOST_WANTED
    if rate.is_full and window.is_start:  # vendors give no larger pages
        return Calls(parents * page * min(MOST_READS, -(-window.size // LARGEST_PAGE)))
    reads = min(MOST_READS, window.size + 1) if rate.is_full else MOST_READS
    return Calls(parents * min(reads * page, MOST_CALLS - 1 + page))


def window(first: int, *, has_cursor: bool) -> Window:
    """A window that resolvers accept; they refuse others."""
    return Window(max(1, min(largest_page(), first)), is_start=not has_cursor)
