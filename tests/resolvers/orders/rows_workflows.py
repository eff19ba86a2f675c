"""Mutations of workflows, their instances and triggers."""

from providers.domain import NodeType, Provider, Ref
from providers.formance.sandbox.orchestration import seed
from resolvers import ids
from tests.resolvers.orders.row import Row

_ROOT = "/api/orchestration/v2"
_LARGE = 9_876_543_210_987_654_321_098_765_432_109_876_543_210


def _id(kind: NodeType, native: str) -> str:
    return ids.encode(Ref(kind, (native,), Provider.FORMANCE))


COLLECT, PAYOUT, SWEEP = (_id(NodeType.WORKFLOW, each) for each in (seed.COLLECT, seed.PAYOUT, seed.SWEEP))
WAITING, WAITING_TOO = (_id(NodeType.WORKFLOW_INSTANCE, seed.instance_id("payout", each)) for each in (0, 1))
CANCELLED = _id(NodeType.WORKFLOW_INSTANCE, seed.instance_id("payout", 2))
SWEEPING = _id(NodeType.WORKFLOW_INSTANCE, seed.instance_id("sweep", 0))
COLLECTED = _id(NodeType.WORKFLOW_INSTANCE, seed.instance_id("collect", 0))
NIGHTLY, CARDS = (_id(NodeType.TRIGGER, seed.trigger_id(each)) for each in ("nightly", "card-payments"))

STAGES = [
    {"wait_event": {"event": "counted"}},
    {"send": {"amount": {"amount": 12, "asset": "EUR/2"}, "metadata": {"batch": "7"}}},
]
INSTANCE = "{ node(id: $id) { ... on WorkflowInstance { id status error } } }"

CREATE = Row(
    mutation="createWorkflow",
    payload="workflow { id name config }",
    input=lambda _world: {"name": "count", "stages": STAGES},
    other=lambda _world: {"stages": [*STAGES, {"delay": {"duration": "1h"}}]},
    calls=("POST", f"{_ROOT}/workflows"),
    holds=lambda _world, payload: payload["workflow"]["config"] == {"name": "count", "stages": STAGES},
    then=(
        "{ node(id: $id) { ... on Workflow { id name config } } }",
        lambda _world, payload: {"node": payload["workflow"]},
    ),
)
DELETE = Row(
    mutation="deleteWorkflow",
    payload="deletedWorkflowId",
    input=lambda _world: {"workflowId": SWEEP},
    other=lambda _world: {"workflowId": PAYOUT},
    calls=("DELETE", f"{_ROOT}/workflows/*"),
    holds=lambda _world, payload: payload["deletedWorkflowId"] == SWEEP,
    then=("{ node(id: $id) { id } }", lambda _world, _payload: {"node": {"id": SWEEP}}),
    has_body=False,
)
RUN = Row(
    mutation="runWorkflow",
    payload="instance { id status error }",
    input=lambda _world: {"workflowId": COLLECT, "variables": {"customer": "c9", "amount": str(_LARGE)}},
    other=lambda _world: {"variables": {"customer": "c9", "amount": "1"}},
    calls=("POST", f"{_ROOT}/workflows/*/instances"),
    holds=lambda _world, payload: payload["instance"]["status"] == "TERMINATED",
    then=(INSTANCE, lambda _world, payload: {"node": payload["instance"]}),
)
SEND = Row(
    mutation="sendWorkflowEvent",
    payload="instance { id status error }",
    input=lambda _world: {"instanceId": WAITING, "event": "approved"},
    other=lambda _world: {"event": "refused"},
    calls=("POST", f"{_ROOT}/instances/*/events"),
    holds=lambda _world, payload: (payload["instance"]["id"], payload["instance"]["status"]) == (WAITING, "TERMINATED"),
    then=(INSTANCE, lambda _world, payload: {"node": payload["instance"]}),
    has_body=False,
)
CANCEL = Row(
    mutation="cancelWorkflowInstance",
    payload="instance { id status error }",
    input=lambda _world: {"instanceId": SWEEPING},
    other=lambda _world: {"instanceId": WAITING},
    calls=("PUT", f"{_ROOT}/instances/*/abort"),
    holds=lambda _world, payload: payload["instance"] == {"id": SWEEPING, "status": "FAILED", "error": "canceled"},
    then=(INSTANCE, lambda _world, payload: {"node": payload["instance"]}),
    has_body=False,
)
TRIGGER = Row(
    mutation="createTrigger",
    payload="trigger { id name event filter variables }",
    input=lambda _world: {
        "event": "SAVED_POOL",
        "workflowId": COLLECT,
        "name": "pooled",
        "filter": 'event.name != "x"',
        "variables": {"amount": "event.size"},
    },
    other=lambda _world: {"event": "DELETED_POOL"},
    calls=("POST", f"{_ROOT}/triggers"),
    holds=lambda _world, payload: payload["trigger"]["variables"] == {"amount": "event.size"},
    then=(
        "{ node(id: $id) { ... on Trigger { id name event filter variables } } }",
        lambda _world, payload: {"node": payload["trigger"]},
    ),
)
UNTRIGGER = Row(
    mutation="deleteTrigger",
    payload="deletedTriggerId",
    input=lambda _world: {"triggerId": NIGHTLY},
    other=lambda _world: {"triggerId": CARDS},
    calls=("DELETE", f"{_ROOT}/triggers/*"),
    holds=lambda _world, payload: payload["deletedTriggerId"] == NIGHTLY,
    then=("{ node(id: $id) { id } }", lambda _world, _payload: {"node": None}),
    has_body=False,
)

ROWS = (CREATE, DELETE, RUN, SEND, CANCEL, TRIGGER, UNTRIGGER)
