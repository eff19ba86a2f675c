"""Reads of `/api/orchestration` and `/api/orchestration/v2`, over the same state."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import RefusedError, invalid
from providers.formance.sandbox.orchestration import wire
from providers.formance.sandbox.orchestration.engine import Engine
from providers.formance.sandbox.orchestration.records import Flows, Instance, Occurrence, Stage, Trigger, Version
from providers.formance.sandbox.paging import asked, envelope
from providers.formance.sandbox.routing import answer, route

Row = TypeVar("Row")
Given = Mapping[str, str]

OPTIONS = ("workflowID", "running", "name")
"""The lists' own parameters."""

ROOTS: dict[Version, str] = {"v1": "/api/orchestration", "v2": "/api/orchestration/v2"}
_VERSIONS: dict[Version, str] = {"v1": "v1.10.3", "v2": "v2.4.1"}


def no_rows() -> RefusedError:
    """How the service says of many objects that they are not there: as of an error of its own."""
    return RefusedError(500, "INTERNAL", "sql: no rows in result set")


def roots(version: Version) -> list[tuple[Version, str]]:
    """The APIs that a server has."""
    return [(each, root) for each, root in ROOTS.items() if each == "v1" or version == "v2"]


class Reads:
    """What can be asked of one server. Lists of v1 come whole, those of v2 by pages."""

    def __init__(self, flows: Flows, engine: Engine) -> None:
        self._flows, self._engine = flows, engine

    def routes(self, auth: Auth) -> list[Route]:
        """All reads of each API, and its version, which needs no token."""
        return [each for version, root in roots(self._flows.version) for each in self._routes(auth, version, root)]

    def _routes(self, auth: Auth, version: Version, root: str) -> list[Route]:
        def listing(path: str, rows: Callable[[Given], Sequence[Row]], render: Callable[[Row], wire.Wire]) -> Route:
            async def endpoint(request: Request) -> Response:
                await self._engine.catch_up()
                if version == "v1":
                    return answer({"data": [render(row) for row in rows(_given(request))]})
                page = await asked(request, options=OPTIONS)
                return envelope(page, rows({**page.filters.options, **request.path_params}), render)

            return route("GET", f"{root}{path}", auth.protect(endpoint))

        def reading(path: str, render: Callable[[Request], object]) -> Route:
            async def endpoint(request: Request) -> Response:
                await self._engine.catch_up()
                return answer({"data": render(request)})

            return route("GET", f"{root}{path}", auth.protect(endpoint))

        return [
            route("GET", f"{root}/_info", self._info),
            listing("/workflows", lambda _: self._flows.listed(), wire.workflow),
            reading("/workflows/{id}", self._workflow),
            listing("/instances", self._instances, lambda row: wire.instance(row, has_stages=False)),
            reading("/instances/{id}", lambda request: wire.instance(self._instance(request), has_stages=True)),
            reading("/instances/{id}/history", lambda request: [*map(wire.entry, self._instance(request).stages)]),
            reading("/instances/{id}/stages/{number}/history", self._activities),
            listing("/triggers", self._triggers, wire.trigger),
            reading("/triggers/{id}", lambda request: wire.trigger(self._trigger(request))),
            listing("/triggers/{id}/occurrences", self._occurrences, lambda row: wire.occurrence(row, self._flows)),
        ]

    async def _info(self, _request: Request) -> Response:
        return answer({"version": _VERSIONS[self._flows.version]})

    def _workflow(self, request: Request) -> object:
        found = self._flows.workflows.get(request.path_params["id"])
        if found is None:
            raise no_rows()
        return wire.workflow(found)

    def _instance(self, request: Request) -> Instance:
        found = self._flows.instances.get(request.path_params["id"])
        if found is None:
            raise RefusedError(404, "NOT_FOUND", "Instance not found")
        return found

    def _instances(self, given: Given) -> list[Instance]:
        """Those of deleted workflows are not listed."""
        there = {each.id for each in self._flows.listed()}
        return [
            row
            for row in self._flows.instances.values()
            if row.workflow in there
            and given.get("workflowID") in (None, row.workflow)
            and (given.get("running") != "true" or row.terminated_at is None)
        ]

    def _activities(self, request: Request) -> object:
        stages: dict[str, Stage] = {str(stage.number): stage for stage in self._instance(request).stages}
        number = request.path_params["number"]
        if not number.isdigit():
            raise invalid(f'strconv.ParseInt: parsing "{number}": invalid syntax')
        if number not in stages:
            raise RefusedError(404, "NOT_FOUND", "Instance not found")
        return [wire.activity(each) for each in stages[number].activities]

    def _triggers(self, given: Given) -> list[Trigger]:
        name = given.get("name", "")
        return [row for row in self._flows.triggers.values() if row.deleted_at is None and name in row.name]

    def _trigger(self, request: Request) -> Trigger:
        found = self._flows.trigger(request.path_params["id"])
        if found is None:
            raise RefusedError(404, "NOT_FOUND", "sql: no rows in result set")
        return found

    def _occurrences(self, given: Given) -> list[Occurrence]:
        return self._flows.occurrences.get(given["id"], [])


def _given(request: Request) -> Given:
    """What is in the path, and the list's own parameters. A cursor of v2 holds those that it was made with."""
    given = {name: request.query_params[name] for name in OPTIONS if request.query_params.get(name)}
    return {**given, **request.path_params}
