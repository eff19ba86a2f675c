"""What may be asked of a provider's search and of its modules. The rules are those of `providers.protocols.reads`."""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from providers.domain import ModuleKey, Page, PageRequest, SearchHit, SearchQuery
from providers.errors import Outcome
from providers.operation import Operation


@runtime_checkable
class Searches(Protocol):
    """Looks through what it has."""

    async def search(self, query: SearchQuery, page: PageRequest, operation: Operation) -> Page[SearchHit]:
        """What there is of one kind. Raises a `ProviderError`; `Unsupported` where there is no search."""


@runtime_checkable
class ReportsVersions(Protocol):
    """Has modules that say of themselves what they are."""

    async def reported_versions(
        self, keys: Sequence[ModuleKey], operation: Operation
    ) -> Mapping[ModuleKey, Outcome[str]]:
        """The version that each module reports. Modules that cannot be asked are left out."""
