"""Request bodies of the reconciliation service, and what it says of those that it does not take."""

from datetime import datetime

import msgspec

from providers.formance.sandbox.bodies import Moment, wire_name
from providers.formance.sandbox.errors import invalid


class NewPolicy(msgspec.Struct, rename=wire_name):
    """A policy to be made. Neither its pool nor its ledger need be there."""

    name: str | None = None
    ledger_name: str | None = None
    ledger_query: dict[str, object] | None = None
    payments_pool_id: str | None = None

    def check(self) -> None:
        """Raises VALIDATION for the first field that is missing."""
        if not self.name:
            raise invalid("missing name")
        if not self.ledger_name:
            raise invalid("missing ledgerName")
        if not self.payments_pool_id:
            raise invalid("missing paymentsPoolId")


class NewReconciliation(msgspec.Struct, rename="camel"):
    """The times for which both sides shall be compared."""

    reconciled_at_ledger: Moment | None = None
    reconciled_at_payments: Moment | None = None

    def times(self, now: datetime) -> tuple[datetime, datetime]:
        """Of the ledger and of the pool. Raises VALIDATION where one is missing or lies ahead."""
        if self.reconciled_at_ledger is None:
            raise invalid("missing reconciledAtLedger")
        if self.reconciled_at_ledger > now:
            raise invalid("reconciledAtLedger must be in the past")
        if self.reconciled_at_payments is None:
            raise invalid("missing reconciledAtPayments")
        if self.reconciled_at_payments > now:
            raise invalid("ReconciledAtPayments must be in the past")
        return self.reconciled_at_ledger, self.reconciled_at_payments
