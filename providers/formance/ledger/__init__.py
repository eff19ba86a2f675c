"""The ledger service: ledgers, their accounts and transactions, by either of its APIs."""
