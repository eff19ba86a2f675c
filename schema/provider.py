"""The state of the providers."""

from datetime import datetime

import strawberry

from providers.domain import Capability, Provider, ProviderHealth, ProviderMode
from resolvers.problems import ProblemCode
from schema.fields import described


@strawberry.type(description="A part of a provider's server.")
class ServerModule:
    """GraphQL `ServerModule`, backed by `providers.domain.ServerModule`."""

    name: str = described("Its name, such as `payments`.")
    version: str | None = described("Its version. Null when it does not say.")
    is_healthy: bool | None = described("Whether the server calls it healthy. Null when it does not say.")


@strawberry.type(description="A provider, how it runs and whether it answers.")
class ProviderStatus:
    """GraphQL `ProviderStatus`, backed by `providers.domain.ProviderStatus`."""

    provider: Provider = described("Which provider.")
    mode: ProviderMode = described("What stands behind it.")
    health: ProviderHealth = described("Whether it answered when it was last asked, at most some ten seconds ago.")
    capabilities: list[Capability] = described("What it can be asked for. Empty when it is off.")
    modules: list[ServerModule] = described("The parts of its server. Empty when it does not list them.")
    problem_code: ProblemCode | None = described("Why it is down. Null when it is not.")
    checked_at: datetime | None = described("When it was last asked. Null when it is off.")
