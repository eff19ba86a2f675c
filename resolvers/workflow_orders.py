"""What mutations do to workflows and their instances."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol

import msgspec
import strawberry

from providers.domain import (
    RUN_VARIABLE,
    NodeType,
    Provider,
    Ref,
    Workflow,
    WorkflowInstance,
    WorkflowStatus,
    WriteOutcome,
)
from providers.errors import NotFound, Rejected
from providers.orders.workflow import RunOrder, RunsWorkflows, WorkflowOrder
from providers.protocols.workflow import ReadsWorkflows
from resolvers.attempt import Write
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.writing import INPUT, PATIENCE, Changed, Checks, Ordered, carried_out, changed, off, ordered, then

_MOST_STAGES = 100


class CreateWorkflowInput(Protocol):
    """The shape of the schema's input of this name."""

    name: str
    stages: Any
    idempotency_key: str


class DeleteWorkflowInput(Protocol):
    """The shape of the schema's input of this name."""

    workflow_id: strawberry.ID
    idempotency_key: str


class RunWorkflowInput(DeleteWorkflowInput, Protocol):
    """The shape of the schema's input of this name."""

    variables: Any
    wait: bool


class CancelWorkflowInstanceInput(Protocol):
    """The shape of the schema's input of this name."""

    instance_id: strawberry.ID
    idempotency_key: str


class SendWorkflowEventInput(CancelWorkflowInstanceInput, Protocol):
    """The shape of the schema's input of this name."""

    event: str


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Create = Annotated[Annotated["CreateWorkflowInput", strawberry.lazy("schema.workflow_orders")], INPUT]
Delete = Annotated[Annotated["DeleteWorkflowInput", strawberry.lazy("schema.workflow_orders")], INPUT]
Run = Annotated[Annotated["RunWorkflowInput", strawberry.lazy("schema.workflow_orders")], INPUT]
Send = Annotated[Annotated["SendWorkflowEventInput", strawberry.lazy("schema.workflow_orders")], INPUT]
Cancel = Annotated[Annotated["CancelWorkflowInstanceInput", strawberry.lazy("schema.workflow_orders")], INPUT]


class Made(msgspec.Struct, frozen=True):
    """What is noted before a run is ordered."""

    mark: str
    at: datetime


async def create_workflow(info: Info, input: Create) -> Changed:
    """Make a workflow. One that was not there before and is just like it is what a lost answer was about."""
    checks = Checks(info)
    order = WorkflowOrder(name=checks.text(input.name, "name"), stages=_stages(checks, input.stages))
    to = ordered(info, RunsWorkflows)
    if to is None or checks.failed:
        return checks.failed or off()

    async def same() -> list[str]:
        return await to.vendor.same_workflows(order, to.operation)

    async def find(notes: bytes) -> WriteOutcome | None:
        return new_one(NodeType.WORKFLOW, to.provider, await same(), notes)

    write = Write(
        operation="createWorkflow",
        provider=to.provider,
        key=input.idempotency_key,
        input=order,
        prepare=lambda: noted(same),
        send=lambda _: to.vendor.create_workflow(order, to.operation),
        find=find,
    )
    return await changed(info, write, checks)


async def delete_workflow(info: Info, input: Delete) -> Changed:
    """Delete a workflow."""
    checks = Checks(info)
    workflow = checks.ref(input.workflow_id, "workflowId", of=[NodeType.WORKFLOW])
    to = ordered(info, RunsWorkflows)
    if to is None or workflow is None:
        return checks.failed or off()

    async def is_gone() -> Ref | None:
        return None if await to.vendor.is_workflow_listed(workflow, to.operation) else workflow

    return await carried_out(
        info,
        to,
        name="deleteWorkflow",
        key=input.idempotency_key,
        checks=checks,
        order=workflow,
        send=lambda: then(to.vendor.delete_workflow(workflow, to.operation), workflow),
        shows=is_gone,
    )


async def run_workflow(info: Info, input: Run) -> Changed:
    """Start an instance of a workflow."""
    checks = Checks(info)
    workflow = checks.ref(input.workflow_id, "workflowId", of=[NodeType.WORKFLOW])
    variables = checks.notes(input.variables, "variables")
    if RUN_VARIABLE in variables:
        checks.refuse("This variable is kept for what names the order.", "variables", RUN_VARIABLE)
    to = ordered(info, RunsWorkflows)
    if to is None or workflow is None or checks.failed:
        return checks.failed or off()
    order = RunOrder(workflow=workflow, variables=variables, waits=input.wait)

    async def prepare() -> bytes:
        return msgspec.json.encode(Made(_mark(info, input.idempotency_key), datetime.now(UTC)))

    async def find(notes: bytes) -> WriteOutcome | None:
        made = msgspec.json.decode(notes, type=Made)
        ref = await to.vendor.find_run(order, made.mark, made.at, to.operation)
        return WriteOutcome(ref) if ref else None

    write = Write(
        operation="runWorkflow",
        provider=to.provider,
        key=input.idempotency_key,
        input=order,
        prepare=prepare,
        send=lambda notes: to.vendor.run_workflow(order, msgspec.json.decode(notes, type=Made).mark, to.operation),
        find=find,
    )
    return await changed(info, write, checks, patience=PATIENCE if input.wait else None)


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


async def noted(same: Callable[[], Awaitable[list[str]]]) -> bytes:
    """The ids of what is there already."""
    return msgspec.json.encode(await same())


def new_one(kind: NodeType, provider: Provider, there: list[str], notes: bytes) -> WriteOutcome | None:
    """The first of what is there now that was not there when it was noted."""
    before = set(msgspec.json.decode(notes, type=list[str]))
    return next((WriteOutcome(Ref(kind, (each,), provider)) for each in there if each not in before), None)


def _stages(checks: Checks, given: object) -> tuple[Mapping[str, Any], ...]:
    is_list = isinstance(given, list) and 0 < len(given) <= _MOST_STAGES
    if not is_list or not all(isinstance(each, Mapping) and len(each) == 1 for each in given):  # type: ignore[attr-defined]
        checks.refuse(f"This must be a list of 1 to {_MOST_STAGES} objects, each with one key.", "stages")
        return ()
    if _has_fractions(given):
        checks.refuse("Numbers must be whole: an amount is given in the asset's smallest unit.", "stages")
    return tuple(given)  # type: ignore[arg-type]


def _has_fractions(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_has_fractions(each) for each in value.values())
    if isinstance(value, list):
        return any(_has_fractions(each) for each in value)
    return isinstance(value, float)


def _may_wait_for(configured: str | None, event: str) -> bool:
    """The event's name may come from a variable, whose value does not show."""
    return configured is not None and ("${" in configured or configured == event)


def _mark(info: Info, key: str) -> str:
    """Names an order without telling its key."""
    text = msgspec.json.encode(["runWorkflow", info.context.caller.id, key])
    return hashlib.sha256(text).hexdigest()[:32]


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
