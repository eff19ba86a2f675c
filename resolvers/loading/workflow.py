"""Loaders of workflows, their instances, and triggers."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from providers.domain import (
    Provider,
    Ref,
    TransferInitiation,
    Trigger,
    Workflow,
    WorkflowActivity,
    WorkflowHistoryEntry,
    WorkflowInstance,
    WorkflowStageKey,
)
from providers.protocols.workflow import FindsOrderedTransfers, ReadsWorkflows
from resolvers.batching import Loader
from resolvers.loading.making import LoaderBase, is_named_so


class WorkflowLoaders(LoaderBase):
    """A part of `Loaders`."""

    @cached_property
    def workflows_by_ref(self) -> Mapping[Provider, Loader[Ref, Workflow | None]]:
        """Workflows by identity."""
        return self._each(ReadsWorkflows, lambda vendor: vendor.workflows_by_ref, accept=is_named_so)

    @cached_property
    def workflow_instances_by_ref(self) -> Mapping[Provider, Loader[Ref, WorkflowInstance | None]]:
        """Instances by identity, with their stages."""
        return self._each(ReadsWorkflows, lambda vendor: vendor.workflow_instances_by_ref, accept=is_named_so)

    @cached_property
    def workflow_histories_by_ref(self) -> Mapping[Provider, Loader[Ref, Sequence[WorkflowHistoryEntry] | None]]:
        """The stages of an instance as they were carried out."""
        return self._each(ReadsWorkflows, lambda vendor: vendor.workflow_histories)

    @cached_property
    def workflow_activities_by_stage(
        self,
    ) -> Mapping[Provider, Loader[WorkflowStageKey, Sequence[WorkflowActivity] | None]]:
        """The activities of a stage of an instance."""
        return self._each(ReadsWorkflows, lambda vendor: vendor.workflow_activities)

    @cached_property
    def triggers_by_ref(self) -> Mapping[Provider, Loader[Ref, Trigger | None]]:
        """Triggers by identity."""
        return self._each(ReadsWorkflows, lambda vendor: vendor.triggers_by_ref, accept=is_named_so)

    @cached_property
    def triggers_by_workflow(self) -> Mapping[Provider, Loader[Ref, Sequence[Trigger]]]:
        """Triggers that run a workflow."""
        return self._each(ReadsWorkflows, lambda vendor: vendor.triggers_by_workflow, missing=())

    @cached_property
    def transfers_by_workflow_stage(
        self,
    ) -> Mapping[Provider, Loader[WorkflowStageKey, Sequence[TransferInitiation]]]:
        """Transfer initiations that a stage of an instance has ordered."""
        return self._each(FindsOrderedTransfers, lambda vendor: vendor.transfers_by_workflow_stage, missing=())
