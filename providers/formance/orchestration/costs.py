"""What asking the orchestration service costs: the same by either of its APIs."""

from providers.costs import ALL, WHOLE_LIST, Costs, PageRate, Rate, orders
from providers.formance.client.transfers import LIST_TRANSFERS
from providers.formance.orchestration.transfers import MOST_STAGES


def _by_id(many: str, one: str) -> tuple[Rate, ...]:
    """One by one, and of more than a few the list first."""
    return (Rate(operation=one, each=1), Rate(operation=many, batch=ALL, alone=0))


COSTS: Costs = {
    "workflows_by_ref": _by_id("list_workflows", "get_workflow"),
    "triggers_by_ref": _by_id("list_triggers", "read_trigger"),
    "triggers_by_workflow": (Rate(operation="list_triggers", batch=ALL, least=WHOLE_LIST),),
    "workflow_instances_by_ref": (Rate(operation="get_instance", each=1),),
    "workflow_histories_by_ref": (Rate(operation="get_instance_history", each=1),),
    "workflow_activities_by_stage": (Rate(operation="get_instance_stage_history", each=1),),
    "transfers_by_workflow_stage": (Rate(operation=LIST_TRANSFERS.operation, batch=MOST_STAGES),),
    "list_workflows": (PageRate(operation="list_workflows"),),
    "list_workflow_instances": (PageRate(operation="list_instances"),),
    "list_triggers": (PageRate(operation="list_triggers"),),
    "list_trigger_occurrences": (PageRate(operation="list_triggers_occurrences"),),
    "test_trigger": (Rate(operation="test_trigger", each=1, is_shared=False),),
    **orders(
        {
            "create_workflow": "create_workflow",
            "delete_workflow": "delete_workflow",
            "run_workflow": "run_workflow",
            "send_workflow_event": "send_event",
            "cancel_workflow_instance": "cancel_event",
            "create_trigger": "create_trigger",
            "delete_trigger": "delete_trigger",
        }
    ),
}
