"""What may be ordered of a provider that compares pools with ledgers. The rules are those of all orders."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec

from providers.domain import Ref
from providers.operation import Operation


class PolicyOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A policy to be made. `ledger_query` is the ledger's filter over its accounts, as JSON."""

    name: str
    ledger: Ref
    ledger_query: msgspec.Raw
    pool: Ref


class ReconciliationOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A comparison to be made, of what both sides held at times that have passed."""

    policy: Ref
    at_ledger: datetime
    at_payments: datetime


@runtime_checkable
class WritesReconciliation(Protocol):
    """Makes policies, and compares by them.

    Neither has a name that is its own: whoever may have to look an outcome up asks beforehand what is there already.
    """

    async def create_policy(self, order: PolicyOrder, operation: Operation) -> Ref:
        """Make a policy."""

    async def find_policies(self, order: PolicyOrder, operation: Operation) -> Sequence[Ref]:
        """All policies that are like the order, newest first."""

    async def delete_policy(self, policy: Ref, operation: Operation) -> None:
        """Delete a policy with all that was compared by it."""

    async def reconcile(self, order: ReconciliationOrder, operation: Operation) -> Ref:
        """Compare, and keep what comes of it."""

    async def newest_reconciliation(self, policy: Ref, operation: Operation) -> Ref | None:
        """The last one that was made by a policy."""

    async def find_reconciliation(
        self, order: ReconciliationOrder, since: Ref | None, operation: Operation
    ) -> Ref | None:
        """One that is like the order, and was made after the one that was the newest then."""
