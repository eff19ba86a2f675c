"""`/api/payments/connectors`: the installed connectors, all in one answer."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.records import Connector
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.state import State


class Connectors:
    """The connector endpoints of one server."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self, auth: Auth) -> list[Route]:
        """Reads only."""
        return [route("GET", "/api/payments/connectors", auth.protect(self._list))]

    async def _list(self, _request: Request) -> Response:
        return answer({"data": [self._wire(connector) for connector in self._state.connectors.values()]})

    def _wire(self, connector: Connector) -> Mapping[str, object]:
        body: dict[str, object] = {
            "provider": connector.provider,
            "connectorID": connector.id,
            "name": connector.name,
            "enabled": True,
        }
        if self._state.generation == "v3":
            body["scheduledForDeletion"] = connector.is_leaving
        return body
