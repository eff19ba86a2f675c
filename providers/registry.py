"""The providers of one process, by name and by what they can do."""

from collections.abc import Iterable, Mapping
from typing import TypeVar, cast

from providers.domain import Provider, ProviderMode
from providers.protocols import Directory, Vendor
from providers.shared import Shared

PowerT = TypeVar("PowerT")


class Providers:
    """Every vendor that runs, the directory, and what replicas share. Vendors that are off are known by name only."""

    def __init__(self, vendors: Iterable[Vendor], directory: Directory, shared: Shared | None = None) -> None:
        self.vendors: Mapping[Provider, Vendor] = {vendor.provider: vendor for vendor in vendors}
        self.directory = directory
        self.shared = shared
        self._able: dict[type, dict[Provider, object]] = {}

    def mode(self, provider: Provider) -> ProviderMode:
        """How a provider runs."""
        vendor = self.vendors.get(provider)
        return vendor.mode if vendor else ProviderMode.OFF

    def able(self, power: type[PowerT]) -> Mapping[Provider, PowerT]:
        """The providers that implement a protocol, in the order of the enum."""
        if power not in self._able:
            named = ((provider, self.vendors[provider]) for provider in Provider if provider in self.vendors)
            found = ((provider, _with(power, vendor)) for provider, vendor in named)
            self._able[power] = {provider: part for provider, part in found if part is not None}
        return cast("dict[Provider, PowerT]", self._able[power])

    async def aclose(self) -> None:
        """Close every connection."""
        for vendor in self.vendors.values():
            await vendor.aclose()
        await self.directory.aclose()
        if self.shared is not None:
            await self.shared.aclose()


def _with(power: type, vendor: Vendor) -> object | None:
    """The vendor, or the part of it, that implements a protocol."""
    return next((part for part in (vendor, *vendor.parts) if isinstance(part, power)), None)
