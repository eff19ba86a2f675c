"""How a pool and a ledger are compared: the pool's sum plus the ledger's, which is below zero where they agree."""

from collections.abc import Mapping
from datetime import datetime

from providers.formance.sandbox.errors import RefusedError, internal
from providers.formance.sandbox.ledger.book import Book
from providers.formance.sandbox.ledger.records import Version
from providers.formance.sandbox.ledger.sums import sums
from providers.formance.sandbox.pools import sums_at
from providers.formance.sandbox.reconciliation.records import Balances, Policy, Reconciliation
from providers.formance.sandbox.state import State


class Comparing:
    """Asks the other services of the stack. What they refuse, this service fails at."""

    def __init__(self, payments: State, books: Mapping[str, Book], version: Version) -> None:
        self._payments, self._books, self._version = payments, books, version

    def compared(
        self, policy: Policy, *, id: str, now: datetime, at_ledger: datetime, at_payments: datetime
    ) -> Reconciliation:
        """A pool and its ledger accounts, each at a time. An asset that one side lacks counts as zero there."""
        payments, ledger = self._pool(policy.pool, at_payments), self._ledger(policy, at_ledger)
        assets = sorted(payments | ledger)
        payments, ledger = ({asset: side.get(asset, 0) for asset in assets} for side in (payments, ledger))
        drift = {asset: payments[asset] + ledger[asset] for asset in assets}
        return Reconciliation(
            id=id,
            policy=policy.id,
            created_at=now,
            at_ledger=at_ledger,
            at_payments=at_payments,
            payments=payments,
            ledger=ledger,
            drift={asset: abs(amount) for asset, amount in drift.items()},
            error="; ".join(f"balance drift for asset {asset}" for asset, amount in drift.items() if amount < 0),
        )

    def _pool(self, identifier: str, at: datetime) -> Balances:
        pool = self._payments.pools.get(identifier)
        if pool is None:
            raise internal("v2", "failed to get pool balances")
        return sums_at(self._payments, pool, at)

    def _ledger(self, policy: Policy, at: datetime) -> Balances:
        book = self._books.get(policy.ledger)
        if book is None:
            raise internal("v2", "failed to get aggregated balances: ledger not found")
        try:
            return sums(book, policy.query, self._version, until=at)
        except RefusedError as error:
            raise internal("v2", f"failed to get aggregated balances: {error.message}") from error
