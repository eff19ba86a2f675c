"""What Pluggy can be asked for."""

from providers.domain import Capability

CAPABILITIES: tuple[Capability, ...] = (Capability.ACCOUNTS, Capability.BALANCES, Capability.WRITES)
