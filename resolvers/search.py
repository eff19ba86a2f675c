"""What a provider's search finds."""

from functools import partial
from typing import Annotated

import strawberry

from providers.domain import SearchHit, SearchQuery, SearchTarget
from providers.protocols.search import Searches
from resolvers.context import Info
from resolvers.listing import listed
from resolvers.paging import After, Connection, First
from resolvers.problems import BadInput

_MOST = 100


async def search(
    info: Info,
    target: Annotated[SearchTarget, strawberry.argument(description="What is looked through.")],
    *,
    terms: Annotated[
        list[str] | None,
        strawberry.argument(description="Words, or `field=word`, up to 100. Everything is found when there are none."),
    ] = None,
    is_any: Annotated[
        bool, strawberry.argument(description="True where one of the terms is enough. Otherwise all must be there.")
    ] = False,
    ledgers: Annotated[
        list[str] | None,
        strawberry.argument(description="Names of the only ledgers that are looked through, up to 100. All if none."),
    ] = None,
    sort: Annotated[
        str | None, strawberry.argument(description="In the stack's words, such as `id:asc`. As it likes when omitted.")
    ] = None,
    first: First = 20,
    after: After = None,
) -> Connection[SearchHit]:
    """What there is of one kind."""
    if max(len(terms or ()), len(ledgers or ())) > _MOST:
        raise BadInput(f"At most {_MOST} terms and ledgers can be given.")
    query = SearchQuery(target=target, terms=tuple(terms or ()), ledgers=tuple(ledgers or ()), is_any=is_any, sort=sort)
    vendors = {name: partial(vendor.search, query) for name, vendor in info.context.providers.able(Searches).items()}
    return await listed(info, vendors, of=("search", query), first=first, after=after)
