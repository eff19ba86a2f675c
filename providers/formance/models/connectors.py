"""What the payments service answers about connectors: their settings, their tasks, and what can be installed."""

from datetime import datetime

import msgspec

from providers.formance.models.payments import NULL

ConnectorConfig = dict[str, msgspec.Raw]
"""A connector's settings by name, secrets in clear text, and beside them the title of its `provider`."""


class ConfigOption(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A setting that a kind of connector takes. A default that does not exist is ""."""

    data_type: str = ""
    required: bool = False
    default_value: str | None = None


ConnectorConfigs = dict[str, dict[str, ConfigOption]]
"""Settings by kind of connector and name. v3 writes the kinds without dashes."""


class Task(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A task (v2) or a schedule (v3), whose descriptor is the schedule itself and whose status is always ACTIVE."""

    id: str
    connector_id: str = msgspec.field(name="connectorID")
    status: str = ""
    error: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    descriptor: msgspec.Raw = NULL
    state: msgspec.Raw = NULL


class TaskDescriptor(msgspec.Struct, frozen=True, gc=False):
    """The only part of a descriptor that all v2 connectors have."""

    name: str | None = None
