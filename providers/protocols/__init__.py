"""What resolvers may ask of a provider, and of the directory. The newer services' are in files of their own."""

from providers.protocols.directory import Directory, Writes
from providers.protocols.events import Events
from providers.protocols.reads import (
    DerivesLinks,
    ReadsAccounts,
    ReadsAccountsByBank,
    ReadsBalanceHistory,
    ReadsBalances,
    ReadsBankAccounts,
    ReadsConnectors,
    ReadsConnectorSettings,
    ReadsPayments,
    ReadsPools,
    ReadsTransfers,
    Vendor,
)

__all__ = [
    "DerivesLinks",
    "Directory",
    "Events",
    "ReadsAccounts",
    "ReadsAccountsByBank",
    "ReadsBalanceHistory",
    "ReadsBalances",
    "ReadsBankAccounts",
    "ReadsConnectorSettings",
    "ReadsConnectors",
    "ReadsPayments",
    "ReadsPools",
    "ReadsTransfers",
    "Vendor",
    "Writes",
]
