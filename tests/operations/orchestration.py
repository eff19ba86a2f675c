"""How the operations of the orchestration service are reached, by either of its APIs."""

from collections.abc import Iterator

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.row import Needs, Row, Variables, change

_LISTED = "{ nodes { id } }"
_STAGES = [{"wait_event": {"event": "counted"}}]


async def _workflow(graph: Graph) -> str:
    document = change("createWorkflow", "CreateWorkflowInput", "workflow { id }")
    return str((await ground.made(graph, document, name=ground.key(), stages=_STAGES))["workflow"]["id"])


async def _instance(graph: Graph) -> str:
    document = change("runWorkflow", "RunWorkflowInput", "instance { id }")
    return str((await ground.made(graph, document, workflowId=await _workflow(graph)))["instance"]["id"])


async def _trigger(graph: Graph) -> str:
    document = change("createTrigger", "CreateTriggerInput", "trigger { id }")
    workflow = await _workflow(graph)
    return str((await ground.made(graph, document, event=ground.key(), workflowId=workflow))["trigger"]["id"])


async def _new_workflow(_graph: Graph) -> Variables:
    return ground.input_(name=ground.key(), stages=_STAGES)


async def _of_workflow(graph: Graph) -> Variables:
    return ground.input_(workflowId=await _workflow(graph))


async def _new_trigger(graph: Graph) -> Variables:
    return ground.input_(event=ground.key(), workflowId=await _workflow(graph))


async def _of_trigger(graph: Graph) -> Variables:
    return ground.input_(triggerId=await _trigger(graph))


async def _of_instance(graph: Graph) -> Variables:
    return ground.input_(instanceId=await _instance(graph))


async def _awaited(graph: Graph) -> Variables:
    return ground.input_(instanceId=await _instance(graph), event="counted")


def _one(root: str, selection: str = "id") -> str:
    return f"query ($id: ID!) {{ {root}(id: $id) {{ {selection} }} }}"


def _of(root: str) -> Needs:
    return ground.one_of(root)


_READS: tuple[tuple[str, str, str, Needs | None], ...] = (
    ("list_workflows", "Query.workflows", f"{{ workflows {_LISTED} }}", None),
    ("get_workflow", "Query.workflow", _one("workflow"), _of("workflows")),
    ("list_instances", "Query.workflowInstances", f"{{ workflowInstances {_LISTED} }}", None),
    ("get_instance", "Query.workflowInstance", _one("workflowInstance"), _of("workflowInstances")),
    (
        "get_instance_history",
        "Query.workflowInstance.history",
        _one("workflowInstance", "history { name }"),
        _of("workflowInstances"),
    ),
    (
        "get_instance_stage_history",
        "Query.workflowInstance.stages.history",
        _one("workflowInstance", "stages { history { name } }"),
        _of("workflowInstances"),
    ),
    ("list_triggers", "Query.triggers", f"{{ triggers {_LISTED} }}", None),
    ("read_trigger", "Query.trigger", _one("trigger"), _of("triggers")),
    (
        "list_triggers_occurrences",
        "Query.trigger.occurrences",
        _one("trigger", "occurrences { nodes { date } }"),
        _of("triggers"),
    ),
)
_WRITES: tuple[tuple[str, str, str, str, Needs], ...] = (
    ("create_workflow", "createWorkflow", "CreateWorkflowInput", "workflow { id }", _new_workflow),
    ("delete_workflow", "deleteWorkflow", "DeleteWorkflowInput", "deletedWorkflowId", _of_workflow),
    ("run_workflow", "runWorkflow", "RunWorkflowInput", "instance { id }", _of_workflow),
    ("send_event", "sendWorkflowEvent", "SendWorkflowEventInput", "instance { id }", _awaited),
    ("cancel_event", "cancelWorkflowInstance", "CancelWorkflowInstanceInput", "instance { id }", _of_instance),
    ("create_trigger", "createTrigger", "CreateTriggerInput", "trigger { id }", _new_trigger),
    ("delete_trigger", "deleteTrigger", "DeleteTriggerInput", "deletedTriggerId", _of_trigger),
)


def _rows(service: str, stack: str) -> Iterator[Row]:
    for operation, field, document, needs in _READS:
        key = f"formance.{service}.{operation}"
        yield Row(key, field, document, needs, stack) if needs else Row(key, field, document, generation=stack)
    for operation, mutation, takes, selection, ordered in _WRITES:
        field = f"Mutation.{mutation}"
        yield Row(f"formance.{service}.{operation}", field, change(mutation, takes, selection), ordered, stack)


ORCHESTRATION = (
    *_rows("orchestration.v1", "orchestration v1"),
    *_rows("orchestration.v2", "v3"),
    Row(
        "formance.orchestration.v2.test_trigger",
        "Query.trigger.test(event)",
        _one("trigger", "test(event: {}) { matches }"),
        ground.one_of("triggers"),
    ),
)
