"""What is done to connectors."""

from providers.domain import Provider, Ref
from providers.errors import Rejected
from providers.formance import ids, translate
from providers.formance.client.connectors import RESET_V1, UNINSTALL_V1, UPDATE_CONFIG_V1
from providers.formance.part import Part, known
from providers.http import Endpoint
from providers.operation import Operation
from providers.orders import ConnectorOrder


class ConnectorWrites(Part):
    """Implements `ManagesConnectors`."""

    async def install_connector(self, order: ConnectorOrder, operation: Operation) -> Ref:
        """A name that is taken is refused with CONFLICT."""
        kind = translate.kind_word(order.provider_name)
        return translate.connector_ref(await self._service.install_connector(kind, order.settings, operation))

    async def find_connector(self, name: str, operation: Operation) -> Ref | None:
        """One call. A connector that is on its way out is not found."""
        rows = await self._service.list_all_connectors(operation)
        staying = (row for row in rows if row.name == name and not row.scheduled_for_deletion)
        return next((translate.connector_ref(row.connector_id) for row in staying), None)

    async def update_connector(self, connector: Ref, order: ConnectorOrder, operation: Operation) -> None:
        """Settings of another kind of connector are refused here, before they are sent."""
        kind, connector_id = _place(connector, UPDATE_CONFIG_V1)
        if translate.kind_word(kind) != translate.kind_word(order.provider_name):
            message = "The settings are for another kind of connector."
            raise Rejected(Provider.FORMANCE, UPDATE_CONFIG_V1.operation, message)
        await self._service.update_connector_config_v1(kind, connector_id, order.settings, operation)

    async def reset_connector(self, connector: Ref, operation: Operation) -> None:
        """It comes back under its name with another id; v3 servers go on with that after their answer."""
        kind, connector_id = _place(connector, RESET_V1)
        await self._service.reset_connector_v1(kind, connector_id, operation)

    async def uninstall_connector(self, connector: Ref, operation: Operation) -> None:
        """v3 servers go on with that after their answer, and the connector stays in the list meanwhile."""
        kind, connector_id = _place(connector, UNINSTALL_V1)
        await self._service.uninstall_connector_v1(kind, connector_id, operation)

    async def reset_connector_by_kind(self, provider_name: str, operation: Operation) -> None:
        """v3 servers have no such route: `Unsupported`."""
        await self._service.reset_connector(translate.kind_word(provider_name), operation)

    async def uninstall_connector_by_kind(self, provider_name: str, operation: Operation) -> None:
        """v3 servers have no such route: `Unsupported`."""
        await self._service.uninstall_connector(translate.kind_word(provider_name), operation)


def _place(connector: Ref, endpoint: Endpoint) -> tuple[str, str]:
    """The kind and the id of a connector: paths have both, and the id tells the kind."""
    connector_id = known(connector, ids.connector, endpoint)
    parts = ids.connector(connector_id)
    return parts.provider if parts else "", connector_id
