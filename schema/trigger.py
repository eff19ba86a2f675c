"""Triggers: what makes workflows run by themselves."""

from datetime import datetime

import strawberry

from providers import domain
from resolvers import trigger as resolve
from resolvers.caller import Scope
from resolvers.workflow import workflow_of
from schema.connection import Connection
from schema.costs import Cost, listed, load
from schema.fields import backed_by, described, resolved_by
from schema.node import Node
from schema.scalars import JSON
from schema.workflow import Workflow, WorkflowInstance


@strawberry.type(description="An event that made a trigger act.")
class TriggerOccurrence:
    """GraphQL `TriggerOccurrence`, backed by `providers.domain.TriggerOccurrence`."""

    date: datetime | None = described("When it took place. Null when the provider does not say.")
    event: JSON = described("The event as the provider sent it. Its numbers may have any size.")
    instance: WorkflowInstance | None = resolved_by(
        resolve.instance,
        "The instance that it has started. Null when there is none, or the provider could not be asked.",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("workflow_instances_by_ref")),
    )
    error: str | None = described("Why no instance was started, in the provider's words. Null when one was.")


@strawberry.type(description="What a variable of a trigger would be.")
class TriggerTestVariable:
    """GraphQL `TriggerTestVariable`, backed by `providers.domain.TriggerTestVariable`."""

    name: str = described("The variable's name.")
    value: str | None = described("What the workflow would be given. Null when the expression failed.")
    error: str | None = described("Why the expression failed, in the provider's words. Null when it has not.")


@strawberry.type(description="What a trigger would do with an event.")
class TriggerTest:
    """GraphQL `TriggerTest`, backed by `providers.domain.TriggerTest`."""

    matches: bool | None = described("Whether the event passes the filter. Null without a filter, or when it failed.")
    filter_error: str | None = described("Why the filter failed, in the provider's words. Null when it has not.")
    variables: list[TriggerTestVariable] = described("The workflow's variables, by name.")


@strawberry.type(description="Runs a workflow for each event of a kind that passes a filter (Formance).")
class Trigger(Node):
    """GraphQL `Trigger`, backed by `providers.domain.Trigger`."""

    provider_id: str = described("The provider's own id of the trigger.")
    name: str | None = described("Its name. Null when it has none.")
    event: str = described("The kind of event in the provider's word, such as `SAVED_PAYMENT`.")
    filter: str | None = described("The expression that an event must pass. Null: every event passes.")
    variables: JSON = described("The workflow's variables: an object of expressions over the event.")
    workflow: Workflow | None = resolved_by(
        workflow_of,
        "The workflow that it runs. Null when the provider could not be asked.",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("workflows_by_ref")),
    )
    version: str | None = described("The version of the event that it is for. Null: any.")
    occurrences: Connection[TriggerOccurrence] | None = resolved_by(
        resolve.occurrences,
        "Events that made it act, in the provider's order. Null when the provider could not be asked.",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=listed("list_trigger_occurrences"),
    )
    test: TriggerTest | None = resolved_by(
        resolve.test,
        "What it would do with an event. Nothing is run. Null when the provider could not be asked, or when it has "
        "no such function, as older servers.",
        needs=Scope.WORKFLOWS_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("test_trigger")),
    )
    created_at: datetime | None = described("When it was made. Null when the provider does not say.")
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.Trigger)
