"""The ledger service: books of accounts and transactions, which the wallets service keeps its money in, too."""
