"""The state of the providers."""

from datetime import datetime

import strawberry

from providers.domain import Capability, Provider, ProviderHealth, ProviderMode
from resolvers import provider as resolve
from resolvers.caller import Scope
from resolvers.problems import ProblemCode
from schema.costs import Cost, load
from schema.fields import described, resolved_by

MODULES = 10
"""Parts that a provider's server is taken to have."""


@strawberry.type(description="A part of a provider's server.")
class ServerModule:
    """GraphQL `ServerModule`, backed by `providers.domain.ServerModule`."""

    name: str = described("Its name, such as `payments`.")
    version: str | None = described("Its version. Null when it does not say.")
    is_healthy: bool | None = described("Whether the server calls it healthy. Null when it does not say.")
    reported_version: str | None = resolved_by(
        resolve.reported_version,
        "Its version by its own word, asked for now. Null when it has no such API, does not say, or could not be "
        "asked. One more call for each module.",
        needs=Scope.PROVIDERS_READ,
        cost=Cost(weight=1, loads=load("reported_versions_by_module")),
    )


@strawberry.type(description="A provider, how it runs and whether it answers.")
class ProviderStatus:
    """GraphQL `ProviderStatus`, backed by `providers.domain.ProviderStatus`."""

    provider: Provider = described("Which provider.")
    mode: ProviderMode = described("What stands behind it.")
    health: ProviderHealth = described("Whether it answered when it was last asked, at most some ten seconds ago.")
    capabilities: list[Capability] = described("What it can be asked for. Empty when it is off.")
    modules: list[ServerModule] = described(
        "The parts of its server. Empty when it does not list them.", cost=Cost(assumed=MODULES)
    )
    problem_code: ProblemCode | None = described("Why it is down. Null when it is not.")
    checked_at: datetime | None = described("When it was last asked. Null when it is off.")
