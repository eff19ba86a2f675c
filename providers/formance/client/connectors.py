"""Connectors, their settings, and what can be installed.

The operations without a connector's id are deprecated: v2 servers take them where only one connector of the kind is
installed, v3 servers have no such routes.
"""

from collections.abc import Mapping

import msgspec

from providers.formance.client.calls import PATIENCE, Calls, known_ids, routed
from providers.formance.models import Connector, ConnectorConfig, ConnectorConfigs, Data, Installed
from providers.http import Endpoint
from providers.operation import Operation

Settings = Mapping[str, str | int]

_OF_KIND = "/api/payments/connectors/{connector}"
_ONE = f"{_OF_KIND}/{{connectorId}}"

LIST_ALL_CONNECTORS = Endpoint("list_all_connectors", "GET", "/api/payments/connectors")
LIST_CONFIGS = Endpoint("list_configs_available_connectors", "GET", "/api/payments/connectors/configs")
READ_CONFIG_V1 = Endpoint("read_connector_config_v1", "GET", f"{_ONE}/config")
READ_CONFIG = Endpoint("read_connector_config", "GET", f"{_OF_KIND}/config")
INSTALL = Endpoint("install_connector", "POST", _OF_KIND)
UPDATE_CONFIG_V1 = Endpoint("update_connector_config_v1", "POST", f"{_ONE}/config")
RESET_V1 = Endpoint("reset_connector_v1", "POST", f"{_ONE}/reset")
UNINSTALL_V1 = Endpoint("uninstall_connector_v1", "DELETE", _ONE)
RESET = Endpoint("reset_connector", "POST", f"{_OF_KIND}/reset")
UNINSTALL = Endpoint("uninstall_connector", "DELETE", _OF_KIND)

_INSTALLED = msgspec.json.Decoder(Data[Installed])
_CONNECTORS = msgspec.json.Decoder(Data[tuple[Connector, ...]])
_CONFIG: "msgspec.json.Decoder[Data[ConnectorConfig]]" = msgspec.json.Decoder(Data[ConnectorConfig])
_CONFIGS: "msgspec.json.Decoder[Data[ConnectorConfigs]]" = msgspec.json.Decoder(Data[ConnectorConfigs])


class ConnectorCalls(Calls):
    """One method for each operation. `connector` is the name of a kind of connector."""

    async def list_all_connectors(self, operation: Operation, *, max_age: float = 0.0) -> tuple[Connector, ...]:
        """All installed connectors."""
        return (await self._upstream.read(LIST_ALL_CONNECTORS, _CONNECTORS, operation, max_age=max_age)).data

    async def list_configs_available_connectors(
        self, operation: Operation, *, max_age: float = 0.0
    ) -> ConnectorConfigs:
        """What each kind of connector takes."""
        return (await self._upstream.read(LIST_CONFIGS, _CONFIGS, operation, max_age=max_age)).data

    async def read_connector_config_v1(
        self, connector: str, connector_id: str, operation: Operation, *, max_age: float = 0.0
    ) -> ConnectorConfig:
        """A connector's settings, secrets in clear text. v2 calls one that is not there a wrong request."""
        path = _path(connector, connector_id)
        with known_ids("VALIDATION"):
            return await self._one(READ_CONFIG_V1, _CONFIG, operation, path=path, max_age=max_age)

    async def read_connector_config(
        self, connector: str, operation: Operation, *, max_age: float = 0.0
    ) -> ConnectorConfig:
        """Deprecated: the settings of the only connector of a kind, secrets in clear text."""
        path = {"connector": connector}
        async with routed():
            return (await self._upstream.read(READ_CONFIG, _CONFIG, operation, path=path, max_age=max_age)).data

    async def install_connector(self, connector: str, settings: Settings, operation: Operation) -> str:
        """Install a connector, and give its id."""
        path, content = {"connector": connector}, msgspec.json.encode(settings)
        write = self._upstream.write(INSTALL, _INSTALLED, operation, path=path, content=content, patience=PATIENCE)
        return (await write).data.connector_id

    async def update_connector_config_v1(
        self, connector: str, connector_id: str, settings: Settings, operation: Operation
    ) -> None:
        """Replace a connector's settings."""
        await self._order(UPDATE_CONFIG_V1, operation, path=_path(connector, connector_id), body=settings)

    async def reset_connector_v1(self, connector: str, connector_id: str, operation: Operation) -> None:
        """Uninstall a connector and install it anew with its settings: it gets another id."""
        await self._order(RESET_V1, operation, path=_path(connector, connector_id))

    async def uninstall_connector_v1(self, connector: str, connector_id: str, operation: Operation) -> None:
        """Remove a connector. v3 goes on with that after its answer."""
        await self._order(UNINSTALL_V1, operation, path=_path(connector, connector_id))

    async def reset_connector(self, connector: str, operation: Operation) -> None:
        """Deprecated: reset the only connector of a kind."""
        async with routed():
            await self._order(RESET, operation, path={"connector": connector})

    async def uninstall_connector(self, connector: str, operation: Operation) -> None:
        """Deprecated: remove the only connector of a kind."""
        async with routed():
            await self._order(UNINSTALL, operation, path={"connector": connector})


def _path(connector: str, connector_id: str) -> dict[str, str]:
    return {"connector": connector, "connectorId": connector_id}
