"""Where triggers and their fields come from."""

from collections.abc import Mapping
from typing import Annotated

import strawberry

from providers.domain import NodeType, Provider, Trigger, TriggerOccurrence, TriggerTest, WorkflowInstance
from providers.protocols.workflow import ReadsWorkflows
from resolvers import ids
from resolvers.context import Info
from resolvers.node import by_ref
from resolvers.paging import After, Connection, First, identity
from resolvers.problems import BadInput
from resolvers.workflow import listed

# The annotation names the schema's scalar by a lazy reference, because this layer does not import the schema.
Event = Annotated[
    Annotated["JSON", strawberry.lazy("schema.scalars")],  # type: ignore[name-defined]  # noqa: F821
    strawberry.argument(description="The event's payload: an object, which expressions name `event`."),
]


async def trigger(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A trigger's global id.")]
) -> Trigger | None:
    """The trigger with this id."""
    found: Trigger | None = await by_ref(ids.decode(id, NodeType.TRIGGER), info.context)
    return found


async def triggers(
    info: Info,
    name: Annotated[str | None, strawberry.argument(description="Only triggers of this name.")] = None,
    first: First = 20,
    after: After = None,
) -> Connection[Trigger]:
    """All triggers."""
    return await listed(
        info,
        lambda vendor, page: vendor.list_triggers(name, page, info.context.operation),
        of=identity("triggers", name),
        first=first,
        after=after,
    )


async def occurrences(
    root: strawberry.Parent[Trigger], info: Info, first: First = 20, after: After = None
) -> Connection[TriggerOccurrence]:
    """What a trigger has done."""
    return await listed(
        info,
        lambda vendor, page: vendor.list_trigger_occurrences(root.ref, page, info.context.operation),
        of=identity("occurrences", root.ref),
        first=first,
        after=after,
    )


async def instance(root: strawberry.Parent[TriggerOccurrence], info: Info) -> WorkflowInstance | None:
    """The instance that an occurrence has started."""
    if root.instance is not None or root.instance_ref is None:
        return root.instance
    found: WorkflowInstance | None = await by_ref(root.instance_ref, info.context)
    return found


async def test(root: strawberry.Parent[Trigger], info: Info, event: Event) -> TriggerTest | None:
    """What a trigger would do with an event."""
    if not isinstance(event, Mapping):
        raise BadInput("An event is a JSON object.")
    vendor = info.context.providers.able(ReadsWorkflows).get(root.ref.provider or Provider.FORMANCE)
    return await vendor.test_trigger(root.ref, event, info.context.operation) if vendor else None
