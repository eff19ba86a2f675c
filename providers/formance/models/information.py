"""What modules say of themselves. Some wrap it in `data`, some do not, and ledgers do both."""

from datetime import datetime

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


class Migration(msgspec.Struct, frozen=True, gc=False):
    """One step that a ledger's storage has taken, or has to."""

    version: int | str | None = None
    name: str | None = None
    date: datetime | None = None
    state: str | None = None


class Storage(msgspec.Struct, frozen=True, gc=False):
    """How a ledger is stored."""

    migrations: tuple[Migration, ...] | None = None


class StoredLedger(msgspec.Struct, frozen=True, gc=False):
    """One ledger."""

    name: str | None = None
    storage: Storage | None = None


class LedgerInfo(msgspec.Struct, frozen=True, gc=False):
    """The answer of one ledger's `_info`."""

    data: StoredLedger
