"""What the stack's search finds, and what its modules say of themselves."""

import asyncio
from collections.abc import Mapping, Sequence

from providers.domain import ModuleKey, Page, PageRequest, SearchHit, SearchQuery
from providers.errors import Outcome, ProviderError, Unsupported
from providers.formance.client.information import INFO, InformationService
from providers.formance.client.search import SearchService
from providers.formance.models.search import SearchCursor, SearchRequest
from providers.http import Endpoint
from providers.operation import Operation

_LARGEST = 100


class Search:
    """Implements `Searches`."""

    def __init__(self, service: SearchService) -> None:
        self._service = service

    async def search(self, query: SearchQuery, page: PageRequest, operation: Operation) -> Page[SearchHit]:
        """One call."""
        found = await self._service.search(_request(query, page), operation)
        return Page(
            items=tuple(SearchHit(target=query.target, raw=raw) for raw in found.data or ()),
            token=page.token,
            next=found.next or None,
            has_more=bool(found.has_more),
            total=_total(found),
        )


class Modules:
    """Implements `ReportsVersions`."""

    def __init__(self, service: InformationService) -> None:
        self._service = service

    async def reported_versions(
        self, keys: Sequence[ModuleKey], operation: Operation
    ) -> Mapping[ModuleKey, Outcome[str]]:
        """One call for each module, at once. One without the route reports nothing."""
        endpoints = {key: endpoint for key in keys if (endpoint := _endpoint(key))}
        told = await asyncio.gather(*(self._told(endpoint, operation) for endpoint in endpoints.values()))
        return {key: version for key, version in zip(endpoints, told, strict=True) if version is not None}

    async def _told(self, endpoint: Endpoint, operation: Operation) -> Outcome[str] | None:
        try:
            return (await self._service.get_info(endpoint, operation)).reported
        except Unsupported:
            return None
        except ProviderError as error:
            return error


def _endpoint(key: ModuleKey) -> Endpoint | None:
    if key.api:
        return INFO.get((key.name, key.api))
    return INFO.get((key.name, 2)) or INFO.get((key.name, 1))


def _request(query: SearchQuery, page: PageRequest) -> SearchRequest:
    if page.token:
        return SearchRequest(target=query.target, cursor=page.token)
    return SearchRequest(
        target=query.target,
        terms=query.terms,
        ledgers=query.ledgers,
        policy="OR" if query.is_any else "AND",
        sort=query.sort or "",
        page_size=min(page.size, _LARGEST),
    )


def _total(found: SearchCursor) -> int | None:
    """How many there are, where that is exact."""
    total = found.total
    return total.value if total is not None and total.relation in {"eq", None} else None
