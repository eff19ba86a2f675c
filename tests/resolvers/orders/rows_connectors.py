"""Mutations of connectors."""

from typing import Any

from tests.resolvers.orders.row import Input, Row, World

ROOT = "/api/payments/connectors"
NOW = "{ node(id: $id) { ... on Connector { id name settings { name value } } } }"
SETTINGS = "connector { id name settings { name value } }"


def wise(name: str, secret: str = "hush") -> Input:
    return {"name": name, "pollingSeconds": 2400, "config": {"wise": {"apiKey": secret}}}


def shows(name: str) -> Any:
    """Whether a payload shows a connector with these settings; its secret is left out."""
    settings = [
        {"name": "apiKey", "value": None},
        {"name": "name", "value": name},
        {"name": "pollingPeriod", "value": "2400s"},
    ]
    return lambda _world, payload: payload["connector"] | {"id": ""} == {"id": "", "name": name, "settings": settings}


def as_told(_world: World, payload: Any) -> Any:
    return {"node": payload["connector"]}


INSTALL = Row(
    mutation="installConnector",
    payload=SETTINGS,
    input=lambda _world: wise("wise-new"),
    other=lambda _world: wise("wise-new", "hush hush"),
    calls=("POST", f"{ROOT}/*"),
    holds=shows("wise-new"),
    then=(NOW, as_told),
    is_patient=True,
)
UPDATE = Row(
    mutation="updateConnector",
    payload=SETTINGS,
    input=lambda world: {"connectorId": world.connectors["wise-payouts"], **wise("wise-renamed")},
    other=lambda _world: wise("wise-renamed", "hush hush"),
    calls=("POST", f"{ROOT}/*/*/config"),
    holds=shows("wise-renamed"),
    then=(NOW, as_told),
    has_body=False,
)
RESET = Row(
    mutation="resetConnector",
    payload="connector { id name }",
    input=lambda world: {"connectorId": world.connectors["wise-payouts"]},
    other=lambda world: {"connectorId": world.connectors["modulr-uk"]},
    calls=("POST", f"{ROOT}/*/*/reset"),
    holds=lambda world, payload: (
        payload["connector"]["name"] == "wise-payouts"
        and payload["connector"]["id"] != world.connectors["wise-payouts"]
    ),
    then=("{ node(id: $id) { ... on Connector { id name } } }", as_told),
    has_body=False,
)
UNINSTALL = Row(
    mutation="uninstallConnector",
    payload="uninstalledConnectorId",
    input=lambda world: {"connectorId": world.connectors["wise-payouts"]},
    other=lambda world: {"connectorId": world.connectors["modulr-uk"]},
    calls=("DELETE", f"{ROOT}/*/*"),
    holds=lambda world, payload: payload["uninstalledConnectorId"] == world.connectors["wise-payouts"],
    then=("{ node(id: $id) { id } }", lambda _world, _payload: {"node": None}),
    has_body=False,
)

ROWS = (INSTALL, UPDATE, RESET, UNINSTALL)
