"""Where queries of workflows begin."""

import strawberry

import resolvers.trigger
import resolvers.workflow
from resolvers.caller import Scope
from schema.connection import Connection
from schema.costs import Cost, listed
from schema.fields import resolved_by
from schema.trigger import Trigger
from schema.workflow import Workflow, WorkflowInstance


@strawberry.type
class WorkflowQueries:
    """The queries of workflows and triggers, a part of the root `Query`."""

    workflow: Workflow | None = resolved_by(
        resolvers.workflow.workflow,
        "A workflow by its global id, be it deleted. Null when there is none.",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=Cost(weight=1, by_id="id"),
    )
    workflows: Connection[Workflow] | None = resolved_by(
        resolvers.workflow.workflows,
        "All workflows that are not deleted, in the provider's order.",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=listed("list_workflows"),
    )
    workflow_instance: WorkflowInstance | None = resolved_by(
        resolvers.workflow.workflow_instance,
        "An instance of a workflow by its global id. Null when there is none.",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=Cost(weight=1, by_id="id"),
    )
    workflow_instances: Connection[WorkflowInstance] | None = resolved_by(
        resolvers.workflow.workflow_instances,
        "Instances of the workflows that are not deleted, in the provider's order.",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=listed("list_workflow_instances"),
    )
    trigger: Trigger | None = resolved_by(
        resolvers.trigger.trigger,
        "A trigger by its global id. Null when there is none.",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=Cost(weight=1, by_id="id"),
    )
    triggers: Connection[Trigger] | None = resolved_by(
        resolvers.trigger.triggers,
        "All triggers, in the provider's order.",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=listed("list_triggers"),
    )
