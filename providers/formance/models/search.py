"""What the search module takes and answers."""

import msgspec


class SearchRequest(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    """What is looked for. Everything but the cursor is ignored beside one."""

    target: str = ""
    terms: tuple[str, ...] = ()
    ledgers: tuple[str, ...] = ()
    policy: str = ""
    sort: str = ""
    page_size: int = 0
    cursor: str = ""


class SearchTotal(msgspec.Struct, frozen=True, gc=False):
    """How many there are. `relation` says whether that is exact (`eq`)."""

    value: int | None = None
    relation: str | None = None


class SearchCursor(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """One page of what was found."""

    data: tuple[msgspec.Raw, ...] | None = None
    has_more: bool | None = None
    next: str | None = None
    total: SearchTotal | None = None


class SearchResponse(msgspec.Struct, frozen=True, gc=False):
    """The answer to a search with a target."""

    cursor: SearchCursor = SearchCursor()
