"""One page of a vendor's list, and where to read on. Tokens are the vendor's business: nobody else looks inside."""

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class PageRequest(msgspec.Struct, frozen=True, gc=False):
    """Which page is wanted. `token` is "" for the start; `size` is a wish, a token may already fix it."""

    token: str = ""
    size: int = 20


class Page(msgspec.Struct, Generic[T], frozen=True, gc=False, kw_only=True):
    """Items in the vendor's order. `token` names this page, so that it can be read again.

    `next` is the token of the following page, when the vendor gives one. `has_more` may be true without it: then the
    rest is reached by reading this page again with a larger size. `calls` is how many answers of the vendor made it.
    """

    items: tuple[T, ...]
    token: str = ""
    next: str | None = None
    has_more: bool = False
    total: int | None = None
    calls: int = 1
