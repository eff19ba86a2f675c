"""What a reconciliation service stores."""

from datetime import datetime

import msgspec

Balances = dict[str, int]
"""Amounts by asset, in its smallest unit."""


class Policy(msgspec.Struct):
    """A pool of payment accounts, and the accounts of a ledger that should mirror it. Names need not be unique."""

    id: str
    name: str
    created_at: datetime
    ledger: str
    query: dict[str, object]
    pool: str


class Reconciliation(msgspec.Struct):
    """One comparison. `drift` has no signs: the balances tell the direction."""

    id: str
    policy: str
    created_at: datetime
    at_ledger: datetime
    at_payments: datetime
    payments: Balances
    ledger: Balances
    drift: Balances
    error: str

    @property
    def status(self) -> str:
        """Not OK where the pool holds less than the ledger says."""
        return "NOT_OK" if self.error else "OK"


class Reconciliations(msgspec.Struct):
    """Everything that one service remembers, by id."""

    policies: dict[str, Policy] = {}
    rows: dict[str, Reconciliation] = {}

    def forget(self, policy: str) -> None:
        """Remove a policy and all that was compared by it."""
        self.policies.pop(policy, None)
        self.rows = {each: row for each, row in self.rows.items() if row.policy != policy}
