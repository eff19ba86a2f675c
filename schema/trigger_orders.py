"""Mutations of triggers."""

import strawberry

from resolvers import trigger_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.payload import IDEMPOTENCY_KEY, Payload
from schema.scalars import JSON
from schema.trigger import Trigger


@strawberry.input(description="A trigger to be made.")
class CreateTriggerInput:
    """GraphQL `CreateTriggerInput`."""

    event: str = described("The kind of event in the provider's word, such as `SAVED_PAYMENT`.")
    workflow_id: strawberry.ID = described("The global id of the workflow that it runs.")
    name: str | None = described("Its name, which need not be unique.", default=None)
    filter: str | None = described(
        'The expression that an event must pass, such as `event.type == "PAY-IN"`. Omitted: every event passes.',
        default=None,
    )
    variables: JSON | None = described(
        "The workflow's variables: an object of expressions over the event.", default=None
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A trigger to be deleted.")
class DeleteTriggerInput:
    """GraphQL `DeleteTriggerInput`."""

    trigger_id: strawberry.ID = described("The trigger's global id.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `createTrigger` answers.")
class CreateTriggerPayload(Payload):
    """GraphQL `CreateTriggerPayload`, backed by `resolvers.writing.Changed`."""

    trigger: Trigger | None = resolved_by(
        writing.node, "The trigger. Null when it was not made.", needs=Scope.WORKFLOWS_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `deleteTrigger` answers.")
class DeleteTriggerPayload(Payload):
    """GraphQL `DeleteTriggerPayload`, backed by `resolvers.writing.Changed`."""

    deleted_trigger_id: strawberry.ID | None = resolved_by(
        writing.deleted_id, "The global id of the trigger that is no more. Null when it was not deleted."
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class TriggerMutations:
    """The mutations of triggers, a part of the root `Mutation`."""

    create_trigger: CreateTriggerPayload | None = ordered_by(
        resolve.create_trigger,
        "Makes a trigger, which from then on runs its workflow.",
        needs=Scope.WORKFLOWS_WRITE,
        is_organisations=True,
    )
    delete_trigger: DeleteTriggerPayload | None = ordered_by(
        resolve.delete_trigger,
        "Deletes a trigger. What it has started goes on.",
        needs=Scope.WORKFLOWS_WRITE,
        is_organisations=True,
    )
