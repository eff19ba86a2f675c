"""The wallets service: wallets, their balances and holds, read in batches from the ledger that keeps them."""

from providers.formance.wallets.reads import WalletReads
from providers.formance.wallets.writes import WalletWrites

__all__ = ["WalletReads", "WalletWrites"]
"""The parts of the provider."""
