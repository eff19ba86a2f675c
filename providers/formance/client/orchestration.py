"""The orchestration service, in both of its APIs: they differ in their paths, and in how lists come."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from providers.errors import Broken, CallLimit, UnknownOutcome, Unsupported
from providers.formance.client.calls import PATIENCE, Listing
from providers.formance.models import Cursor, Data, Envelope, ServerInfo
from providers.formance.models import orchestration as models
from providers.formance.paging import PAGE
from providers.http import Endpoint, Query, Upstream
from providers.operation import Operation

T = TypeVar("T")

ROOTS = {"v1": "/api/orchestration", "v2": "/api/orchestration/v2"}
GET_SERVER_INFO = Endpoint("v2_get_server_info", "GET", f"{ROOTS['v2']}/_info")

OPERATIONS = {
    "list_workflows": ("GET", "/workflows"),
    "get_workflow": ("GET", "/workflows/{flowId}"),
    "create_workflow": ("POST", "/workflows"),
    "delete_workflow": ("DELETE", "/workflows/{flowId}"),
    "run_workflow": ("POST", "/workflows/{workflowID}/instances"),
    "list_instances": ("GET", "/instances"),
    "get_instance": ("GET", "/instances/{instanceID}"),
    "get_instance_history": ("GET", "/instances/{instanceID}/history"),
    "get_instance_stage_history": ("GET", "/instances/{instanceID}/stages/{number}/history"),
    "send_event": ("POST", "/instances/{instanceID}/events"),
    "cancel_event": ("PUT", "/instances/{instanceID}/abort"),
    "list_triggers": ("GET", "/triggers"),
    "read_trigger": ("GET", "/triggers/{triggerID}"),
    "create_trigger": ("POST", "/triggers"),
    "delete_trigger": ("DELETE", "/triggers/{triggerID}"),
    "list_triggers_occurrences": ("GET", "/triggers/{triggerID}/occurrences"),
    "test_trigger": ("POST", "/triggers/{triggerID}/test"),
}
"""Method and path below the API's root."""

_SERVER_INFO = msgspec.json.Decoder(ServerInfo)
_WORKFLOW = msgspec.json.Decoder(Data[models.Workflow])
_INSTANCE = msgspec.json.Decoder(Data[models.WorkflowInstance])
_TRIGGER = msgspec.json.Decoder(Data[models.Trigger])
_HISTORY: "msgspec.json.Decoder[Data[tuple[models.StageHistory, ...] | None]]" = msgspec.json.Decoder(
    Data[tuple[models.StageHistory, ...] | None]
)
_ACTIVITIES: "msgspec.json.Decoder[Data[tuple[models.ActivityHistory, ...] | None]]" = msgspec.json.Decoder(
    Data[tuple[models.ActivityHistory, ...] | None]
)
_TEST = msgspec.json.Decoder(Data[models.TriggerTest])

_KINDS = (models.Workflow, models.WorkflowInstance, models.Trigger, models.TriggerOccurrence)
_PAGES: "dict[object, msgspec.json.Decoder[Any]]" = {
    kind: msgspec.json.Decoder(Envelope[kind])  # type: ignore[valid-type]  # a class
    for kind in _KINDS
}
_WHOLES: "dict[object, msgspec.json.Decoder[Any]]" = {
    kind: msgspec.json.Decoder(models.Whole[kind])  # type: ignore[valid-type]  # a class
    for kind in _KINDS
}


class FlowCalls:
    """One method for each operation of one of the APIs."""

    def __init__(self, upstream: Upstream, version: str, *, largest_page: int) -> None:
        self._upstream, self._version, self._largest_page = upstream, version, largest_page
        root = ROOTS[version]
        self._endpoints = {name: Endpoint(name, method, root + path) for name, (method, path) in OPERATIONS.items()}

    async def list_workflows(self, listing: Listing, operation: Operation) -> Cursor[models.Workflow]:
        """A page of workflows that are not deleted."""
        return await self._list("list_workflows", models.Workflow, listing, operation)

    async def get_workflow(self, workflow_id: str, operation: Operation) -> models.Workflow:
        """One workflow, be it deleted."""
        return await self._one("get_workflow", _WORKFLOW, operation, {"flowId": workflow_id})

    async def create_workflow(self, body: models.WorkflowRequest, operation: Operation) -> str:
        """Make a workflow, and give its id."""
        return (await self._write("create_workflow", _WORKFLOW, body, operation)).id

    async def delete_workflow(self, workflow_id: str, operation: Operation) -> None:
        """Delete a workflow. Its instances go on."""
        await self._order("delete_workflow", operation, {"flowId": workflow_id})

    async def run_workflow(
        self, workflow_id: str, variables: Mapping[str, str], operation: Operation, *, waits: bool
    ) -> str:
        """Start an instance, and give its id: at once, or when it has ended."""
        query = [("wait", "true")] if waits else []
        path, patience = {"workflowID": workflow_id}, PATIENCE if waits else None
        made = self._write("run_workflow", _INSTANCE, variables, operation, path, query=query, patience=patience)
        return (await made).id

    async def list_instances(
        self, listing: Listing, operation: Operation, *, workflow_id: str = "", is_running: bool = False
    ) -> Cursor[models.WorkflowInstance]:
        """A page of instances, without their stages."""
        more = [("workflowID", workflow_id)] if workflow_id else []
        more += [("running", "true")] if is_running else []
        return await self._list("list_instances", models.WorkflowInstance, listing, operation, query=more)

    async def get_instance(self, instance_id: str, operation: Operation) -> models.WorkflowInstance:
        """One instance with its stages."""
        return await self._one("get_instance", _INSTANCE, operation, {"instanceID": instance_id})

    async def get_instance_history(self, instance_id: str, operation: Operation) -> tuple[models.StageHistory, ...]:
        """The stages as they were carried out."""
        return await self._one("get_instance_history", _HISTORY, operation, {"instanceID": instance_id}) or ()

    async def get_instance_stage_history(
        self, instance_id: str, number: int, operation: Operation
    ) -> tuple[models.ActivityHistory, ...]:
        """The activities of a stage."""
        path = {"instanceID": instance_id, "number": str(number)}
        return await self._one("get_instance_stage_history", _ACTIVITIES, operation, path) or ()

    async def send_event(self, instance_id: str, name: str, operation: Operation) -> None:
        """Tell an instance of an event."""
        await self._order("send_event", operation, {"instanceID": instance_id}, models.EventRequest(name))

    async def cancel_event(self, instance_id: str, operation: Operation) -> None:
        """Abort an instance. The name is the vendor's."""
        await self._order("cancel_event", operation, {"instanceID": instance_id})

    async def list_triggers(self, listing: Listing, operation: Operation, *, name: str = "") -> Cursor[models.Trigger]:
        """A page of triggers."""
        more = [("name", name)] if name else []
        return await self._list("list_triggers", models.Trigger, listing, operation, query=more)

    async def read_trigger(self, trigger_id: str, operation: Operation) -> models.Trigger:
        """One trigger."""
        return await self._one("read_trigger", _TRIGGER, operation, {"triggerID": trigger_id})

    async def create_trigger(self, body: models.TriggerRequest, operation: Operation) -> str:
        """Make a trigger, and give its id."""
        return (await self._write("create_trigger", _TRIGGER, body, operation)).id

    async def delete_trigger(self, trigger_id: str, operation: Operation) -> None:
        """Delete a trigger."""
        await self._order("delete_trigger", operation, {"triggerID": trigger_id})

    async def list_triggers_occurrences(
        self, trigger_id: str, listing: Listing, operation: Operation
    ) -> Cursor[models.TriggerOccurrence]:
        """A page of what a trigger has done."""
        path = {"triggerID": trigger_id}
        return await self._list("list_triggers_occurrences", models.TriggerOccurrence, listing, operation, path=path)

    async def test_trigger(
        self, trigger_id: str, event: Mapping[str, object], operation: Operation
    ) -> models.TriggerTest:
        """What a trigger would do with an event. Nothing is changed. v1 cannot tell."""
        endpoint = self._endpoints["test_trigger"]
        if self._version == "v1":
            raise Unsupported(self._upstream.provider, endpoint.operation)
        if not operation.spend():
            raise CallLimit(self._upstream.provider, endpoint.operation)
        try:
            return await self._write("test_trigger", _TEST, event, operation, {"triggerID": trigger_id})
        except UnknownOutcome as error:
            raise Broken(error.provider, error.operation, status=error.status) from error

    async def _list(
        self,
        name: str,
        kind: type[T],
        listing: Listing,
        operation: Operation,
        *,
        path: Mapping[str, str] | None = None,
        query: Query = (),
    ) -> Cursor[T]:
        """By its documentation v1 gives a list whole. Servers cut some at the size of a page, and older ones say
        nothing of it: then there is more, and no way to it.
        """
        endpoint = self._endpoints[name]
        if self._version == "v2":
            sized = msgspec.structs.replace(listing, size=min(listing.size, self._largest_page))
            asked = sized.parameters(*query)
            page: Envelope[T] = await self._upstream.read(endpoint, _PAGES[kind], operation, path=path, query=asked)
            return page.cursor
        asked = [("cursor", listing.cursor)] if listing.cursor else [("pageSize", str(PAGE)), *query]
        whole: models.Whole[T] = await self._upstream.read(endpoint, _WHOLES[kind], operation, path=path, query=asked)
        rows = whole.data or ()
        return Cursor(rows, len(rows) == PAGE if whole.has_more is None else whole.has_more, whole.next)

    async def _one(
        self, name: str, decoder: "msgspec.json.Decoder[Data[T]]", operation: Operation, path: Mapping[str, str]
    ) -> T:
        return (await self._upstream.read(self._endpoints[name], decoder, operation, path=path)).data

    async def _write(
        self,
        name: str,
        decoder: "msgspec.json.Decoder[Data[T]]",
        body: object,
        operation: Operation,
        path: Mapping[str, str] | None = None,
        *,
        query: Query = (),
        patience: float | None = None,
    ) -> T:
        write = self._upstream.write(
            self._endpoints[name],
            decoder,
            operation,
            path=path,
            query=query,
            content=msgspec.json.encode(body),
            patience=patience,
        )
        return (await write).data

    async def _order(self, name: str, operation: Operation, path: Mapping[str, str], body: object = None) -> None:
        content = b"" if body is None else msgspec.json.encode(body)
        await self._upstream.command(self._endpoints[name], operation, path=path, content=content)


class OrchestrationService:
    """Both APIs. `setting` pins the one that is used; "auto" asks the server."""

    def __init__(self, upstream: Upstream, *, setting: str = "auto", largest_page: int = PAGE) -> None:
        self._upstream = upstream
        self.setting = setting
        self.apis = {each: FlowCalls(upstream, each, largest_page=largest_page) for each in ROOTS}

    async def get_server_info(self, operation: Operation, *, authenticated: bool) -> ServerInfo:
        """The version of a server that has v2. Others have no such route."""
        return await self._upstream.read(
            GET_SERVER_INFO, _SERVER_INFO, operation, authenticated=authenticated, is_counted=False
        )
