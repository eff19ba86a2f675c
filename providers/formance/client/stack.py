"""The gateway's own operations."""

import msgspec

from providers.formance.models import Versions
from providers.http import Endpoint, Upstream
from providers.operation import Operation

GET_VERSIONS = Endpoint("get_versions", "GET", "/versions")

_VERSIONS = msgspec.json.Decoder(Versions)


class StackService:
    """What the gateway knows of the services behind it."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def get_versions(self, operation: Operation) -> Versions:
        """Every service with its version and health."""
        return await self._upstream.read(GET_VERSIONS, _VERSIONS, operation)
