"""Which connector a path means: by its id, or on v2's deprecated routes as the only one of its provider."""

from starlette.exceptions import HTTPException
from starlette.requests import Request

from providers.formance.sandbox import ids
from providers.formance.sandbox.configs import provider_named
from providers.formance.sandbox.errors import invalid, invalid_id, not_found
from providers.formance.sandbox.records import Connector
from providers.formance.sandbox.state import State


class Lookup:
    """Finds the connector of a path with `provider` and perhaps `id`. v3 does not look at the provider."""

    def __init__(self, state: State) -> None:
        self._state = state

    def provider(self, request: Request) -> str:
        """The path's provider. For one that does not exist v2 has no route, and v3 no plugin."""
        provider = provider_named(request.path_params["provider"])
        if provider is not None:
            return provider
        if self._state.generation == "v2":
            raise HTTPException(404)
        raise invalid(f"provider not found: {request.path_params['provider']}: validation error")

    def found(self, request: Request) -> Connector:
        """The connector. Raises the generation's refusal when there is none, or more than one to choose from."""
        if "id" not in request.path_params:
            return self._only(self.provider(request))
        connector = self._state.connectors.get(ids.checked(request.path_params["id"]))
        if self._state.generation == "v3":
            if connector is None:
                raise not_found("v3", "connector")
            return connector
        if connector is None or connector.provider != self.provider(request):
            raise invalid("connector not installed")
        return connector

    def _only(self, provider: str) -> Connector:
        candidates = [connector for connector in self._state.connectors.values() if connector.provider == provider]
        if len(candidates) == 1:
            return candidates[0]
        raise invalid_id("more than one connectors installed" if candidates else "no connectors installed")
