"""Writes to `/api/payments/transfer-initiations`: from the request for a transfer to its reversal."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.bodies import NewInitiation, NewReversal, StatusChange, body
from providers.formance.sandbox.errors import RefusedError, conflict, internal, invalid, not_found
from providers.formance.sandbox.initiations import NOUN, initiation_wire
from providers.formance.sandbox.moments import Moments
from providers.formance.sandbox.new_initiation import made
from providers.formance.sandbox.news import News
from providers.formance.sandbox.processing import Processing
from providers.formance.sandbox.records import Generation, Initiation
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.state import State
from providers.formance.sandbox.validation import Field, check, required

_ROOT = "/api/payments/transfer-initiations"
_WAITING = "WAITING_FOR_VALIDATION"


class InitiationWrites:
    """Writes to transfer initiations of one server."""

    def __init__(self, state: State, moments: Moments, processing: Processing, news: News) -> None:
        self._state, self._moments, self._processing, self._news = state, moments, processing, news

    def routes(self, auth: Auth) -> list[Route]:
        """All five writes."""
        return [
            route("POST", _ROOT, auth.protect(self._create)),
            route("DELETE", f"{_ROOT}/{{id}}", auth.protect(self._delete)),
            route("POST", f"{_ROOT}/{{id}}/status", auth.protect(self._update_status)),
            route("POST", f"{_ROOT}/{{id}}/retry", auth.protect(self._retry)),
            route("POST", f"{_ROOT}/{{id}}/reverse", auth.protect(self._reverse)),
        ]

    async def _create(self, request: Request) -> Response:
        """When v3's provider refuses a validated one, the answer is a refusal, and yet it is stored, as FAILED."""
        new = await body(request, NewInitiation)
        generation = self._state.generation
        initiation = made(self._state, new, self._moments.now())
        if initiation.id in self._state.initiations:
            raise conflict(generation, NOUN[generation])
        is_old = generation == "v2"
        self._state.initiations[initiation.id] = initiation
        self._processing.record(initiation, "VALIDATED" if new.validated and is_old else _WAITING)
        if not is_old:
            self._news.initiation(initiation)
        if new.validated:
            await self._processing.advance(initiation)
        return answer({"data": initiation_wire(generation, initiation)})

    async def _update_status(self, request: Request) -> Response:
        identifier = ids.checked(request.path_params["id"])
        status = (await body(request, StatusChange)).status or ""
        self._check_status(status)
        verb = "approve" if status == "VALIDATED" else "reject"
        initiation = self._waiting(identifier, verb, "updated")
        if status == "REJECTED" or self._state.generation == "v2":
            self._processing.record(initiation, status)
        if status == "VALIDATED":
            await self._processing.advance(initiation)
        return Response(status_code=204)

    async def _retry(self, request: Request) -> Response:
        initiation = self._stepped(ids.checked(request.path_params["id"]))
        if initiation.status != "FAILED":
            raise self._refusal("retry an already processed", "only failed transfer initiation can be retried")
        if self._state.generation == "v2":
            self._processing.record(initiation, "ASK_RETRIED")
        await self._processing.advance(initiation)
        return Response(status_code=204)

    async def _delete(self, request: Request) -> Response:
        initiation = self._waiting(ids.checked(request.path_params["id"]), "delete", "deleted")
        del self._state.initiations[initiation.id]
        self._news.no_initiation(initiation)
        return Response(status_code=204)

    async def _reverse(self, request: Request) -> Response:
        identifier = ids.checked(request.path_params["id"])
        new = await body(request, NewReversal)
        generation = self._state.generation
        check(
            generation,
            [
                Field("reference", new.reference, least=4, most=999),
                Field("amount", new.amount),
                Field("asset", new.asset, kind="asset"),
            ],
        )
        reference, amount, asset = new.reference or "", new.amount or 0, new.asset or ""
        initiation = self._state.initiations.get(identifier)
        if initiation is None:
            raise _no_reversal(generation)
        self._check_reversal(initiation, amount=amount, asset=asset)
        key = (initiation.connector.id, reference)
        if key in self._state.reversals:
            raise conflict(generation, "transfer reversal" if generation == "v2" else "payment initiation reversal")
        self._state.reversals.add(key)
        await self._processing.reverse(initiation, reference=reference, amount=amount, asset=asset)
        return Response(status_code=204)

    def _check_status(self, status: str) -> None:
        if status in {"VALIDATED", "REJECTED"}:
            return
        if self._state.generation == "v3":
            raise invalid("invalid status")
        if not status:
            raise required("v2", "status")
        if status == _WAITING:
            raise invalid("cannot set back transfer initiation status to waiting for validation")
        raise invalid("either VALIDATED or REJECTED status can be set")

    def _check_reversal(self, initiation: Initiation, *, amount: int, asset: str) -> None:
        is_old = self._state.generation == "v2"
        if amount > initiation.initial_amount - initiation.reversed:
            raise invalid("reversed amount is greater than the transfer amount")
        if is_old and initiation.kind == "PAYOUT":
            raise invalid("payouts cannot be reversed")
        if asset != initiation.asset:
            raise invalid("the reversal's asset is not the transfer's")
        if all(step.status != "PROCESSED" for step in initiation.steps):
            raise invalid("transfer was never processed")

    def _waiting(self, identifier: str, verb: str, participle: str) -> Initiation:
        """The initiation, which must still wait for its validation."""
        initiation = self._stepped(identifier)
        if initiation.status != _WAITING:
            old = f"only waiting for validation transfer initiation can be {participle}"
            raise self._refusal(f"{verb} an already approved", old)
        return initiation

    def _stepped(self, identifier: str) -> Initiation:
        """The initiation. v3 looks for its steps first, and takes it for an error of its own that there are none."""
        initiation = self._state.initiations.get(identifier)
        if initiation is not None:
            return initiation
        if self._state.generation == "v2":
            raise not_found("v2", NOUN["v2"], verb="read")
        raise internal("v3", "payment initiation adjustments not found")

    def _refusal(self, deed: str, old: str) -> RefusedError:
        return invalid(old if self._state.generation == "v2" else f"cannot {deed} payment initiation: validation error")


def _no_reversal(generation: Generation) -> RefusedError:
    if generation == "v2":
        return RefusedError(404, "NOT_FOUND", "fetching transfer initiation: not found")
    return not_found("v3", "payment initiation reversal", verb="create")
