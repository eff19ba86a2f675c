"""Where workflows, their instances and their fields come from. All of it is the organisation's."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

import strawberry

from providers.domain import (
    LedgerTransaction,
    NodeType,
    Page,
    PageRequest,
    Provider,
    Ref,
    TransferInitiation,
    Trigger,
    Workflow,
    WorkflowActivity,
    WorkflowHistoryEntry,
    WorkflowInstance,
    WorkflowInstanceFilter,
    WorkflowInstanceStage,
    WorkflowStageKey,
    WorkflowTransaction,
)
from providers.protocols.workflow import ReadsWorkflows
from resolvers import ids
from resolvers.batching import Loader
from resolvers.context import Info, RequestContext
from resolvers.node import by_ref
from resolvers.paging import After, Connection, First, identity, window

T = TypeVar("T")
K = TypeVar("K")
Read = Callable[[ReadsWorkflows, PageRequest], Awaitable[Page[T]]]

Running = Annotated[
    bool, strawberry.argument(description="True: only those that have not ended. False: those that have ended, too.")
]


async def workflow(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A workflow's global id.")]
) -> Workflow | None:
    """The workflow with this id."""
    found: Workflow | None = await by_ref(ids.decode(id, NodeType.WORKFLOW), info.context)
    return found


async def workflows(info: Info, first: First = 20, after: After = None) -> Connection[Workflow]:
    """All workflows that are not deleted."""
    connection = await listed(
        info,
        lambda vendor, page: vendor.list_workflows(page, info.context.operation),
        of=identity("workflows"),
        first=first,
        after=after,
    )
    for each in connection.nodes:  # what names them need not ask for them
        info.context.loaders.workflows_by_ref[each.ref.provider or Provider.FORMANCE].prime(each.ref, each)
    return connection


async def workflow_instance(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="An instance's global id.")]
) -> WorkflowInstance | None:
    """The instance with this id."""
    found: WorkflowInstance | None = await by_ref(ids.decode(id, NodeType.WORKFLOW_INSTANCE), info.context)
    return found


async def workflow_instances(
    info: Info,
    workflow_id: Annotated[
        strawberry.ID | None, strawberry.argument(description="Only instances of this workflow (a global id).")
    ] = None,
    running: Running = False,  # noqa: FBT002 - a field's argument
    first: First = 20,
    after: After = None,
) -> Connection[WorkflowInstance]:
    """Instances of workflows that are not deleted."""
    of = ids.decode(workflow_id, NodeType.WORKFLOW) if workflow_id else None
    return await _instances(info, WorkflowInstanceFilter(workflow=of, is_running=running), first, after)


async def instances(
    root: strawberry.Parent[Workflow],
    info: Info,
    running: Running = False,  # noqa: FBT002 - a field's argument
    first: First = 20,
    after: After = None,
) -> Connection[WorkflowInstance]:
    """A workflow's instances."""
    return await _instances(info, WorkflowInstanceFilter(workflow=root.ref, is_running=running), first, after)


async def triggers(root: strawberry.Parent[Workflow], info: Info) -> Sequence[Trigger] | None:
    """The triggers that run a workflow."""
    return await _loaded(info.context.loaders.triggers_by_workflow, root.ref, root.ref)


async def workflow_of(root: strawberry.Parent[Any], info: Info) -> Workflow | None:
    """The workflow that an instance or a trigger is of."""
    found: Workflow | None = await by_ref(root.workflow, info.context)
    return found


async def stages(root: strawberry.Parent[WorkflowInstance], info: Info) -> Sequence[WorkflowInstanceStage] | None:
    """The stages that an instance has come to."""
    if root.stages is not None:
        return root.stages
    whole = await _loaded(info.context.loaders.workflow_instances_by_ref, root.ref, root.ref)
    return whole.stages if whole else None


async def history(root: strawberry.Parent[WorkflowInstance], info: Info) -> Sequence[WorkflowHistoryEntry] | None:
    """An instance's stages as they were carried out."""
    return await _loaded(info.context.loaders.workflow_histories_by_ref, root.ref, root.ref)


async def activities(root: strawberry.Parent[WorkflowInstanceStage], info: Info) -> Sequence[WorkflowActivity] | None:
    """What a stage had the stack do."""
    return await _activities(root.key, info.context)


async def transfer_initiations(
    root: strawberry.Parent[WorkflowInstance], info: Info
) -> Sequence[TransferInitiation] | None:
    """The transfer initiations that an instance has ordered."""
    of: Workflow | None = await by_ref(root.workflow, info.context)
    if of is None:
        return []
    keys = [WorkflowStageKey(root.ref, stage.number) for stage in of.stages if stage.pays_out]
    loader = info.context.loaders.transfers_by_workflow_stage[root.ref.provider or Provider.FORMANCE]
    found = await asyncio.gather(*map(loader.load, keys))
    return [transfer for some in found for transfer in some]


async def ledger_transactions(
    root: strawberry.Parent[WorkflowInstance], info: Info
) -> Sequence[WorkflowTransaction] | None:
    """The transactions that an instance has made, as its activities tell them."""
    begun = await stages(root, info)
    found = await asyncio.gather(*(_activities(stage.key, info.context) for stage in begun or ()))
    return [made for some in found for activity in some or () for made in activity.transactions]


async def of_transfer(root: strawberry.Parent[TransferInitiation], info: Info) -> WorkflowInstance | None:
    """The instance whose workflow has ordered a transfer initiation."""
    if root.workflow_instance is None:
        return None
    found: WorkflowInstance | None = await by_ref(root.workflow_instance, info.context)
    return found


def transaction_id(root: strawberry.Parent[WorkflowTransaction]) -> str:
    """The global id of a ledger transaction."""
    return ids.encode(root.ref)


async def transaction(root: strawberry.Parent[WorkflowTransaction], info: Info) -> LedgerTransaction | None:
    """The ledger transaction itself."""
    found: LedgerTransaction | None = await by_ref(root.ref, info.context)
    return found


async def listed(info: Info, read: Read[T], *, of: str, first: int | None, after: str | None) -> Connection[T]:
    """A window on a list of all providers that have workflows."""
    able = info.context.providers.able(ReadsWorkflows)
    sources = {name.value: _source(vendor, read) for name, vendor in able.items()}
    connection = await window(sources, of=of, first=first, after=after)
    info.context.lacks(info.path, connection.problems)
    return connection


def _source(vendor: ReadsWorkflows, read: Read[T]) -> Callable[[PageRequest], Awaitable[Page[T]]]:
    return lambda page: read(vendor, page)


async def _instances(
    info: Info, where: WorkflowInstanceFilter, first: int | None, after: str | None
) -> Connection[WorkflowInstance]:
    return await listed(
        info,
        lambda vendor, page: vendor.list_workflow_instances(where, page, info.context.operation),
        of=identity("workflow instances", where.workflow, where.is_running),
        first=first,
        after=after,
    )


async def _activities(key: WorkflowStageKey, context: RequestContext) -> Sequence[WorkflowActivity] | None:
    return await _loaded(context.loaders.workflow_activities_by_stage, key.instance, key)


async def _loaded(loaders: Mapping[Provider, Loader[K, T]], of: Ref, key: K) -> T | None:
    """What a loader of the provider of an object gives."""
    loader = loaders.get(of.provider or Provider.FORMANCE)
    return None if loader is None else await loader.load(key)
