"""Who asks, and what they may: the scopes and the customers of their token. There is no other model of access."""

from enum import StrEnum

import msgspec


class Scope(StrEnum):
    """A part of the graph that a caller may be let into, as it is written in a token's `scope`."""

    CUSTOMERS_READ = "customers:read"
    ACCOUNTS_READ = "accounts:read"
    ACCOUNTS_WRITE = "accounts:write"
    PAYMENTS_READ = "payments:read"
    PAYMENTS_WRITE = "payments:write"
    TRANSFERS_READ = "transfers:read"
    TRANSFERS_WRITE = "transfers:write"
    POOLS_READ = "pools:read"
    POOLS_WRITE = "pools:write"
    BANK_ACCOUNTS_READ = "bank-accounts:read"
    BANK_ACCOUNTS_WRITE = "bank-accounts:write"
    CONNECTORS_READ = "connectors:read"
    CONNECTORS_ADMIN = "connectors:admin"
    LEDGER_READ = "ledger:read"
    LEDGER_WRITE = "ledger:write"
    WALLETS_READ = "wallets:read"
    WALLETS_WRITE = "wallets:write"
    WORKFLOWS_READ = "workflows:read"
    WORKFLOWS_WRITE = "workflows:write"
    RECONCILIATION_READ = "reconciliation:read"
    RECONCILIATION_WRITE = "reconciliation:write"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_ADMIN = "webhooks:admin"
    OAUTH_READ = "oauth:read"
    OAUTH_ADMIN = "oauth:admin"
    SEARCH_READ = "search:read"
    PROVIDERS_READ = "providers:read"
    SCHEMA_READ = "schema:read"
    """Introspection, where it is not open to everybody."""
    TRACES_READ = "traces:read"
    """The vendor calls of an operation, its cost and its plan."""
    METRICS_READ = "metrics:read"
    """What the server counts of all operations and vendor calls."""


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever sent an operation."""

    id: str
    """Who it is, the same for all of its tokens: issuer and subject. Empty where nobody has to say."""
    scopes: frozenset[Scope]
    customers: frozenset[str] | None
    """The directory's ids of the only customers that it may see; None when it may see all."""
    expires_at: float | None = None
    """Seconds since 1970 when its token ends; None when it has none."""

    @property
    def is_bound(self) -> bool:
        """True when it may see some customers only."""
        return self.customers is not None

    def may(self, scope: Scope) -> bool:
        """Whether it is let into a part of the graph."""
        return scope in self.scopes


ANYBODY = Caller(id="", scopes=frozenset(Scope), customers=None)
"""The caller where nobody has to say who they are: it may do everything."""

NOBODY = Caller(id="", scopes=frozenset(), customers=frozenset())
"""Who has to say who they are and has not yet: it may do nothing."""
