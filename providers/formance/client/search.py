"""The search module, which the vendor has deprecated: stacks of the third generation have none."""

import msgspec

from providers.formance.models.search import SearchCursor, SearchRequest, SearchResponse
from providers.http import Endpoint, Upstream
from providers.operation import Operation

SEARCH = Endpoint("search", "POST", "/api/search/")

_FOUND = msgspec.json.Decoder(SearchResponse)


class SearchService:
    """Its one operation."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def search(self, body: SearchRequest, operation: Operation) -> SearchCursor:
        """A page of what there is of one target."""
        content = msgspec.json.encode(body)
        return (await self._upstream.read(SEARCH, _FOUND, operation, content=content)).cursor
