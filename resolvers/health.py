"""Whether each provider answers. Asked at most once in a while, by whoever wants to know first."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from providers.domain import Provider, ProviderHealth, ProviderMode, ProviderStatus, ServerModule
from providers.errors import ProviderError
from providers.operation import Operation
from providers.protocols import Vendor
from providers.registry import Providers


class Health:
    """The last known state of all providers, at most `lifetime` seconds old. A probe may take `patience` seconds."""

    def __init__(
        self,
        providers: Providers,
        *,
        lifetime: float = 10.0,
        patience: float = 3.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._providers, self._lifetime, self._patience, self._clock = providers, lifetime, patience, clock
        self._statuses: Sequence[ProviderStatus] = ()
        self._good_until = 0.0
        self._lock = asyncio.Lock()

    async def statuses(self) -> Sequence[ProviderStatus]:
        """One status for each provider of the enum, in its order."""
        if self._clock() < self._good_until:
            return self._statuses
        async with self._lock:
            if self._clock() >= self._good_until:
                self._statuses = await asyncio.gather(*map(self._status, Provider))
                self._good_until = self._clock() + self._lifetime
        return self._statuses

    async def _status(self, provider: Provider) -> ProviderStatus:
        vendor = self._providers.vendors.get(provider)
        if vendor is None:
            return ProviderStatus(
                provider=provider, mode=ProviderMode.OFF, health=ProviderHealth.UNKNOWN, capabilities=()
            )
        return await self._probed(vendor)

    async def _probed(self, vendor: Vendor) -> ProviderStatus:
        modules: tuple[ServerModule, ...] = ()
        problem_code = None
        try:
            modules = await vendor.probe(Operation(timeout=self._patience))
        except ProviderError as error:
            problem_code = error.code
        return ProviderStatus(
            provider=vendor.provider,
            mode=vendor.mode,
            health=ProviderHealth.DOWN if problem_code else ProviderHealth.UP,
            capabilities=vendor.capabilities,
            modules=modules,
            problem_code=problem_code,
            checked_at=datetime.now(UTC),
        )
