"""What may be ordered of a provider that runs workflows. The rules are those of `providers.orders.money`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

import msgspec

from providers.domain import Ref
from providers.operation import Operation


class WorkflowOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow to be made. Each stage is an object with one key."""

    name: str
    stages: tuple[Mapping[str, Any], ...]


class RunOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow to be run. `waits`: until the instance has ended."""

    workflow: Ref
    variables: Mapping[str, str]
    waits: bool = False


class TriggerOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A trigger to be made. `variables` are expressions over the event, by name."""

    event: str
    workflow: Ref
    name: str | None = None
    filter: str | None = None
    variables: Mapping[str, str] = {}


@runtime_checkable
class RunsWorkflows(Protocol):
    """Can be given workflows, and told to run them."""

    async def create_workflow(self, order: WorkflowOrder, operation: Operation) -> Ref:
        """Make a workflow. Names need not be unique."""

    async def same_workflows(self, order: WorkflowOrder, operation: Operation) -> list[str]:
        """Ids of the workflows that are there already with this name and these stages."""

    async def delete_workflow(self, workflow: Ref, operation: Operation) -> None:
        """Delete a workflow. Instances of it go on."""

    async def is_workflow_listed(self, workflow: Ref, operation: Operation) -> bool:
        """Whether a workflow is there and not deleted."""

    async def run_workflow(self, order: RunOrder, mark: str, operation: Operation) -> Ref:
        """Start an instance, which is given the mark as its variable `RUN_VARIABLE`."""

    async def find_run(self, order: RunOrder, mark: str, since: datetime, operation: Operation) -> Ref | None:
        """The instance that was started with this mark since a time of our clock; None: there is certainly none.

        Raises `UnknownOutcome` where instances have been started that do not show by whom.
        """

    async def send_workflow_event(self, instance: Ref, name: str, operation: Operation) -> None:
        """Tell an instance of an event."""

    async def cancel_workflow_instance(self, instance: Ref, operation: Operation) -> None:
        """Let an instance go no further."""

    async def create_trigger(self, order: TriggerOrder, operation: Operation) -> Ref:
        """Make a trigger."""

    async def same_triggers(self, order: TriggerOrder, operation: Operation) -> list[str]:
        """Ids of the triggers that are there already and do the same."""

    async def delete_trigger(self, trigger: Ref, operation: Operation) -> None:
        """Delete a trigger."""
