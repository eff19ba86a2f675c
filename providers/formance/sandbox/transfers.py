"""`POST /api/payments/connectors/{connector}/transfers`: documented, and routed by no server. A switch adds it."""

import uuid

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.bodies import NewTransfer, body
from providers.formance.sandbox.connector_lookup import Lookup
from providers.formance.sandbox.errors import invalid, not_found
from providers.formance.sandbox.moments import Moments
from providers.formance.sandbox.processing import Processing
from providers.formance.sandbox.records import Account, Initiation
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.state import State
from providers.formance.sandbox.validation import Field, check


class Transfers:
    """Moves money at once, as a validated transfer initiation with a reference of its own would."""

    def __init__(self, state: State, moments: Moments, processing: Processing, lookup: Lookup) -> None:
        self._state, self._moments, self._processing, self._lookup = state, moments, processing, lookup

    def routes(self, auth: Auth) -> list[Route]:
        """The one route."""
        return [route("POST", "/api/payments/connectors/{provider}/transfers", auth.protect(self._create))]

    async def _create(self, request: Request) -> Response:
        """Answers with the initiation's id, and not below `data`."""
        provider = self._lookup.provider(request)
        new = await body(request, NewTransfer)
        wanted = [
            Field("amount", new.amount),
            Field("asset", new.asset, kind="asset"),
            Field("destination", new.destination),
        ]
        check(self._state.generation, wanted)
        destination = self._account(provider, new.destination or "")
        source = self._account(provider, new.source) if new.source else None
        initiation = self._made(new, destination, source)
        is_old = self._state.generation == "v2"
        self._state.initiations[initiation.id] = initiation
        self._processing.record(initiation, "VALIDATED" if is_old else "WAITING_FOR_VALIDATION")
        await self._processing.advance(initiation)
        return answer({"id": initiation.id})

    def _account(self, provider: str, text: str) -> Account:
        """An account of one of the provider's connectors, by its id or its reference."""
        for account in self._state.accounts.values():
            if account.connector.provider == provider and text in (account.id, account.reference):
                return account
        raise not_found(self._state.generation, "account")

    def _made(self, new: NewTransfer, destination: Account, source: Account | None) -> Initiation:
        if source and source.connector.id != destination.connector.id:
            raise invalid("source and destination are at different connectors")
        reference, amount = str(uuid.uuid4()), new.amount or 0
        return Initiation(
            id=ids.initiation_id(destination.connector.key, reference),
            reference=reference,
            connector=destination.connector,
            created_at=self._moments.now(),
            scheduled_at=None,
            description="",
            source=source.id if source else "",
            destination=destination.id,
            kind="TRANSFER" if destination.kind == "INTERNAL" else "PAYOUT",
            amount=amount,
            initial_amount=amount,
            asset=new.asset or "",
            metadata={},
            steps=[],
        )
