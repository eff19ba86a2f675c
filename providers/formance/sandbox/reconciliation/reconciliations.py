"""`/api/reconciliation/reconciliations`: what came of comparing, and the order to compare once more."""

import uuid
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.bodies import body
from providers.formance.sandbox.errors import not_found
from providers.formance.sandbox.ledger.records import Version
from providers.formance.sandbox.paging import asked, envelope
from providers.formance.sandbox.query import Column, Grammar, predicate
from providers.formance.sandbox.reconciliation.bodies import NewReconciliation
from providers.formance.sandbox.reconciliation.comparing import Comparing
from providers.formance.sandbox.reconciliation.records import Reconciliation
from providers.formance.sandbox.records import timestamp
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.stack import Stack

_ROOT = "/api/reconciliation/reconciliations"
_GRAMMAR = Grammar("v2", "reconciliations", {"policyID": Column(lambda row: row.policy)}, has_metadata=False)


class Comparisons:
    """Reads, and the one write: comparing now, at times that have passed."""

    def __init__(self, stack: Stack, version: Version) -> None:
        self._stack, self._state = stack, stack.reconciliation
        self._comparing = Comparing(stack.payments, stack.books, version)

    def routes(self, auth: Auth) -> list[Route]:
        """All three."""
        return [
            route("GET", _ROOT, auth.protect(self._list)),
            route("GET", f"{_ROOT}/{{id}}", auth.protect(self._get)),
            route("POST", "/api/reconciliation/policies/{id}/reconciliation", auth.protect(self._reconcile)),
        ]

    async def _list(self, request: Request) -> Response:
        listing = await asked(request)
        wanted = predicate(listing.filters.qb, _GRAMMAR)
        rows = [row for row in self._state.rows.values() if wanted is None or wanted(row)]
        return envelope(listing, sorted(rows, key=lambda row: row.created_at, reverse=True), _wire)

    async def _get(self, request: Request) -> Response:
        row = self._state.rows.get(ids.checked_uuid(request.path_params["id"]))
        if row is None:
            raise not_found("v2", "reconciliation")
        return answer({"data": _wire(row)})

    async def _reconcile(self, request: Request) -> Response:
        now = self._stack.moments.now()
        at_ledger, at_payments = (await body(request, NewReconciliation)).times(now)
        policy = self._state.policies.get(ids.checked_uuid(request.path_params["id"]))
        if policy is None:
            raise not_found("v2", "policy")
        row = self._comparing.compared(
            policy, id=str(uuid.uuid4()), now=now, at_ledger=at_ledger, at_payments=at_payments
        )
        self._state.rows[row.id] = row
        return answer({"data": _wire(row)})


def _wire(row: Reconciliation) -> Mapping[str, object]:
    return {
        "id": row.id,
        "policyID": row.policy,
        "createdAt": timestamp(row.created_at),
        "reconciledAtLedger": timestamp(row.at_ledger),
        "reconciledAtPayments": timestamp(row.at_payments),
        "status": row.status,
        "paymentsBalances": row.payments,
        "ledgerBalances": row.ledger,
        "driftBalances": row.drift,
        "error": row.error,
    }
