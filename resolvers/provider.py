"""Where the state of the providers comes from."""

from collections.abc import Sequence

from providers.domain import ProviderStatus
from resolvers.context import Info


async def providers(info: Info) -> Sequence[ProviderStatus]:
    """Every provider, asked at most every ten seconds."""
    return await info.context.health.statuses()
