"""What modules say of themselves. Some wrap it in `data`, some do not, and ledgers do both."""

import msgspec


class Told(msgspec.Struct, frozen=True, gc=False):
    """What is said, wherever it stands."""

    version: str | None = None
    server: str | None = None


class ModuleInfo(msgspec.Struct, frozen=True, gc=False):
    """The answer of a module's `_info`."""

    version: str | None = None
    data: Told | None = None

    @property
    def reported(self) -> str | None:
        """The version; None when it does not say."""
        return self.version or (self.data.version if self.data else None) or None
