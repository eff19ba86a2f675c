"""The stack's services as parts of a provider's server."""

from providers.domain import Provider, ServerModule
from providers.formance import models


def modules(raw: models.Versions) -> tuple[ServerModule, ...]:
    """By name: the gateway lists its services in no order."""
    return tuple(
        ServerModule(version.name, version.version or None, version.health, Provider.FORMANCE)
        for version in sorted(raw.versions, key=lambda version: version.name)
    )
