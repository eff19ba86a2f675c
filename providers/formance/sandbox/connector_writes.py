"""Installing, configuring, resetting and uninstalling connectors, and reading their configs."""

import uuid

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.configs import Config, available, config_wire, read, wire_provider
from providers.formance.sandbox.connector_lookup import Lookup
from providers.formance.sandbox.errors import conflict
from providers.formance.sandbox.moments import Moments
from providers.formance.sandbox.news import News
from providers.formance.sandbox.records import Connector
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.seed_tasks import tasks
from providers.formance.sandbox.state import State
from providers.formance.sandbox.workflows import Workflows

_ROOT = "/api/payments/connectors"


class ConnectorWrites:
    """What changes the connectors of one server. The routes without a connector's id are deprecated, and v2's only."""

    def __init__(self, state: State, moments: Moments, workflows: Workflows, lookup: Lookup, news: News) -> None:
        self._state, self._moments, self._workflows, self._lookup = state, moments, workflows, lookup
        self._news = news

    def routes(self, auth: Auth) -> list[Route]:
        """Configs, and all writes."""
        provider, one = f"{_ROOT}/{{provider}}", f"{_ROOT}/{{provider}}/{{id}}"
        routes = [
            route("GET", f"{_ROOT}/configs", auth.protect(self._available)),
            route("POST", provider, auth.protect(self._install)),
            route("DELETE", one, auth.protect(self._uninstall)),
            route("GET", f"{one}/config", auth.protect(self._config)),
            route("POST", f"{one}/config", auth.protect(self._configure)),
            route("POST", f"{one}/reset", auth.protect(self._reset)),
        ]
        if self._state.generation == "v2":
            routes += [
                route("DELETE", provider, auth.protect(self._uninstall)),
                route("GET", f"{provider}/config", auth.protect(self._config)),
                route("POST", f"{provider}/reset", auth.protect(self._reset)),
            ]
        return routes

    async def _available(self, _request: Request) -> Response:
        return answer({"data": available(self._state.generation)})

    async def _config(self, request: Request) -> Response:
        connector = self._lookup.found(request)
        return answer({"data": config_wire(self._state.generation, connector.provider, connector.config)})

    async def _install(self, request: Request) -> Response:
        """v3 answers when the connector's first workflow has ended; the connector is there before."""
        provider = self._lookup.provider(request)
        config = read(self._state.generation, provider, await request.body())
        self._check_name(config, "install")
        connector = self._add(provider, config)
        if self._state.generation == "v3":
            await self._workflows.finish(self._workflows.provider())
        return answer({"data": {"connectorID": connector.id}}, 201)

    async def _configure(self, request: Request) -> Response:
        body = await request.body()  # first, so that nothing changes the connector between here and the end
        connector = self._lookup.found(request)
        config = read(self._state.generation, connector.provider, body)
        self._check_name(config, "update", connector)
        changed = msgspec.structs.replace(connector, config=config, name=str(config["name"]))
        self._state.connectors[connector.id] = changed
        return Response(status_code=204)

    async def _uninstall(self, request: Request) -> Response:
        """v3 answers at once: the connector is scheduled for deletion, and stays in the list until that is done."""
        connector = self._lookup.found(request)
        if self._state.generation == "v2":
            self._state.forget(connector)
        elif not connector.is_leaving:
            self._schedule(connector)
            self._workflows.begin(self._leave(connector))
        return Response(status_code=204)

    async def _reset(self, request: Request) -> Response:
        """Uninstalls it and installs it again, so that it has another id and no data."""
        connector = self._lookup.found(request)
        if self._state.generation == "v2":
            self._replace(connector)
        elif not connector.is_leaving:
            self._schedule(connector)
            self._workflows.begin(self._return(connector))
        return Response(status_code=204)

    def _schedule(self, connector: Connector) -> None:
        self._state.connectors[connector.id] = msgspec.structs.replace(connector, is_leaving=True)

    async def _leave(self, connector: Connector) -> None:
        await self._workflows.provider()
        self._state.forget(connector)

    async def _return(self, connector: Connector) -> None:
        await self._workflows.provider()
        self._replace(connector)

    def _replace(self, connector: Connector) -> None:
        latest = self._state.connectors.get(connector.id, connector)
        self._state.forget(connector)
        self._add(connector.provider, latest.config)
        self._news.reset(connector)

    def _add(self, provider: str, config: Config) -> Connector:
        generation = self._state.generation
        written = provider if generation == "v2" else wire_provider("v3", provider)
        key = {"Provider": written, "Reference": str(uuid.uuid4())}
        connector = Connector(ids.encode(key), key, provider, str(config["name"]), self._moments.now(), config)
        self._state.connectors[connector.id] = connector
        self._state.tasks |= {task.id: task for task in tasks(connector, generation)}
        return connector

    def _check_name(self, config: Config, verb: str, itself: Connector | None = None) -> None:
        if any(each.name == config["name"] and each is not itself for each in self._state.connectors.values()):
            raise conflict(self._state.generation, "connector", verb=verb)
