"""Where connectors come from."""

from providers.domain import Connector, Page, PageRequest
from providers.protocols import ReadsConnectors
from resolvers.context import Info, RequestContext
from resolvers.holdings import customers_of
from resolvers.paging import After, Connection, Fetch, First, held, identity, window


async def connectors(info: Info, first: First = 20, after: After = None) -> Connection[Connector]:
    """All connectors: the organisation's, so that a bound caller has none."""
    if info.context.caller.is_bound:
        return held([], of=identity("connectors", customers_of(info.context)), first=first, after=after)
    sources = {
        name.value: _listing(vendor, info.context)
        for name, vendor in info.context.providers.able(ReadsConnectors).items()
    }
    connection = await window(sources, of=identity("connectors"), first=first, after=after)
    info.context.lacks(info.path, connection.problems)
    return connection


def _listing(vendor: ReadsConnectors, context: RequestContext) -> Fetch[Connector]:
    async def fetch(page: PageRequest) -> Page[Connector]:
        connectors = tuple(await vendor.list_connectors(context.operation))
        return Page(items=connectors, token=page.token, total=len(connectors))

    return fetch
