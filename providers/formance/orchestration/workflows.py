"""Reads of workflows and triggers."""

from collections.abc import Mapping, Sequence
from typing import Any

from providers.domain import Page, PageRequest, Provider, Ref, Trigger, TriggerOccurrence, TriggerTest, Workflow
from providers.errors import NotFound, Outcome, ProviderError
from providers.formance import ids
from providers.formance.client.calls import Listing
from providers.formance.orchestration.reading import Reading, by_ref, everything, now, page_of
from providers.formance.translate import orchestration as translate
from providers.operation import Operation


class WorkflowReads(Reading):
    """A part of `ReadsWorkflows`."""

    async def workflows_by_ref(self, refs: Sequence[Ref], operation: Operation) -> dict[Ref, Outcome[Workflow]]:
        """One call for each of two; of more, the list, and one for each that is not on its first page."""
        try:
            api = await self._api(operation)
        except ProviderError as error:
            return dict.fromkeys(refs, error)

        async def read(ref: Ref) -> Workflow:
            return translate.workflow(await api.get_workflow(ref.native_id, operation), fetched_at=now())

        async def first() -> list[Workflow]:
            rows = await api.list_workflows(Listing(), operation)
            return [translate.workflow(row, fetched_at=now()) for row in rows.data]

        return await by_ref(refs, read, first)

    async def list_workflows(self, page: PageRequest, operation: Operation) -> Page[Workflow]:
        """One call."""
        api = await self._api(operation)
        at = now()
        return await page_of(
            page,
            lambda listing: api.list_workflows(listing, operation),
            lambda row: translate.workflow(row, fetched_at=at),
        )


class TriggerReads(Reading):
    """A part of `ReadsWorkflows`."""

    async def triggers_by_ref(self, refs: Sequence[Ref], operation: Operation) -> dict[Ref, Outcome[Trigger]]:
        """One call for each of two; of more, the list, and one for each that is not on its first page."""
        try:
            api = await self._api(operation)
        except ProviderError as error:
            return dict.fromkeys(refs, error)

        async def read(ref: Ref) -> Trigger:
            return translate.trigger(await api.read_trigger(ref.native_id, operation), fetched_at=now())

        async def first() -> list[Trigger]:
            rows = await api.list_triggers(Listing(), operation)
            return [translate.trigger(row, fetched_at=now()) for row in rows.data]

        return await by_ref(refs, read, first)

    async def triggers_by_workflow(
        self, workflows: Sequence[Ref], operation: Operation
    ) -> dict[Ref, Outcome[Sequence[Trigger]]]:
        """The list of all, once: it cannot be narrowed."""
        try:
            api = await self._api(operation)
            rows = await everything(lambda listing: api.list_triggers(listing, operation), "list_triggers")
        except ProviderError as error:
            return dict.fromkeys(workflows, error)
        triggers = [translate.trigger(row, fetched_at=now()) for row in rows]
        return {each: [trigger for trigger in triggers if trigger.workflow == each] for each in workflows}

    async def list_triggers(self, name: str | None, page: PageRequest, operation: Operation) -> Page[Trigger]:
        """One call."""
        api = await self._api(operation)
        at = now()
        return await page_of(
            page,
            lambda listing: api.list_triggers(listing, operation, name=name or ""),
            lambda row: translate.trigger(row, fetched_at=at),
        )

    async def list_trigger_occurrences(
        self, trigger: Ref, page: PageRequest, operation: Operation
    ) -> Page[TriggerOccurrence]:
        """One call."""
        api = await self._api(operation)
        at = now()
        return await page_of(
            page,
            lambda listing: api.list_triggers_occurrences(trigger.native_id, listing, operation),
            lambda row: translate.occurrence(row, fetched_at=at),
        )

    async def test_trigger(self, trigger: Ref, event: Mapping[str, Any], operation: Operation) -> TriggerTest:
        """One call. v1 cannot do it."""
        if not ids.is_uuid(trigger.native_id):
            raise NotFound(Provider.FORMANCE, "test_trigger")
        api = await self._api(operation)
        return translate.trigger_test(await api.test_trigger(trigger.native_id, event, operation))
