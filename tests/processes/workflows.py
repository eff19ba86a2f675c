"""Mutations of workflows and triggers, as they are tried by several processes."""

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.map import MAP
from tests.operations.row import Variables
from tests.processes.row import Row


def _key(operation: str) -> str:
    return f"formance.orchestration.v2.{operation}"


async def _marked(graph: Graph) -> Variables:
    """The seeded workflow whose first stage names each run."""
    workflow = await ground.first_id(graph, "workflows")
    return ground.input_(workflowId=workflow, variables={"customer": "several", "amount": "5"})


WORKFLOWS = (
    Row(
        mutation="createWorkflow",
        takes="CreateWorkflowInput",
        shows="workflow { id name }",
        operation=_key("create_workflow"),
        needs=MAP[_key("create_workflow")].needs,
        holds=lambda given, payload: payload["workflow"]["name"] == given["name"],
    ),
    Row(
        mutation="deleteWorkflow",
        takes="DeleteWorkflowInput",
        shows="deletedWorkflowId",
        operation=_key("delete_workflow"),
        needs=MAP[_key("delete_workflow")].needs,
        holds=lambda given, payload: payload["deletedWorkflowId"] == given["workflowId"],
    ),
    Row(
        mutation="runWorkflow",
        takes="RunWorkflowInput",
        shows="instance { id status }",
        operation=_key("run_workflow"),
        needs=_marked,
        holds=lambda _given, payload: payload["instance"]["status"] == "TERMINATED",
    ),
    Row(
        mutation="sendWorkflowEvent",
        takes="SendWorkflowEventInput",
        shows="instance { id status }",
        operation=_key("send_event"),
        needs=MAP[_key("send_event")].needs,
        holds=lambda given, payload: payload["instance"] == {"id": given["instanceId"], "status": "TERMINATED"},
    ),
    Row(
        mutation="cancelWorkflowInstance",
        takes="CancelWorkflowInstanceInput",
        shows="instance { id status }",
        operation=_key("cancel_event"),
        needs=MAP[_key("cancel_event")].needs,
        holds=lambda given, payload: payload["instance"] == {"id": given["instanceId"], "status": "FAILED"},
    ),
    Row(
        mutation="createTrigger",
        takes="CreateTriggerInput",
        shows="trigger { id event }",
        operation=_key("create_trigger"),
        needs=MAP[_key("create_trigger")].needs,
        holds=lambda given, payload: payload["trigger"]["event"] == given["event"],
    ),
    Row(
        mutation="deleteTrigger",
        takes="DeleteTriggerInput",
        shows="deletedTriggerId",
        operation=_key("delete_trigger"),
        needs=MAP[_key("delete_trigger")].needs,
        holds=lambda given, payload: payload["deletedTriggerId"] == given["triggerId"],
    ),
)
