"""Workflows, and what became of each run of them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from providers import domain
from providers.domain import WorkflowStageKind, WorkflowStatus
from resolvers import workflow as resolve
from resolvers.caller import Scope
from schema.connection import Connection
from schema.costs import Cost, Load, listed, load
from schema.fields import backed_by, described, resolved_by
from schema.node import Node
from schema.scalars import JSON, BigInt

if TYPE_CHECKING:
    from schema.ledger_transaction import LedgerTransaction
    from schema.transfer import TransferInitiation
    from schema.trigger import Trigger

LazyTransaction = Annotated["LedgerTransaction", strawberry.lazy("schema.ledger_transaction")]
LazyTransfer = Annotated["TransferInitiation", strawberry.lazy("schema.transfer")]
LazyTrigger = Annotated["Trigger", strawberry.lazy("schema.trigger")]
LazyWorkflow = Annotated["Workflow", strawberry.lazy("schema.workflow")]

STAGES = 5
"""Stages that a workflow is taken to have."""

_NO_ANSWER = "Null when the provider could not be asked; see `errors`."


@strawberry.type(description="One step of a workflow.")
class WorkflowStage:
    """GraphQL `WorkflowStage`, backed by `providers.domain.WorkflowStage`."""

    number: int = described("Its place in the workflow, from 0.")
    kind: WorkflowStageKind = described("What it does.")
    provider_kind: str = described("The kind in the provider's own word.")
    config: JSON = described(
        "Its settings as the provider sent them. Amounts are whole numbers of the asset's smallest unit, or texts."
    )


@strawberry.type(description="A ledger transaction that an instance has made.")
class WorkflowTransaction:
    """GraphQL `WorkflowTransaction`, backed by `providers.domain.WorkflowTransaction`."""

    ledger: str = described("The name of the ledger.")
    number: BigInt = described("The transaction's number in the ledger.")
    transaction_id: strawberry.ID = resolved_by(resolve.transaction_id, "The transaction's global id, for `node`.")
    transaction: LazyTransaction | None = resolved_by(
        resolve.transaction,
        "The transaction itself. Null when the ledger has none of this number, or could not be asked.",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=Cost(weight=2, loads=load("ledger_transactions_by_ref")),
    )


@strawberry.type(description="One thing that a stage of an instance had the stack do.")
class WorkflowActivity:
    """GraphQL `WorkflowActivity`, backed by `providers.domain.WorkflowActivity`."""

    name: str = described("What was done, in the provider's word, such as `CreateTransaction`.")
    input: JSON = described("What it was given, as the provider sent it.")
    output: JSON | None = described("What came of it, as the provider sent it. Null: nothing, or not yet.")
    status: WorkflowStatus = described("How far it has come.")
    attempt: int = described("The number of the last attempt, from 1.")
    started_at: datetime | None = described("When it began. Null when the provider does not say.")
    terminated_at: datetime | None = described("When it ended. Null while it runs.")
    next_execution_at: datetime | None = described("When it is tried again. Null when it is not going to be.")
    last_failure: str | None = described("Why the last attempt failed, in the provider's words. Null when none has.")
    error: str | None = described("Why it failed for good, in the provider's words. Null when it has not.")
    transactions: list[WorkflowTransaction] = described(
        "Ledger transactions that it has made.", cost=Cost(assumed=1, is_told=True)
    )


@strawberry.type(description="A stage as an instance has carried it out.")
class WorkflowHistoryEntry:
    """GraphQL `WorkflowHistoryEntry`, backed by `providers.domain.WorkflowHistoryEntry`."""

    name: str = described("What was run, in the provider's word, such as `RunSend`.")
    input: JSON = described("The stage's settings with all variables filled in, as the provider sent them.")
    status: WorkflowStatus = described("How far it has come.")
    started_at: datetime | None = described("When it began. Null when the provider does not say.")
    terminated_at: datetime | None = described("When it ended. Null while it runs.")
    error: str | None = described("Why it failed, in the provider's words. Null when it has not.")


@strawberry.type(description="A stage that an instance has come to.")
class WorkflowInstanceStage:
    """GraphQL `WorkflowInstanceStage`, backed by `providers.domain.WorkflowInstanceStage`."""

    number: int = described("Its place in the workflow, from 0.")
    status: WorkflowStatus = described("How far it has come.")
    started_at: datetime | None = described("When it began. Null when the provider does not say.")
    terminated_at: datetime | None = described("When it ended. Null while it runs or waits.")
    error: str | None = described("Why it failed, in the provider's words. Null when it has not.")
    history: list[WorkflowActivity] | None = resolved_by(
        resolve.activities,
        f"What it had the stack do, oldest first. {_NO_ANSWER}",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("workflow_activities_by_stage", is_common=True), assumed=5),
    )


@strawberry.type(description="One run of a workflow (Formance).")
class WorkflowInstance(Node):
    """GraphQL `WorkflowInstance`, backed by `providers.domain.WorkflowInstance`."""

    provider_id: str = described("The provider's own id of the instance.")
    workflow: LazyWorkflow | None = resolved_by(
        resolve.workflow_of,
        f"The workflow that it runs, be it deleted by now. {_NO_ANSWER}",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("workflows_by_ref")),
    )
    status: WorkflowStatus = described("How far it has come.")
    stages: list[WorkflowInstanceStage] | None = resolved_by(
        resolve.stages,
        f"The stages that it has come to, in their order. {_NO_ANSWER}",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("workflow_instances_by_ref", is_common=True), assumed=STAGES),
    )
    history: list[WorkflowHistoryEntry] | None = resolved_by(
        resolve.history,
        f"Its stages as they were carried out, in their order. {_NO_ANSWER}",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("workflow_histories_by_ref"), assumed=STAGES),
    )
    transfer_initiations: list[LazyTransfer] | None = resolved_by(
        resolve.transfer_initiations,
        f"The transfers that it has ordered of payment providers. {_NO_ANSWER}",
        needs=Scope.TRANSFERS_READ,
        is_organisations=True,
        cost=Cost(
            weight=2,
            loads=(Load(name="workflows_by_ref"), Load(name="transfers_by_workflow_stage", times=2, follows=True)),
            assumed=2,
        ),
    )
    ledger_transactions: list[WorkflowTransaction] | None = resolved_by(
        resolve.ledger_transactions,
        f"The ledger transactions that it has made, as its activities tell them. {_NO_ANSWER}",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=Cost(
            weight=1 + STAGES,
            loads=(
                Load(name="workflow_instances_by_ref", is_common=True),
                Load(name="workflow_activities_by_stage", times=STAGES, follows=True),
            ),
            assumed=2 * STAGES,
        ),
    )
    created_at: datetime | None = described("When it began. Null when the provider does not say.")
    updated_at: datetime | None = described("When it last changed. Null when the provider does not say.")
    terminated_at: datetime | None = described("When it ended. Null while it runs or waits.")
    error: str | None = described("Why it failed, in the provider's words. Null when it has not.")
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.WorkflowInstance)


@strawberry.type(description="Steps that the stack carries out one after another, each time it is run (Formance).")
class Workflow(Node):
    """GraphQL `Workflow`, backed by `providers.domain.Workflow`."""

    provider_id: str = described("The provider's own id of the workflow.")
    name: str | None = described("Its name, which others may have, too. Null when it has none.")
    stages: list[WorkflowStage] = described("Its steps, in their order. Empty when they are in a form nobody knows.")
    config: JSON = described("Its name and stages as the provider sent them.")
    instances: Connection[WorkflowInstance] | None = resolved_by(
        resolve.instances,
        f"Its runs, in the provider's order. None are listed of a deleted one. {_NO_ANSWER}",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=listed("list_workflow_instances"),
    )
    triggers: list[LazyTrigger] | None = resolved_by(
        resolve.triggers,
        f"What makes it run. {_NO_ANSWER}",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=Cost(weight=3, loads=load("triggers_by_workflow"), assumed=5),
    )
    created_at: datetime | None = described("When it was made. Null when the provider does not say.")
    updated_at: datetime | None = described("When it last changed. Null when the provider does not say.")
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.Workflow)
