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
    WriteOutcome,
)
from providers.orders.workflow import RunOrder, RunsWorkflows, WorkflowOrder
from resolvers.attempt import Write
from resolvers.context import Info
from resolvers.writing import INPUT, PATIENCE, Changed, Checks, carried_out, changed, off, ordered, then

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


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Create = Annotated[Annotated["CreateWorkflowInput", strawberry.lazy("schema.workflow_orders")], INPUT]
Delete = Annotated[Annotated["DeleteWorkflowInput", strawberry.lazy("schema.workflow_orders")], INPUT]
Run = Annotated[Annotated["RunWorkflowInput", strawberry.lazy("schema.workflow_orders")], INPUT]


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


def _mark(info: Info, key: str) -> str:
    """Names an order without telling its key."""
    text = msgspec.json.encode(["runWorkflow", info.context.caller.id, key])
    return hashlib.sha256(text).hexdigest()[:32]
