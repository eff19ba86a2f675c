"""`/api/payments/connectors/{connector}/{connectorId}/tasks`: the work that connectors repeat."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.connector_lookup import Lookup
from providers.formance.sandbox.errors import not_found
from providers.formance.sandbox.paging import asked, envelope
from providers.formance.sandbox.records import Connector, Generation, Task, timestamp
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.state import State, ordered

_ROOT = "/api/payments/connectors/{provider}"


class Tasks:
    """The tasks of one server's connectors. The routes without a connector's id are deprecated, and v2's only."""

    def __init__(self, state: State, lookup: Lookup) -> None:
        self._state, self._lookup = state, lookup

    def routes(self, auth: Auth) -> list[Route]:
        """Reads only."""
        routes = [
            route("GET", f"{_ROOT}/{{id}}/tasks", auth.protect(self._list)),
            route("GET", f"{_ROOT}/{{id}}/tasks/{{task}}", auth.protect(self._get)),
        ]
        if self._state.generation == "v2":
            routes += [
                route("GET", f"{_ROOT}/tasks", auth.protect(self._list)),
                route("GET", f"{_ROOT}/tasks/{{task}}", auth.protect(self._get)),
            ]
        return routes

    async def _list(self, request: Request) -> Response:
        """v3 does not look at the connector that is asked for: it lists the schedules of all of them."""
        if self._state.generation == "v3":
            return await self._page(request, list(self._state.tasks.values()))
        connector = self._lookup.found(request)
        return await self._page(request, _of(self._state, connector))

    async def _page(self, request: Request, tasks: list[Task]) -> Response:
        listing = await asked(request)
        return envelope(listing, ordered(tasks, [], self._state.generation), self._rendered)

    async def _get(self, request: Request) -> Response:
        is_old = self._state.generation == "v2"
        text = request.path_params["task"]
        connector = self._lookup.found(request) if is_old else None
        wanted = connector.id if connector else ids.checked(request.path_params["id"])
        task = self._state.tasks.get(ids.checked_uuid(text) if is_old else text)
        if task is None or task.connector.id != wanted:
            raise not_found(self._state.generation, "task" if is_old else "schedule")
        return answer({"data": self._rendered(task)})

    def _rendered(self, task: Task) -> Mapping[str, object]:
        return _task_wire(self._state.generation, task)


def _of(state: State, connector: Connector) -> list[Task]:
    return [task for task in state.tasks.values() if task.connector.id == connector.id]


def _task_wire(generation: Generation, task: Task) -> Mapping[str, object]:
    """Times have whole seconds. A schedule is told as a task that is always active and has no state."""
    created_at = timestamp(task.created_at.replace(microsecond=0))
    updated_at = timestamp(task.updated_at.replace(microsecond=0)) if generation == "v2" else created_at
    schedule = {"id": task.id, "connectorID": task.connector.id, "createdAt": timestamp(task.created_at)}
    return {
        "id": task.id,
        "connectorID": task.connector.id,
        "createdAt": created_at,
        "updatedAt": updated_at,
        "descriptor": {"name": task.name, "key": task.key} if generation == "v2" else schedule,
        "status": task.status if generation == "v2" else "ACTIVE",
        "state": {} if generation == "v2" else None,
        "error": "the provider did not answer" if generation == "v2" and task.status == "FAILED" else "",
    }
