"""What mutations do to instances of workflows."""

from typing import Annotated, Protocol

import strawberry

from providers.domain import NodeType, Ref, Workflow, WorkflowInstance, WorkflowStatus, WriteOutcome
from providers.errors import NotFound, Rejected
from providers.orders.workflow import RunsWorkflows
from providers.protocols.workflow import ReadsWorkflows
from resolvers.attempt import Write
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.writing import INPUT, Changed, Checks, Ordered, changed, off, ordered, then


class CancelWorkflowInstanceInput(Protocol):
    """The shape of the schema's input of this name."""

    instance_id: strawberry.ID
    idempotency_key: str


class SendWorkflowEventInput(CancelWorkflowInstanceInput, Protocol):
    """The shape of the schema's input of this name."""

    event: str


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Send = Annotated[Annotated["SendWorkflowEventInput", strawberry.lazy("schema.workflow_orders")], INPUT]
Cancel = Annotated[Annotated["CancelWorkflowInstanceInput", strawberry.lazy("schema.workflow_orders")], INPUT]


async def send_workflow_event(info: Info, input: Send) -> Changed:
    """Tell an instance of an event that it waits for."""
    checks = Checks(info)
    instance = checks.ref(input.instance_id, "instanceId", of=[NodeType.WORKFLOW_INSTANCE])
    event = checks.text(input.event, "event")
    to = ordered(info, RunsWorkflows)
    if to is None or instance is None or checks.failed:
        return checks.failed or off()

    async def prepare() -> bytes:
        found = await _instance(info, to, instance)
        of = await _workflow(info, to, found.workflow)
        waiting = next((each for each in found.stages or () if each.status is WorkflowStatus.RUNNING), None)
        at = next((stage for stage in of.stages if waiting and stage.number == waiting.number), None)
        if waiting is None or at is None or not _may_wait_for(at.event, event):
            raise Rejected(to.provider, "send_event", "The instance does not wait for this event.")
        return str(waiting.number).encode()

    async def find(notes: bytes) -> WriteOutcome | None:
        """The stage that waited has ended, whoever sent the event."""
        found = await _instance(info, to, instance)
        stage = next((each for each in found.stages or () if str(each.number).encode() == notes), None)
        return WriteOutcome(instance) if stage and stage.status is WorkflowStatus.TERMINATED else None

    write = Write(
        operation="sendWorkflowEvent",
        provider=to.provider,
        key=input.idempotency_key,
        input=[instance, event],
        prepare=prepare,
        send=lambda _: then(to.vendor.send_workflow_event(instance, event, to.operation), instance),
        find=find,
    )
    return await changed(info, write, checks)


async def cancel_workflow_instance(info: Info, input: Cancel) -> Changed:
    """Let an instance go no further."""
    checks = Checks(info)
    instance = checks.ref(input.instance_id, "instanceId", of=[NodeType.WORKFLOW_INSTANCE])
    to = ordered(info, RunsWorkflows)
    if to is None or instance is None:
        return checks.failed or off()

    async def prepare() -> bytes:
        if (await _instance(info, to, instance)).status is not WorkflowStatus.RUNNING:
            raise Rejected(to.provider, "cancel_event", "The instance has ended already.")
        return b""

    async def find(_notes: bytes) -> WriteOutcome | None:
        has_ended = (await _instance(info, to, instance)).status is not WorkflowStatus.RUNNING
        return WriteOutcome(instance) if has_ended else None

    write = Write(
        operation="cancelWorkflowInstance",
        provider=to.provider,
        key=input.idempotency_key,
        input=instance,
        prepare=prepare,
        send=lambda _: then(to.vendor.cancel_workflow_instance(instance, to.operation), instance),
        find=find,
    )
    return await changed(info, write, checks)


def _may_wait_for(configured: str | None, event: str) -> bool:
    """The event's name may come from a variable, whose value does not show."""
    return configured is not None and ("${" in configured or configured == event)


async def _instance(info: Info, to: Ordered[RunsWorkflows], ref: Ref) -> WorkflowInstance:
    """The instance as the provider has it now."""
    reads = info.context.providers.able(ReadsWorkflows)[to.provider]
    found = await reads.workflow_instances_by_ref([ref], to.operation)
    if ref not in found:
        raise NotFound(to.provider, "get_instance")
    return value_of(found[ref])


async def _workflow(info: Info, to: Ordered[RunsWorkflows], ref: Ref) -> Workflow:
    found = await info.context.providers.able(ReadsWorkflows)[to.provider].workflows_by_ref([ref], to.operation)
    if ref not in found:
        raise NotFound(to.provider, "get_workflow")
    return value_of(found[ref])
