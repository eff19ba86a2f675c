"""Mutations of policies, and the comparison by one."""

from typing import Any

from providers.domain import NodeType, Provider, Ref
from providers.formance.sandbox.draw import name_uuid
from resolvers import ids
from tests.resolvers.orders.row import Row

POLICY = "{ node(id: $id) { ... on ReconciliationPolicy { id name ledgerName ledgerQuery pool { id } } } }"
COMPARED = "{ node(id: $id) { ... on Reconciliation { id status error policy { id } drift { amount asset } } } }"
QUERY = {"$or": [{"$match": {"address": "pools:group-treasury"}}, {"$match": {"address": "pools:fees:"}}]}


def policy(number: int) -> str:
    """The global id of a policy of a fresh sandbox: one that agrees, one that does not, one that fails."""
    return ids.encode(Ref(NodeType.RECONCILIATION_POLICY, (name_uuid("policy", number),), Provider.FORMANCE))


def the(field: str) -> Any:
    return lambda _world, payload: {"node": payload[field]}


CREATE = Row(
    mutation="createReconciliationPolicy",
    payload="policy { id name ledgerName ledgerQuery pool { id } }",
    input=lambda world: {"name": "Mirror", "ledgerName": "main", "ledgerQuery": QUERY, "poolId": world.pool},
    other=lambda _world: {"name": "Another"},
    calls=("POST", "/api/reconciliation/policies"),
    holds=lambda world, payload: (
        {**payload["policy"], "id": ""}
        == {"id": "", "name": "Mirror", "ledgerName": "main", "ledgerQuery": QUERY, "pool": {"id": world.pool}}
    ),
    then=(POLICY, the("policy")),
)
DELETE = Row(
    mutation="deleteReconciliationPolicy",
    payload="deletedReconciliationPolicyId",
    input=lambda _world: {"policyId": policy(0)},
    other=lambda _world: {"policyId": policy(1)},
    calls=("DELETE", "/api/reconciliation/policies/*"),
    holds=lambda _world, payload: payload["deletedReconciliationPolicyId"] == policy(0),
    then=(POLICY, lambda _world, _payload: {"node": None}),
    has_body=False,
)
RECONCILE = Row(
    mutation="reconcile",
    payload="reconciliation { id status error policy { id } drift { amount asset } }",
    input=lambda _world: {
        "policyId": policy(1),
        "atLedger": "2026-11-01T11:00:00Z",
        "atPayments": "2026-11-01T10:59:59.123456Z",
    },
    other=lambda _world: {"atLedger": "2026-11-01T10:00:00Z"},
    calls=("POST", "/api/reconciliation/policies/*/reconciliation"),
    holds=lambda _world, payload: (
        payload["reconciliation"]["status"] == "NOT_OK"
        and payload["reconciliation"]["policy"] == {"id": policy(1)}
        and {"amount": "0.00012345", "asset": "BTC/8"} in payload["reconciliation"]["drift"]
    ),
    then=(COMPARED, the("reconciliation")),
)

ROWS = (CREATE, DELETE, RECONCILE)
