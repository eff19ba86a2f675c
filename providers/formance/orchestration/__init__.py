"""Workflows, their instances and triggers: the provider's part over the orchestration service."""

from providers.formance.client.orchestration import OrchestrationService
from providers.formance.orchestration.generation import OrchestrationGeneration
from providers.formance.orchestration.instances import InstanceReads
from providers.formance.orchestration.transfers import OrderedTransfers
from providers.formance.orchestration.workflows import TriggerReads, WorkflowReads
from providers.formance.orchestration.writes import WorkflowWrites


class Flows(WorkflowReads, InstanceReads, TriggerReads, WorkflowWrites):
    """Implements `ReadsWorkflows` and `RunsWorkflows`."""

    def __init__(self, service: OrchestrationService) -> None:
        super().__init__(OrchestrationGeneration(service))


__all__ = ["Flows", "OrderedTransfers"]
