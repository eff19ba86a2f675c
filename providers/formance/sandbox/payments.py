"""`/api/payments/payments`: payments with their adjustments."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import not_found
from providers.formance.sandbox.paging import asked, envelope
from providers.formance.sandbox.query import Column, Grammar
from providers.formance.sandbox.records import Adjustment, Generation, Payment, metadata, timestamp
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.schemes import stored_scheme
from providers.formance.sandbox.state import State, selected


def _nothing(_payment: Payment) -> None:
    """A column that is empty in every row: the sandbox knows no service users and no open banking."""


_COLUMNS: dict[Generation, dict[str, Column]] = {
    "v2": {
        "reference": Column(lambda payment: payment.reference, is_comparable=True),
        "type": Column(lambda payment: payment.kind),
        "status": Column(lambda payment: payment.status),
        "asset": Column(lambda payment: payment.asset),
        "connectorID": Column(lambda payment: payment.connector.id),
        "amount": Column(lambda payment: payment.amount, is_comparable=True),
        "initialAmount": Column(lambda payment: payment.initial_amount, is_comparable=True),
    },
    "v3": {
        "id": Column(lambda payment: payment.id),
        "reference": Column(lambda payment: payment.reference),
        "connector_id": Column(lambda payment: payment.connector.id),
        "type": Column(lambda payment: payment.kind),
        "asset": Column(lambda payment: payment.asset),
        "scheme": Column(lambda payment: stored_scheme(payment.scheme)),
        "status": Column(lambda payment: payment.status),
        "source_account_id": Column(lambda payment: payment.source),
        "destination_account_id": Column(lambda payment: payment.destination),
        "psu_id": Column(_nothing),
        "open_banking_connection_id": Column(_nothing),
        "amount": Column(lambda payment: payment.amount, is_comparable=True),
        "initial_amount": Column(lambda payment: payment.initial_amount, is_comparable=True),
    },
}


class Payments:
    """The payment endpoints of one server."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._grammar = Grammar(
            state.generation, "payments", _COLUMNS[state.generation], lifts_metadata=state.generation == "v2"
        )

    def routes(self, auth: Auth) -> list[Route]:
        """Reads only."""
        return [
            route("GET", "/api/payments/payments", auth.protect(self._list)),
            route("GET", "/api/payments/payments/{id}", auth.protect(self._get)),
        ]

    async def _list(self, request: Request) -> Response:
        listing = await asked(request)
        return envelope(listing, selected(self._state.payments.values(), listing, self._grammar), self._rendered)

    async def _get(self, request: Request) -> Response:
        payment = self._state.payments.get(ids.checked(request.path_params["id"]))
        if payment is None:
            raise not_found(self._state.generation, "payment")
        return answer({"data": payment_wire(self._state.generation, payment)})

    def _rendered(self, payment: Payment) -> Mapping[str, object]:
        return payment_wire(self._state.generation, payment)


def payment_wire(generation: Generation, payment: Payment) -> Mapping[str, object]:
    """A payment as it is answered. v3 keeps the provider's own object in the adjustments only."""
    return {
        "id": payment.id,
        "reference": payment.reference,
        "sourceAccountID": payment.source,
        "destinationAccountID": payment.destination,
        "type": payment.kind,
        "provider": payment.connector.provider,
        "connectorID": payment.connector.id,
        "status": payment.status,
        "amount": payment.amount,
        "initialAmount": payment.initial_amount,
        "scheme": payment.scheme,
        "asset": payment.asset,
        "createdAt": timestamp(payment.created_at),
        "raw": payment.adjustments[-1].raw if generation == "v2" else None,
        "adjustments": [_adjustment(adjustment) for adjustment in payment.adjustments],
        "metadata": metadata(generation, payment.metadata),
    }


def _adjustment(adjustment: Adjustment) -> Mapping[str, object]:
    return {
        "reference": adjustment.reference,
        "createdAt": timestamp(adjustment.created_at),
        "status": adjustment.status,
        "amount": adjustment.amount,
        "raw": adjustment.raw,
    }
