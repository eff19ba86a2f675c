"""What mutations do to triggers."""

from typing import Annotated, Any, Protocol

import strawberry

from providers.domain import NodeType, Ref, WriteOutcome
from providers.orders.workflow import RunsWorkflows, TriggerOrder
from providers.protocols.workflow import ReadsWorkflows
from resolvers.attempt import Write
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.workflow_orders import new_one, noted
from resolvers.writing import INPUT, Changed, Checks, carried_out, changed, off, ordered, then


class CreateTriggerInput(Protocol):
    """The shape of the schema's input of this name."""

    event: str
    workflow_id: strawberry.ID
    name: str | None
    filter: str | None
    variables: Any
    idempotency_key: str


class DeleteTriggerInput(Protocol):
    """The shape of the schema's input of this name."""

    trigger_id: strawberry.ID
    idempotency_key: str


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Create = Annotated[Annotated["CreateTriggerInput", strawberry.lazy("schema.trigger_orders")], INPUT]
Delete = Annotated[Annotated["DeleteTriggerInput", strawberry.lazy("schema.trigger_orders")], INPUT]


async def create_trigger(info: Info, input: Create) -> Changed:
    """Make a trigger. One that was not there before and does the same is what a lost answer was about."""
    checks = Checks(info)
    workflow = checks.ref(input.workflow_id, "workflowId", of=[NodeType.WORKFLOW])
    event, variables = checks.text(input.event, "event"), checks.notes(input.variables, "variables")
    to = ordered(info, RunsWorkflows)
    if to is None or workflow is None or checks.failed:
        return checks.failed or off()
    order = TriggerOrder(
        event=event, workflow=workflow, name=input.name or None, filter=input.filter or None, variables=variables
    )

    async def same() -> list[str]:
        return await to.vendor.same_triggers(order, to.operation)

    async def find(notes: bytes) -> WriteOutcome | None:
        return new_one(NodeType.TRIGGER, to.provider, await same(), notes)

    write = Write(
        operation="createTrigger",
        provider=to.provider,
        key=input.idempotency_key,
        input=order,
        prepare=lambda: noted(same),
        send=lambda _: to.vendor.create_trigger(order, to.operation),
        find=find,
    )
    return await changed(info, write, checks)


async def delete_trigger(info: Info, input: Delete) -> Changed:
    """Delete a trigger."""
    checks = Checks(info)
    trigger = checks.ref(input.trigger_id, "triggerId", of=[NodeType.TRIGGER])
    to = ordered(info, RunsWorkflows)
    if to is None or trigger is None:
        return checks.failed or off()

    async def is_gone() -> Ref | None:
        reads = info.context.providers.able(ReadsWorkflows)[to.provider]
        found = await reads.triggers_by_ref([trigger], to.operation)
        return None if trigger in found and value_of(found[trigger]).ref == trigger else trigger

    return await carried_out(
        info,
        to,
        name="deleteTrigger",
        key=input.idempotency_key,
        checks=checks,
        order=trigger,
        send=lambda: then(to.vendor.delete_trigger(trigger, to.operation), trigger),
        shows=is_gone,
    )
