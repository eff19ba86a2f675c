"""The stack's reconciliation service: policies, and how pools and ledgers compared by them."""
