"""Reads of workflows' instances, and of what they have done."""

from collections.abc import Sequence

from providers.domain import (
    Page,
    PageRequest,
    Ref,
    WorkflowActivity,
    WorkflowHistoryEntry,
    WorkflowInstance,
    WorkflowInstanceFilter,
    WorkflowStageKey,
)
from providers.errors import NotFound, Outcome, ProviderError
from providers.formance import ids
from providers.formance.orchestration.reading import Reading, known, now, of_each, page_of
from providers.formance.translate import orchestration as translate
from providers.operation import Operation


class InstanceReads(Reading):
    """A part of `ReadsWorkflows`."""

    async def workflow_instances_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> dict[Ref, Outcome[WorkflowInstance]]:
        """One call each, at once: lists do not tell the stages."""
        try:
            api = await self._api(operation)
        except ProviderError as error:
            return dict.fromkeys(refs, error)

        async def read(ref: Ref) -> WorkflowInstance:
            row = await api.get_instance(ref.native_id, operation)
            return translate.instance(row, fetched_at=now(), is_whole=True)

        return await of_each(known(refs), read)

    async def list_workflow_instances(
        self, where: WorkflowInstanceFilter, page: PageRequest, operation: Operation
    ) -> Page[WorkflowInstance]:
        """One call."""
        workflow_id = where.workflow.native_id if where.workflow else ""
        api = await self._api(operation)
        at = now()
        return await page_of(
            page,
            lambda listing: api.list_instances(
                listing, operation, workflow_id=workflow_id, is_running=where.is_running
            ),
            lambda row: translate.instance(row, fetched_at=at, is_whole=False),
        )

    async def workflow_histories(
        self, refs: Sequence[Ref], operation: Operation
    ) -> dict[Ref, Outcome[Sequence[WorkflowHistoryEntry]]]:
        """One call each, at once."""
        try:
            api = await self._api(operation)
        except ProviderError as error:
            return dict.fromkeys(refs, error)

        async def read(ref: Ref) -> Sequence[WorkflowHistoryEntry]:
            rows = await api.get_instance_history(ref.native_id, operation)
            return [translate.history_entry(row) for row in rows]

        return await of_each(known(refs), read)

    async def workflow_activities(
        self, stages: Sequence[WorkflowStageKey], operation: Operation
    ) -> dict[WorkflowStageKey, Outcome[Sequence[WorkflowActivity]]]:
        """One call each, at once."""
        try:
            api = await self._api(operation)
        except ProviderError as error:
            return dict.fromkeys(stages, error)

        async def read(stage: WorkflowStageKey) -> Sequence[WorkflowActivity]:
            try:
                rows = await api.get_instance_stage_history(stage.instance.native_id, stage.number, operation)
            except NotFound:
                return ()
            return [translate.activity(row) for row in rows]

        return await of_each([each for each in stages if ids.is_uuid(each.instance.native_id)], read)
