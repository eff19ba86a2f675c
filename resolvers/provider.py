"""Where the state of the providers comes from."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from providers.domain import ModuleKey, ProviderStatus, ServerModule
from resolvers.context import Info


async def providers(info: Info) -> Sequence[ProviderStatus]:
    """Every provider, asked at most every ten seconds."""
    return await info.context.health.statuses()


async def reported_version(
    root: strawberry.Parent[ServerModule],
    info: Info,
    api: Annotated[
        int | None,
        strawberry.argument(
            description="Which generation of the module's own API is asked, 1 or 2. The newest one when omitted."
        ),
    ] = None,
) -> str | None:
    """The module's own word on its version."""
    loader = info.context.loaders.reported_versions_by_module.get(root.provider)
    return None if loader is None else await loader.load(ModuleKey(root.name, api or 0))
