"""What Finicity can be asked for. Balances come with the accounts and take no call of their own."""

from providers.domain import Capability

CAPABILITIES = (Capability.CUSTOMERS, Capability.ACCOUNTS, Capability.BALANCES, Capability.WRITES)
