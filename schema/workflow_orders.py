"""Mutations of workflows and their instances."""

import strawberry

from resolvers import workflow_instance_orders as instances
from resolvers import workflow_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.payload import IDEMPOTENCY_KEY, Payload
from schema.scalars import JSON
from schema.workflow import Workflow, WorkflowInstance


@strawberry.input(description="A workflow to be made.")
class CreateWorkflowInput:
    """GraphQL `CreateWorkflowInput`."""

    name: str = described("Its name, which need not be unique.")
    stages: JSON = described(
        "Its steps: a list of objects, each with one key that is the stage's kind: `send`, `delay`, `wait_event` or "
        "`update`. Texts may name variables, as `${amount}`. Amounts are whole numbers of the asset's smallest unit; "
        "those above 2^53 are sent as texts of digits, which the provider reads exactly."
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A workflow to be deleted.")
class DeleteWorkflowInput:
    """GraphQL `DeleteWorkflowInput`."""

    workflow_id: strawberry.ID = described("The workflow's global id.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A workflow to be run.")
class RunWorkflowInput:
    """GraphQL `RunWorkflowInput`."""

    workflow_id: strawberry.ID = described("The workflow's global id.")
    variables: JSON | None = described("The workflow's variables: an object of strings.", default=None)
    wait: bool = described(
        "True: answer when the instance has ended, or after some seconds as far as it has come.", default=False
    )
    idempotency_key: str = described(
        IDEMPOTENCY_KEY + " Each run is given a text that stands for it as the variable `tributary_run`. A workflow "
        "whose first stage names `${tributary_run}` lets a run be found whose answer was lost; of others it may stay "
        "unknown whether they were run."
    )


@strawberry.input(description="An event that an instance waits for.")
class SendWorkflowEventInput:
    """GraphQL `SendWorkflowEventInput`."""

    instance_id: strawberry.ID = described("The instance's global id.")
    event: str = described("The event's name, as the stage names it that waits for it.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="An instance that shall go no further.")
class CancelWorkflowInstanceInput:
    """GraphQL `CancelWorkflowInstanceInput`."""

    instance_id: strawberry.ID = described("The instance's global id.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `createWorkflow` answers.")
class CreateWorkflowPayload(Payload):
    """GraphQL `CreateWorkflowPayload`, backed by `resolvers.writing.Changed`."""

    workflow: Workflow | None = resolved_by(
        writing.node, "The workflow. Null when it was not made.", needs=Scope.WORKFLOWS_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `deleteWorkflow` answers.")
class DeleteWorkflowPayload(Payload):
    """GraphQL `DeleteWorkflowPayload`, backed by `resolvers.writing.Changed`."""

    deleted_workflow_id: strawberry.ID | None = resolved_by(
        writing.deleted_id, "The global id of the workflow that is deleted. Null when it is not."
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `runWorkflow`, `sendWorkflowEvent` and `cancelWorkflowInstance` answer.")
class WorkflowInstancePayload(Payload):
    """GraphQL `WorkflowInstancePayload`, backed by `resolvers.writing.Changed`."""

    instance: WorkflowInstance | None = resolved_by(
        writing.node, "The instance as it is now. Null when nothing was done.", needs=Scope.WORKFLOWS_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class WorkflowMutations:
    """The mutations of workflows, a part of the root `Mutation`."""

    create_workflow: CreateWorkflowPayload | None = ordered_by(
        resolve.create_workflow, "Makes a workflow.", needs=Scope.WORKFLOWS_WRITE, is_organisations=True
    )
    delete_workflow: DeleteWorkflowPayload | None = ordered_by(
        resolve.delete_workflow,
        "Deletes a workflow: it is listed no more. Its instances go on.",
        needs=Scope.WORKFLOWS_WRITE,
        is_organisations=True,
    )
    run_workflow: WorkflowInstancePayload | None = ordered_by(
        resolve.run_workflow, "Runs a workflow.", needs=Scope.WORKFLOWS_WRITE, is_organisations=True
    )
    send_workflow_event: WorkflowInstancePayload | None = ordered_by(
        instances.send_workflow_event,
        "Tells an instance of an event that it waits for, so that it goes on.",
        needs=Scope.WORKFLOWS_WRITE,
        is_organisations=True,
    )
    cancel_workflow_instance: WorkflowInstancePayload | None = ordered_by(
        instances.cancel_workflow_instance,
        "Ends an instance where it is. What it has done stays done. It may show a little later.",
        needs=Scope.WORKFLOWS_WRITE,
        is_organisations=True,
    )
