"""What may be asked of a provider that runs workflows. The rules are those of `providers.protocols.reads`."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from providers.domain import (
    Page,
    PageRequest,
    Ref,
    TransferInitiation,
    Trigger,
    TriggerOccurrence,
    TriggerTest,
    Workflow,
    WorkflowActivity,
    WorkflowHistoryEntry,
    WorkflowInstance,
    WorkflowInstanceFilter,
    WorkflowStageKey,
)
from providers.errors import Outcome
from providers.operation import Operation


@runtime_checkable
class ReadsWorkflows(Protocol):
    """Has workflows, instances of them, and triggers."""

    async def workflows_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Workflow]]:
        """Workflows by identity, deleted ones too."""

    async def list_workflows(self, page: PageRequest, operation: Operation) -> Page[Workflow]:
        """Workflows that are not deleted. Raises a `ProviderError`."""

    async def workflow_instances_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[WorkflowInstance]]:
        """Instances by identity, with their stages."""

    async def list_workflow_instances(
        self, where: WorkflowInstanceFilter, page: PageRequest, operation: Operation
    ) -> Page[WorkflowInstance]:
        """Instances of workflows that are not deleted, without their stages. Raises a `ProviderError`."""

    async def workflow_histories(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[Sequence[WorkflowHistoryEntry]]]:
        """The stages of each instance as they were carried out."""

    async def workflow_activities(
        self, stages: Sequence[WorkflowStageKey], operation: Operation
    ) -> Mapping[WorkflowStageKey, Outcome[Sequence[WorkflowActivity]]]:
        """The activities of each stage. One that was never begun has none."""

    async def triggers_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Trigger]]:
        """Triggers by identity."""

    async def triggers_by_workflow(
        self, workflows: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[Sequence[Trigger]]]:
        """The triggers of each workflow. Every workflow is a key of the answer."""

    async def list_triggers(self, name: str | None, page: PageRequest, operation: Operation) -> Page[Trigger]:
        """Triggers, those of a name or all. Raises a `ProviderError`."""

    async def list_trigger_occurrences(
        self, trigger: Ref, page: PageRequest, operation: Operation
    ) -> Page[TriggerOccurrence]:
        """What a trigger has done. Raises a `ProviderError`."""

    async def test_trigger(self, trigger: Ref, event: Mapping[str, Any], operation: Operation) -> TriggerTest:
        """What a trigger would do with an event. Raises a `ProviderError`."""


@runtime_checkable
class FindsOrderedTransfers(Protocol):
    """Can tell which transfer initiations a workflow has ordered."""

    async def transfers_by_workflow_stage(
        self, stages: Sequence[WorkflowStageKey], operation: Operation
    ) -> Mapping[WorkflowStageKey, Outcome[Sequence[TransferInitiation]]]:
        """Those of each stage of an instance. Every stage is a key of the answer."""
