"""What Formance can be asked for. It has no customers of its own: accounts may name ours in their metadata."""

from providers.domain import Capability

CAPABILITIES = (
    Capability.ACCOUNTS,
    Capability.BALANCES,
    Capability.BALANCE_HISTORY,
    Capability.PAYMENTS,
    Capability.POOLS,
    Capability.CONNECTORS,
    Capability.BANK_ACCOUNTS,
    Capability.TRANSFERS,
    Capability.LEDGER,
    Capability.WALLETS,
    Capability.WORKFLOWS,
    Capability.RECONCILIATION,
    Capability.WEBHOOKS,
    Capability.OAUTH,
    Capability.SEARCH,
    Capability.WRITES,
)
