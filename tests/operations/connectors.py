"""How the operations that change connectors are reached. Each document has a connector of its own."""

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.row import Row, Variables, change

_INSTALL = change("installConnector", "InstallConnectorInput", "connector { id }")


async def _new(_graph: Graph) -> Variables:
    return ground.input_(name=ground.key(), config={"wise": {"apiKey": "key"}})


async def _installed(graph: Graph) -> str:
    payload = await ground.made(graph, _INSTALL, name=ground.key(), config={"wise": {"apiKey": "key"}})
    return str(payload["connector"]["id"])


async def _one(graph: Graph) -> Variables:
    return ground.input_(connectorId=await _installed(graph))


async def _updated(graph: Graph) -> Variables:
    connector = await _installed(graph)
    return ground.input_(connectorId=connector, name=ground.key(), config={"wise": {"apiKey": "another"}})


async def _only_of_a_kind(graph: Graph) -> Variables:
    config = {"moneycorp": {"clientId": "id", "apiKey": "key", "endpoint": "https://money.example"}}
    await ground.made(graph, _INSTALL, name=ground.key(), config=config)
    return ground.input_(providerName="MONEYCORP")


CONNECTORS = (
    Row("formance.install_connector", "Mutation.installConnector", _INSTALL, _new),
    Row(
        "formance.update_connector_config_v1",
        "Mutation.updateConnector",
        change("updateConnector", "UpdateConnectorInput", "connector { name }"),
        _updated,
    ),
    Row(
        "formance.reset_connector_v1",
        "Mutation.resetConnector",
        change("resetConnector", "ConnectorInput", "connector { name }"),
        _one,
    ),
    Row(
        "formance.uninstall_connector_v1",
        "Mutation.uninstallConnector",
        change("uninstallConnector", "ConnectorInput", "uninstalledConnectorId"),
        _one,
    ),
    Row(
        "formance.uninstall_connector",
        "Mutation.uninstallConnectorByKind",
        change("uninstallConnectorByKind", "ConnectorKindInput", "uninstalledConnectorId"),
        _only_of_a_kind,
        generation="v2",
    ),
    Row(
        "formance.reset_connector",
        "Mutation.resetConnectorByKind",
        change("resetConnectorByKind", "ConnectorKindInput", "connector { name }"),
        _only_of_a_kind,
        generation="v2",
    ),
)
