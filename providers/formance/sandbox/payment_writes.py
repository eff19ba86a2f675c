"""Writes to `/api/payments/payments`: payments made by hand, and metadata."""

from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.account_writes import by_hand
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.bodies import Metadata, NewPayment, body
from providers.formance.sandbox.errors import RefusedError, invalid, not_found
from providers.formance.sandbox.moments import Moments
from providers.formance.sandbox.news import News
from providers.formance.sandbox.payments import payment_wire
from providers.formance.sandbox.records import Adjustment, Payment
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.schemes import answered_scheme
from providers.formance.sandbox.state import State
from providers.formance.sandbox.validation import Field, check, check_past


class PaymentWrites:
    """Writes to payments of one server."""

    def __init__(self, state: State, moments: Moments, news: News) -> None:
        self._state, self._moments, self._news = state, moments, news

    def routes(self, auth: Auth) -> list[Route]:
        """Creation and metadata."""
        return [
            route("POST", "/api/payments/payments", auth.protect(self._create)),
            route("PATCH", "/api/payments/payments/{id}/metadata", auth.protect(self._annotate)),
        ]

    async def _create(self, request: Request) -> Response:
        """A payment that is there already: v2 changes it; v3 leaves it and answers as if it had not been there."""
        new = await body(request, NewPayment)
        payment = self._made(new, raw=msgspec.json.decode(await request.body()))
        if self._state.generation == "v2" or payment.id not in self._state.payments:
            self._state.payments[payment.id] = payment
            self._news.payment(payment)
        return answer({"data": payment_wire(self._state.generation, payment)})

    async def _annotate(self, request: Request) -> Response:
        generation = self._state.generation
        identifier = ids.checked(request.path_params["id"])
        try:
            changes = await body(request, Metadata)
        except RefusedError as error:
            raise error if generation == "v2" else invalid(error.message) from error
        if not changes:
            raise invalid("metadata must be provided")
        payment = self._state.payments.get(identifier)
        if payment is None:
            raise not_found(generation, "payment metadata", verb="update")
        noted = msgspec.structs.replace(payment, metadata={**payment.metadata, **changes})
        self._state.payments[payment.id] = noted
        return Response(status_code=204)

    def _made(self, new: NewPayment, *, raw: dict[str, object]) -> Payment:
        created_at = self._check(new)
        connector = by_hand(self._state, new.connector_id or "", what="payment creation")
        reference, kind, amount = new.reference or "", new.type or "", new.amount or 0
        status = new.status or ""
        return Payment(
            id=ids.payment_id(connector.key, reference=reference, kind=kind),
            reference=reference,
            connector=connector,
            source=new.source_account_id or "",
            destination=new.destination_account_id or "",
            kind=kind,
            status=status,
            amount=amount,
            initial_amount=amount,
            scheme=answered_scheme(new.scheme or ""),
            asset=new.asset or "",
            created_at=created_at,
            adjustments=[Adjustment(reference, created_at, status, amount, raw)],
            metadata=new.metadata or {},
        )

    def _check(self, new: NewPayment) -> datetime:
        generation = self._state.generation
        check(
            generation,
            [
                Field("reference", new.reference, least=3, most=1000),
                Field("connectorID", new.connector_id, kind="connectorID"),
            ],
        )
        created_at = check_past(generation, new.created_at, self._moments.now())
        check(
            generation,
            [
                Field("type", new.type, kind="paymentType"),
                Field("amount", new.amount),
                Field("asset", new.asset, kind="asset"),
                Field("scheme", new.scheme, kind="paymentScheme"),
                Field("status", new.status, kind="paymentStatus"),
                Field("sourceAccountID", new.source_account_id, kind="accountID", is_optional=True),
                Field("destinationAccountID", new.destination_account_id, kind="accountID", is_optional=True),
            ],
        )
        return created_at
