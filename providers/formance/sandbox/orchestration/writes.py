"""Writes of `/api/orchestration` and `/api/orchestration/v2`, over the same state."""

import uuid
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.bodies import wire_name
from providers.formance.sandbox.errors import RefusedError, invalid
from providers.formance.sandbox.ids import checked_uuid
from providers.formance.sandbox.moments import Moments
from providers.formance.sandbox.orchestration import wire
from providers.formance.sandbox.orchestration.engine import Engine
from providers.formance.sandbox.orchestration.expressions import ExpressionError, compiled, evaluated, shown
from providers.formance.sandbox.orchestration.reads import no_rows, roots
from providers.formance.sandbox.orchestration.records import Flows, Instance, Json, Trigger, Workflow
from providers.formance.sandbox.routing import answer, route

Body = TypeVar("Body")
_KINDS = ("send", "delay", "wait_event", "update")


class NewWorkflow(msgspec.Struct):
    """A workflow to be made."""

    name: str | None = None
    stages: list[dict[str, Json]] | None = None


class NewTrigger(msgspec.Struct, rename=wire_name):
    """A trigger to be made."""

    event: str = ""
    workflow_id: str = ""
    name: str | None = None
    filter: str | None = None
    vars: dict[str, str] | None = None
    version: str | None = None


class Event(msgspec.Struct):
    """An event for an instance."""

    name: str = ""


class Writes:
    """What can be ordered of one server."""

    def __init__(self, flows: Flows, engine: Engine, moments: Moments) -> None:
        self._flows, self._engine, self._moments = flows, engine, moments

    def routes(self, auth: Auth) -> list[Route]:
        """All writes of each API. Only v2 tests triggers."""
        found: list[Route] = []
        for version, root in roots(self._flows.version):
            for method, path, endpoint in self._table():
                if version == "v2" or not path.endswith("/test"):
                    found.append(route(method, f"{root}{path}", auth.protect(endpoint)))
        return found

    def _table(self) -> list[tuple[str, str, Callable[[Request], Awaitable[Response]]]]:
        return [
            ("POST", "/workflows", self._create_workflow),
            ("DELETE", "/workflows/{id}", self._delete_workflow),
            ("POST", "/workflows/{id}/instances", self._run),
            ("POST", "/instances/{id}/events", self._send_event),
            ("PUT", "/instances/{id}/abort", self._abort),
            ("POST", "/triggers", self._create_trigger),
            ("DELETE", "/triggers/{id}", self._delete_trigger),
            ("POST", "/triggers/{id}/test", self._test),
        ]

    async def _create_workflow(self, request: Request) -> Response:
        new = await _body(request, NewWorkflow)
        for stage in new.stages or []:
            if len(stage) != 1 or next(iter(stage)) not in _KINDS:
                raise RefusedError(500, "INTERNAL", "creating workflow: unable to resolve schema")
        now = self._moments.now()
        made = Workflow(str(uuid.uuid4()), new.name or "", new.stages or [], now, now)
        self._flows.workflows[made.id] = made
        return answer({"data": wire.workflow(made)}, 201)

    async def _delete_workflow(self, request: Request) -> Response:
        """One that is deleted can be deleted again."""
        try:
            identifier = checked_uuid(request.path_params["id"])
        except RefusedError as error:
            raise invalid("Key: '' Error:Field validation for '' failed on the 'uuid' tag") from error
        found = self._flows.workflows.get(identifier)
        if found is None:
            raise RefusedError(404, "NOT_FOUND", "Workflow not found")
        found.deleted_at = self._moments.now()
        return Response(status_code=204)

    async def _run(self, request: Request) -> Response:
        variables = await _body(request, dict[str, str], empty=b"{}")
        workflow = self._flows.workflows.get(request.path_params["id"])
        if workflow is None:
            raise no_rows()
        instance = await self._engine.start(workflow, variables)
        waits = request.query_params.get("wait", "").lower() in {"true", "1"}
        if waits:
            await self._engine.ended(instance)
        return answer({"data": wire.instance(instance, has_stages=waits)}, 201)

    async def _send_event(self, request: Request) -> Response:
        event = await _body(request, Event)
        instance = self._instance(request, "retrieving workflow")
        if not instance.stages:
            raise RefusedError(500, "INTERNAL", "retrieving workflow: sql: no rows in result set")
        if instance.terminated_at is not None:
            raise RefusedError(500, "INTERNAL", "sending signal to server: workflow execution already completed")
        await self._engine.signal(instance, event.name)
        return Response(status_code=204)

    async def _abort(self, request: Request) -> Response:
        instance = self._instance(request, "retrieving workflow execution")
        if instance.terminated_at is not None:
            raise RefusedError(500, "INTERNAL", "workflow execution already completed")
        self._engine.cancel(instance)
        return Response(status_code=204)

    async def _create_trigger(self, request: Request) -> Response:
        new = await _body(request, NewTrigger)
        if not new.event or not new.workflow_id:
            raise invalid("validating data: missing " + ("workflow id" if new.event else "event"))
        try:
            for text in (*([new.filter] if new.filter else []), *(new.vars or {}).values()):
                compiled(text)
        except ExpressionError as error:
            raise invalid(f"validating data: {error}") from error
        if all(each.id != new.workflow_id for each in self._flows.listed()):
            raise RefusedError(404, "NOT_FOUND", "workflow does not exists")
        made = Trigger(
            id=str(uuid.uuid4()),
            event=new.event,
            workflow=new.workflow_id,
            created_at=self._moments.now(),
            name=new.name or "",
            filter=new.filter,
            vars=new.vars or {},
            version=new.version or "",
        )
        self._flows.triggers[made.id] = made
        return answer({"data": wire.trigger(made)}, 201)

    async def _delete_trigger(self, request: Request) -> Response:
        found = self._flows.trigger(request.path_params["id"])
        if found is None:
            raise RefusedError(404, "NOT_FOUND", "sql: no rows in result set")
        found.deleted_at = self._moments.now()
        return Response(status_code=204)

    async def _test(self, request: Request) -> Response:
        found = self._flows.trigger(request.path_params["id"])
        try:
            event = msgspec.json.decode(await request.body(), type=Json)
        except msgspec.DecodeError as error:
            raise RefusedError(500, "INTERNAL", str(error)) from error
        if found is None:
            raise no_rows()
        body: Json = {}
        if found.filter:
            match, failure = _tried(found.filter, event)
            body["filter"] = {"error": failure} if failure else {"match": match is True}
        if found.vars:
            tried = {name: _tried(text, event) for name, text in found.vars.items()}
            body["variables"] = {
                name: {"error": failure} if failure else {"value": shown(value)}
                for name, (value, failure) in tried.items()
            }
        return answer({"data": body})

    def _instance(self, request: Request, words: str) -> Instance:
        found = self._flows.instances.get(request.path_params["id"])
        if found is None:
            raise RefusedError(500, "INTERNAL", f"{words}: sql: no rows in result set")
        return found


def _tried(text: str, event: Json) -> tuple[object, str]:
    try:
        return evaluated(text, event), ""
    except ExpressionError as error:
        return None, str(error)


async def _body(request: Request, kind: type[Body], *, empty: bytes = b"") -> Body:
    try:
        return msgspec.json.decode(await request.body() or empty, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise invalid(str(error)) from error
