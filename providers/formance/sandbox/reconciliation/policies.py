"""`/api/reconciliation/policies`: which pool is compared with which accounts of which ledger."""

import uuid
from collections.abc import Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.bodies import body
from providers.formance.sandbox.errors import not_found
from providers.formance.sandbox.paging import asked, envelope
from providers.formance.sandbox.query import Column, Grammar, predicate
from providers.formance.sandbox.reconciliation.bodies import NewPolicy
from providers.formance.sandbox.reconciliation.records import Policy
from providers.formance.sandbox.records import timestamp
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.stack import Stack

_ROOT = "/api/reconciliation/policies"
_GRAMMAR = Grammar(
    "v2",
    "policies",
    {
        "ledgerName": Column(lambda policy: policy.ledger),
        "ledgerQuery": Column(lambda policy: msgspec.json.encode(policy.query).decode()),
        "paymentsPoolID": Column(lambda policy: policy.pool),
    },
    has_metadata=False,
)


class Policies:
    """Reads and writes. A policy that is not there is as good as deleted; what was compared by one goes with it."""

    def __init__(self, stack: Stack) -> None:
        self._stack, self._state = stack, stack.reconciliation

    def routes(self, auth: Auth) -> list[Route]:
        """All four."""
        return [
            route("GET", _ROOT, auth.protect(self._list)),
            route("GET", f"{_ROOT}/{{id}}", auth.protect(self._get)),
            route("POST", _ROOT, auth.protect(self._create)),
            route("DELETE", f"{_ROOT}/{{id}}", auth.protect(self._delete)),
        ]

    async def _list(self, request: Request) -> Response:
        listing = await asked(request)
        wanted = predicate(listing.filters.qb, _GRAMMAR)
        rows = [policy for policy in self._state.policies.values() if wanted is None or wanted(policy)]
        return envelope(listing, sorted(rows, key=lambda policy: policy.created_at, reverse=True), _wire)

    async def _get(self, request: Request) -> Response:
        policy = self._state.policies.get(ids.checked_uuid(request.path_params["id"]))
        if policy is None:
            raise not_found("v2", "policy")
        return answer({"data": _wire(policy)})

    async def _create(self, request: Request) -> Response:
        new = await body(request, NewPolicy)
        new.check()
        policy = Policy(
            id=str(uuid.uuid4()),
            name=new.name or "",
            created_at=self._stack.moments.now(),
            ledger=new.ledger_name or "",
            query=new.ledger_query or {},
            pool=ids.checked_uuid(new.payments_pool_id or ""),
        )
        self._state.policies[policy.id] = policy
        return answer({"data": _wire(policy)}, 201)

    async def _delete(self, request: Request) -> Response:
        self._state.forget(ids.checked_uuid(request.path_params["id"]))
        return Response(status_code=204)


def _wire(policy: Policy) -> Mapping[str, object]:
    return {
        "id": policy.id,
        "name": policy.name,
        "createdAt": timestamp(policy.created_at),
        "ledgerName": policy.ledger,
        "ledgerQuery": policy.query,
        "paymentsPoolID": policy.pool,
    }
