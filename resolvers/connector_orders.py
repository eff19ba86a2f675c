"""What mutations do to connectors."""

from typing import Annotated, Any, Protocol

import strawberry

from providers.domain import NodeType
from providers.orders import ConnectorOrder, ManagesConnectors
from resolvers.connector_config import connector_order, periods
from resolvers.connector_progress import Connectors
from resolvers.context import Info
from resolvers.writing import INPUT, PATIENCE, Changed, Checks, changed, off, ordered


class Settings(Protocol):
    """What the inputs that hold settings have in common."""

    name: str
    polling_seconds: int | None
    config: Any
    idempotency_key: str


class InstallConnectorInput(Settings, Protocol):
    """The shape of the schema's input of this name."""


class UpdateConnectorInput(Settings, Protocol):
    """The shape of the schema's input of this name."""

    connector_id: strawberry.ID


class ConnectorInput(Protocol):
    """The shape of the inputs that only name a connector."""

    connector_id: strawberry.ID
    idempotency_key: str


class ConnectorKindInput(Protocol):
    """The shape of the inputs that only name a kind of connector."""

    provider_name: str
    idempotency_key: str


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Install = Annotated[Annotated["InstallConnectorInput", strawberry.lazy("schema.connector_orders")], INPUT]
Update = Annotated[Annotated["UpdateConnectorInput", strawberry.lazy("schema.connector_orders")], INPUT]
One = Annotated[Annotated["ConnectorInput", strawberry.lazy("schema.connector_orders")], INPUT]
OfKind = Annotated[Annotated["ConnectorKindInput", strawberry.lazy("schema.connector_orders")], INPUT]


async def install_connector(info: Info, input: Install) -> Changed:
    """Install a connector."""
    checks = Checks(info)
    order = _order(input, checks)
    to = ordered(info, ManagesConnectors)
    if to is None or checks.failed:
        return checks.failed or off()
    write = Connectors(info, to, input.idempotency_key).install("installConnector", order)
    return await changed(info, write, checks, patience=PATIENCE)


async def update_connector(info: Info, input: Update) -> Changed:
    """Replace a connector's settings."""
    checks = Checks(info)
    connector = checks.ref(input.connector_id, "connectorId", of=[NodeType.CONNECTOR])
    order = _order(input, checks)
    to = ordered(info, ManagesConnectors)
    if to is None or connector is None or checks.failed:
        return checks.failed or off()
    write = Connectors(info, to, input.idempotency_key).update("updateConnector", connector, order)
    return await changed(info, write, checks, patience=PATIENCE)


async def reset_connector(info: Info, input: One) -> Changed:
    """Let a connector read everything anew."""
    return await _removed(info, input, is_for_good=False)


async def uninstall_connector(info: Info, input: One) -> Changed:
    """Remove a connector."""
    return await _removed(info, input, is_for_good=True)


async def reset_connector_by_kind(info: Info, input: OfKind) -> Changed:
    """Let the only connector of a kind read everything anew."""
    return await _removed_kind(info, input, is_for_good=False)


async def uninstall_connector_by_kind(info: Info, input: OfKind) -> Changed:
    """Remove the only connector of a kind."""
    return await _removed_kind(info, input, is_for_good=True)


async def _removed(info: Info, input: ConnectorInput, *, is_for_good: bool) -> Changed:
    checks = Checks(info)
    connector = checks.ref(input.connector_id, "connectorId", of=[NodeType.CONNECTOR])
    to = ordered(info, ManagesConnectors)
    if to is None or connector is None:
        return checks.failed or off()
    does = to.vendor.uninstall_connector if is_for_good else to.vendor.reset_connector
    write = Connectors(info, to, input.idempotency_key).remove(
        "uninstallConnector" if is_for_good else "resetConnector",
        connector,
        lambda: does(connector, to.operation),
        is_for_good=is_for_good,
    )
    return await changed(info, write, checks)


async def _removed_kind(info: Info, input: ConnectorKindInput, *, is_for_good: bool) -> Changed:
    checks = Checks(info)
    kind = checks.text(input.provider_name, "providerName")
    to = ordered(info, ManagesConnectors)
    if to is None or checks.failed:
        return checks.failed or off()
    does = to.vendor.uninstall_connector_by_kind if is_for_good else to.vendor.reset_connector_by_kind
    write = Connectors(info, to, input.idempotency_key).remove_kind(
        "uninstallConnectorByKind" if is_for_good else "resetConnectorByKind",
        kind,
        lambda: does(kind, to.operation),
        is_for_good=is_for_good,
    )
    return await changed(info, write, checks)


def _order(input: Settings, checks: Checks) -> ConnectorOrder:
    checks.text(input.name, "name")
    for name, seconds in {"pollingSeconds": input.polling_seconds, **periods(input.config)}.items():
        if seconds is not None and seconds <= 0:
            checks.refuse("A period must be above zero.", *(("config",) if name != "pollingSeconds" else (name,)))
    return connector_order(input.name, input.polling_seconds, input.config)
