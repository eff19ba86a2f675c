"""What is known of a provider as a whole: how it runs, whether it answers, what it can do."""

from datetime import datetime
from enum import StrEnum

import msgspec

from providers.domain.ref import Provider


class ProviderMode(StrEnum):
    """What stands behind a provider."""

    LIVE = "live"
    SANDBOX = "sandbox"
    OFF = "off"


class ProviderHealth(StrEnum):
    """Whether a provider answered when it was last asked."""

    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"


class Capability(StrEnum):
    """Something that a provider can be asked for."""

    CUSTOMERS = "customers"
    ACCOUNTS = "accounts"
    BALANCES = "balances"
    BALANCE_HISTORY = "balance_history"
    PAYMENTS = "payments"
    POOLS = "pools"
    CONNECTORS = "connectors"
    BANK_ACCOUNTS = "bank_accounts"
    TRANSFERS = "transfers"
    LEDGER = "ledger"
    WALLETS = "wallets"
    WORKFLOWS = "workflows"
    RECONCILIATION = "reconciliation"
    WEBHOOKS = "webhooks"
    OAUTH = "oauth"
    SEARCH = "search"
    WRITES = "writes"


class ServerModule(msgspec.Struct, frozen=True, gc=False):
    """A part of the provider's server, with its version when the server tells it."""

    name: str
    version: str | None
    is_healthy: bool | None
    provider: Provider


class ModuleKey(msgspec.Struct, frozen=True, gc=False):
    """A part of a provider's server to be asked for its version. `api` is the generation of its API; 0: the newest."""

    name: str
    api: int = 0


class ProviderStatus(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One provider. `checked_at` is None when it has not been asked (it is off)."""

    provider: Provider
    mode: ProviderMode
    health: ProviderHealth
    capabilities: tuple[Capability, ...]
    modules: tuple[ServerModule, ...] = ()
    problem_code: str | None = None
    checked_at: datetime | None = None
