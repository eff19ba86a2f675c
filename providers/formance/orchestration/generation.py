"""Which API of the orchestration service is used: the newest that the server has."""

import time
from collections.abc import Callable

from providers.errors import NotFound, ProviderError, Unauthorized, Unsupported
from providers.formance.client.orchestration import FlowCalls, OrchestrationService
from providers.formance.generation import REMEMBERED
from providers.operation import Operation


class OrchestrationGeneration:
    """The API, "v1" or "v2": as it was set, or as the server says."""

    def __init__(self, service: OrchestrationService, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._service, self._clock = service, clock
        self._known = "" if service.setting == "auto" else service.setting
        self._ask_again_at = 0.0

    async def api(self, operation: Operation) -> FlowCalls:
        """Its operations. Raises a `ProviderError` when the server has never told."""
        if self._service.setting == "auto" and self._clock() >= self._ask_again_at:
            try:
                self._known = await self._asked(operation)
            except ProviderError:
                if not self._known:
                    raise
            else:
                self._ask_again_at = self._clock() + REMEMBERED
        return self._service.apis[self._known]

    async def _asked(self, operation: Operation) -> str:
        try:
            try:
                await self._service.get_server_info(operation, authenticated=False)
            except Unauthorized:
                await self._service.get_server_info(operation, authenticated=True)
        except (NotFound, Unsupported):
            return "v1"
        return "v2"
