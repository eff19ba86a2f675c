"""Mutations of connectors."""

import strawberry

from resolvers import connector_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.connector import Connector
from schema.connector_config import ConnectorConfigInput
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.payload import IDEMPOTENCY_KEY, Payload

_NAME = "The name of the connector, unique in the stack."
_POLLING = (
    "Seconds between two looks at the payment provider. The stack's default holds when omitted; it may have a least."
)
_CONFIG = "What the connector must be told. Secrets are passed on, and neither kept nor shown by this server."
_BY_KIND = "Only old servers take it, where one connector of the kind is installed. Use `{}` instead."


@strawberry.input(description="A connector to be installed.")
class InstallConnectorInput:
    """GraphQL `InstallConnectorInput`."""

    name: str = described(_NAME)
    polling_seconds: int | None = described(_POLLING, default=None)
    config: ConnectorConfigInput = described(_CONFIG)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="Settings that replace all of a connector's.")
class UpdateConnectorInput:
    """GraphQL `UpdateConnectorInput`."""

    connector_id: strawberry.ID = described("The connector's global id.")
    name: str = described(_NAME)
    polling_seconds: int | None = described(_POLLING, default=None)
    config: ConnectorConfigInput = described(_CONFIG)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="The connector that something shall be done to.")
class ConnectorInput:
    """GraphQL `ConnectorInput`."""

    connector_id: strawberry.ID = described("The connector's global id.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="The kind of which the only connector is meant.")
class ConnectorKindInput:
    """GraphQL `ConnectorKindInput`."""

    provider_name: str = described("The payment provider's name in the stack's word, such as `STRIPE`.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `installConnector`, `updateConnector` and `resetConnector` answer.")
class ConnectorPayload(Payload):
    """GraphQL `ConnectorPayload`, backed by `resolvers.writing.Changed`."""

    connector: Connector | None = resolved_by(
        writing.node,
        "The connector as it is now. Null when nothing was changed, and when it has another id since.",
        needs=Scope.CONNECTORS_READ,
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `uninstallConnector` answers.")
class UninstallConnectorPayload(Payload):
    """GraphQL `UninstallConnectorPayload`, backed by `resolvers.writing.Changed`."""

    uninstalled_connector_id: strawberry.ID | None = resolved_by(
        writing.deleted_id, "The connector's global id. Null when it stays."
    )
    connector: Connector | None = resolved_by(
        writing.node,
        "The connector, as long as it is on its way out. Null when it is no more, or when it stays.",
        needs=Scope.CONNECTORS_READ,
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class ConnectorMutations:
    """The mutations of connectors, a part of the root `Mutation`."""

    install_connector: ConnectorPayload | None = ordered_by(
        resolve.install_connector,
        "Installs a connector to a payment provider. Where that takes longer than about 5 seconds, the answer shows "
        "the connector as it is by then, or is the error `IN_PROGRESS`; it goes on.",
        needs=Scope.CONNECTORS_ADMIN,
        is_organisations=True,
    )
    update_connector: ConnectorPayload | None = ordered_by(
        resolve.update_connector,
        "Replaces the settings of a connector by others of the same kind.",
        needs=Scope.CONNECTORS_ADMIN,
        is_organisations=True,
    )
    reset_connector: ConnectorPayload | None = ordered_by(
        resolve.reset_connector,
        "Forgets all that a connector has read, and lets it read anew. It comes back under its name with another id; "
        "some servers go on with that after their answer.",
        needs=Scope.CONNECTORS_ADMIN,
        is_organisations=True,
    )
    uninstall_connector: UninstallConnectorPayload | None = ordered_by(
        resolve.uninstall_connector,
        "Removes a connector and all that it brought. Some servers go on with that after their answer.",
        needs=Scope.CONNECTORS_ADMIN,
        is_organisations=True,
    )
    reset_connector_by_kind: ConnectorPayload | None = ordered_by(
        resolve.reset_connector_by_kind,
        "As `resetConnector`, for the only connector of a kind.",
        deprecation_reason=_BY_KIND.format("resetConnector"),
        needs=Scope.CONNECTORS_ADMIN,
        is_organisations=True,
    )
    uninstall_connector_by_kind: UninstallConnectorPayload | None = ordered_by(
        resolve.uninstall_connector_by_kind,
        "As `uninstallConnector`, for the only connector of a kind.",
        deprecation_reason=_BY_KIND.format("uninstallConnector"),
        needs=Scope.CONNECTORS_ADMIN,
        is_organisations=True,
    )
