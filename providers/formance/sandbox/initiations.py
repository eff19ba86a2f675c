"""`/api/payments/transfer-initiations`: transfers and payouts that were asked for, with their steps and payments."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import RefusedError, internal, not_found
from providers.formance.sandbox.paging import asked, envelope
from providers.formance.sandbox.query import Column, Grammar
from providers.formance.sandbox.records import Generation, Initiation, Step, metadata, timestamp
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.state import State, selected

NOUN: dict[Generation, str] = {"v2": "transfer initiation", "v3": "payment initiation"}
"""What the servers call it in their messages."""

_UNSCHEDULED = "0001-01-01T00:00:00Z"
_COLUMNS: dict[Generation, dict[str, Column]] = {
    "v2": {
        "reference": Column(lambda row: row.reference),
        "source_account_id": Column(lambda row: row.source),
        "destination_account_id": Column(lambda row: row.destination),
    },
    "v3": {
        "id": Column(lambda row: row.id),
        "reference": Column(lambda row: row.reference),
        "connector_id": Column(lambda row: row.connector.id),
        "type": Column(lambda row: row.kind),
        "asset": Column(lambda row: row.asset),
        "source_account_id": Column(lambda row: row.source),
        "destination_account_id": Column(lambda row: row.destination),
        "status": Column(lambda row: row.status),
        "amount": Column(lambda row: row.amount, is_comparable=True),
    },
}


class Initiations:
    """The reads of transfer initiations of one server."""

    def __init__(self, state: State) -> None:
        self._state = state
        generation = state.generation
        self._grammar = Grammar(
            generation, f"{NOUN[generation]}s", _COLUMNS[generation], has_metadata=generation == "v3"
        )

    def routes(self, auth: Auth) -> list[Route]:
        """Reads only."""
        return [
            route("GET", "/api/payments/transfer-initiations", auth.protect(self._list)),
            route("GET", "/api/payments/transfer-initiations/{id}", auth.protect(self._get)),
        ]

    async def _list(self, request: Request) -> Response:
        """v2 takes a filter that it does not understand for an error of its own."""
        listing = await asked(request)
        try:
            rows = selected(self._state.initiations.values(), listing, self._grammar)
        except RefusedError as error:
            is_clause = error.message.endswith("validation error")
            raise internal("v2", error.message) if self._state.generation == "v2" and is_clause else error from error
        return envelope(listing, rows, self._listed)

    async def _get(self, request: Request) -> Response:
        """Only here are steps and payments told, and only here does v3 tell a scheduled one from one in work."""
        found = self._state.initiations.get(ids.checked(request.path_params["id"]))
        if found is None:
            raise not_found(self._state.generation, NOUN[self._state.generation])
        generation = self._state.generation
        return answer(
            {
                "data": {
                    **initiation_wire(generation, found),
                    "relatedPayments": [self._payment(found, each) for each in found.payments],
                    "relatedAdjustments": [_step(generation, step) for step in found.steps],
                }
            }
        )

    def _listed(self, initiation: Initiation) -> Mapping[str, object]:
        row = dict(initiation_wire(self._state.generation, initiation))
        if row["status"] == "SCHEDULED_FOR_PROCESSING":
            row["status"] = "PROCESSING"
        return row

    def _payment(self, initiation: Initiation, identifier: str) -> Mapping[str, object]:
        """v3 tells the payment's status, v2 the initiation's."""
        payment = self._state.payments[identifier]
        body: dict[str, object] = {"paymentID": identifier, "createdAt": timestamp(payment.created_at)}
        if self._state.generation == "v3":
            return {**body, "status": payment.status}
        return {**body, "status": initiation.status, "error": ""}


def initiation_wire(generation: Generation, initiation: Initiation) -> Mapping[str, object]:
    """A transfer initiation as every answer has it."""
    scheduled_at = initiation.scheduled_at
    return {
        "id": initiation.id,
        "reference": initiation.reference,
        "createdAt": timestamp(initiation.created_at),
        "scheduledAt": timestamp(scheduled_at) if scheduled_at else _UNSCHEDULED,
        "description": initiation.description,
        "sourceAccountID": initiation.source,
        "destinationAccountID": initiation.destination,
        "connectorID": initiation.connector.id,
        "provider": initiation.connector.provider,
        "type": initiation.kind,
        "amount": initiation.amount,
        "initialAmount": initiation.initial_amount,
        "asset": initiation.asset,
        "status": initiation.status,
        "error": initiation.steps[0].error,
        "metadata": metadata(generation, initiation.metadata),
    }


def _step(generation: Generation, step: Step) -> Mapping[str, object]:
    return {
        "adjustmentID": step.id,
        "createdAt": timestamp(step.created_at),
        "status": step.status,
        "error": step.error,
        "metadata": metadata(generation, {}),
    }
