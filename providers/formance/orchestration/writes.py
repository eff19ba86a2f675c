"""What is done to workflows, instances and triggers. The service takes no idempotency keys: effects are looked up."""

import asyncio
from datetime import datetime, timedelta

from providers.domain import RUN_VARIABLE, Provider, Ref
from providers.errors import NotFound, UnknownOutcome
from providers.formance import ids
from providers.formance.client.orchestration import FlowCalls
from providers.formance.models import orchestration as models
from providers.formance.orchestration.reading import Reading, everything
from providers.formance.translate import orchestration as translate
from providers.formance.translate import orchestration_requests as requests
from providers.formance.translate.values import time
from providers.operation import Operation
from providers.orders.workflow import RunOrder, TriggerOrder, WorkflowOrder

_MOST_LOOKED_AT = 100
_CLOCKS = timedelta(minutes=10)
"""How far the service's clock may be from ours."""


class WorkflowWrites(Reading):
    """Implements `RunsWorkflows`."""

    async def create_workflow(self, order: WorkflowOrder, operation: Operation) -> Ref:
        """Numbers above 2^53 are sent as texts: the service would round them."""
        api = await self._api(operation)
        body = requests.workflow_request(order.name, order.stages)
        return translate.workflow_ref(await api.create_workflow(body, operation))

    async def same_workflows(self, order: WorkflowOrder, operation: Operation) -> list[str]:
        """The whole list."""
        sent = requests.workflow_request(order.name, order.stages)
        return [row.id for row in await self._workflows(operation) if requests.is_same(row, sent)]

    async def delete_workflow(self, workflow: Ref, operation: Operation) -> None:
        """One that is deleted is deleted again without a word."""
        workflow_id = _known(workflow, "delete_workflow")
        await (await self._api(operation)).delete_workflow(workflow_id, operation)

    async def is_workflow_listed(self, workflow: Ref, operation: Operation) -> bool:
        """The whole list: by its id, a deleted one is still read."""
        return any(row.id == workflow.native_id for row in await self._workflows(operation))

    async def run_workflow(self, order: RunOrder, mark: str, operation: Operation) -> Ref:
        """The service starts deleted workflows, too."""
        workflow_id = _known(order.workflow, "run_workflow")
        variables = {**order.variables, RUN_VARIABLE: mark}
        api = await self._api(operation)
        return translate.instance_ref(await api.run_workflow(workflow_id, variables, operation, waits=order.waits))

    async def find_run(self, order: RunOrder, mark: str, since: datetime, operation: Operation) -> Ref | None:
        """The list of the workflow's instances, and the history of each that has begun since, of 100 at the most.

        An instance shows its mark once it has come to a stage that names the variable. One that has come there with
        another mark is somebody else's. Of a workflow that does not name it, no history need be read.
        """
        api = await self._api(operation)
        row = await api.get_workflow(order.workflow.native_id, operation)
        stages = translate.workflow(row, fetched_at=since).stages
        telling = next((stage.number for stage in stages if stage.names_run), None)
        begun = await self._instances(api, order.workflow, since - _CLOCKS, operation)
        looked_at = begun[:_MOST_LOOKED_AT] if telling is not None else []
        reading = (api.get_instance_history(each.id, operation) for each in looked_at)
        is_certain = len(looked_at) == len(begun)
        for instance, history in zip(looked_at, await asyncio.gather(*reading), strict=True):
            if any(mark.encode() in bytes(each.input) for each in history):
                return translate.instance_ref(instance.id)
            is_certain = is_certain and telling is not None and telling < len(history)
        if not is_certain:
            raise UnknownOutcome(Provider.FORMANCE, "run_workflow")
        return None

    async def send_workflow_event(self, instance: Ref, name: str, operation: Operation) -> None:
        """An instance that does not wait for it takes no note of it."""
        instance_id = _known(instance, "send_event")
        await (await self._api(operation)).send_event(instance_id, name, operation)

    async def cancel_workflow_instance(self, instance: Ref, operation: Operation) -> None:
        """The instance may show it a little later."""
        instance_id = _known(instance, "cancel_event")
        await (await self._api(operation)).cancel_event(instance_id, operation)

    async def create_trigger(self, order: TriggerOrder, operation: Operation) -> Ref:
        """An expression that cannot be read is refused with VALIDATION."""
        _known(order.workflow, "create_trigger")
        api = await self._api(operation)
        return translate.trigger_ref(await api.create_trigger(_body(order), operation))

    async def same_triggers(self, order: TriggerOrder, operation: Operation) -> list[str]:
        """The whole list."""
        api = await self._api(operation)
        rows = await everything(lambda listing: api.list_triggers(listing, operation), "list_triggers")
        return [row.id for row in rows if requests.is_same_trigger(row, _body(order))]

    async def delete_trigger(self, trigger: Ref, operation: Operation) -> None:
        """One that is deleted already is not found."""
        trigger_id = _known(trigger, "delete_trigger")
        await (await self._api(operation)).delete_trigger(trigger_id, operation)

    async def _workflows(self, operation: Operation) -> list[models.Workflow]:
        api = await self._api(operation)
        return await everything(lambda listing: api.list_workflows(listing, operation), "list_workflows")

    async def _instances(
        self, api: FlowCalls, workflow: Ref, since: datetime, operation: Operation
    ) -> list[models.WorkflowInstance]:
        rows = await everything(
            lambda listing: api.list_instances(listing, operation, workflow_id=workflow.native_id), "list_instances"
        )
        return [row for row in rows if (time(row.created_at) or since) >= since]


def _known(ref: Ref, operation: str) -> str:
    if not ids.is_uuid(ref.native_id):
        raise NotFound(Provider.FORMANCE, operation)
    return ref.native_id


def _body(order: TriggerOrder) -> models.TriggerRequest:
    return models.TriggerRequest(
        event=order.event,
        workflow_id=order.workflow.native_id,
        name=order.name,
        filter=order.filter,
        vars=order.variables or None,
    )
