"""Connectors to payment providers, their settings and their tasks."""

from datetime import datetime

import strawberry

from providers import domain
from providers.domain import ConnectorTaskStatus
from resolvers import connector_settings as resolve
from resolvers.caller import Scope
from schema.connection import Connection
from schema.costs import Cost, listed, load
from schema.fields import backed_by, described, resolved_by
from schema.node import Node
from schema.scalars import JSON


@strawberry.type(description="One setting of a connector.")
class ConnectorSetting:
    """GraphQL `ConnectorSetting`, backed by `providers.domain.ConnectorSetting`."""

    name: str = described("Its name in the stack's word, such as `pollingPeriod`.")
    value: str | None = described("Its value. Null when it is secret.")
    is_secret: bool = described("True when its value is not shown.")


@strawberry.type(description="Something that a connector does again and again.")
class ConnectorTask(Node):
    """GraphQL `ConnectorTask`, backed by `providers.domain.ConnectorTask`."""

    provider_id: str = described("The stack's own id of the task.")
    connector: "Connector | None" = resolved_by(
        resolve.task_connector,
        "The connector that it works for. Null when it is uninstalled, or could not be asked for.",
        needs=Scope.CONNECTORS_READ,
        cost=Cost(weight=1, loads=load("connectors_by_ref")),
    )
    name: str | None = described("What it is called. Null when it has no name.")
    status: ConnectorTaskStatus = described("Whether it runs.")
    provider_status: str = described("The status in the provider's own word.")
    has_error: bool = described("True when it told an error.")
    created_at: datetime | None = described("When it was made. Null when the provider does not say.")
    updated_at: datetime | None = described("When it last changed. Null when the provider does not say.")
    descriptor: JSON | None = resolved_by(
        resolve.descriptor, "What it does, as the provider sent it. Null when unsaid."
    )
    state: JSON | None = resolved_by(
        resolve.state, "How far it has come, as the provider sent it. Null when it keeps no state."
    )
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.ConnectorTask)


@strawberry.type(description="A payment provider that is plugged into the payments stack (Formance).")
class Connector(Node):
    """GraphQL `Connector`, backed by `providers.domain.Connector`."""

    provider_id: str = described("The stack's own id of the connector.")
    name: str = described("The name that it was installed with, unique in the stack.")
    provider_name: str = described("The payment provider's name in the stack's word, such as `STRIPE`. An open list.")
    is_enabled: bool = described("True when it is in use.")
    is_scheduled_for_deletion: bool = described("True when it is being uninstalled.")
    settings: list[ConnectorSetting] | None = resolved_by(
        resolve.settings,
        "What it was set up with; secrets have no value. Null when the provider could not be asked. One more call "
        "for each connector.",
        needs=Scope.CONNECTORS_READ,
        cost=Cost(weight=1, loads=load("connector_settings"), assumed=20),
    )
    tasks: Connection[ConnectorTask] | None = resolved_by(
        resolve.tasks,
        "What it does again and again. Null when the provider could not be asked. One more call for each connector.",
        needs=Scope.CONNECTORS_READ,
        cost=listed("connector_tasks", weight=3),
    )
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.Connector)


@strawberry.type(description="A setting that a kind of connector takes.")
class ConnectorOption:
    """GraphQL `ConnectorOption`, backed by `providers.domain.ConnectorOption`."""

    name: str = described("Its name in the stack's word.")
    data_type: str = described("Its form in the stack's word, such as `string` or `duration ns`.")
    is_required: bool = described("True when a connector cannot be installed without it.")
    default: str | None = described("What holds when it is left out. Null when nothing does.")


@strawberry.type(description="A kind of connector that can be installed.")
class AvailableConnector:
    """GraphQL `AvailableConnector`, backed by `providers.domain.AvailableConnector`."""

    provider_name: str = described("The payment provider's name in the stack's word.")
    options: list[ConnectorOption] = described("The settings that it takes, by name.")
