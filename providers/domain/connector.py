"""A connector: a payment provider plugged into the payments stack, its settings and its tasks."""

from datetime import datetime
from enum import StrEnum

import msgspec

from providers.domain.ref import Ref


class Connector(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One installed connector."""

    ref: Ref
    provider_id: str
    name: str
    provider_name: str
    """The payment provider's name in the vendor's word, upper case. The list is open."""
    is_enabled: bool
    is_scheduled_for_deletion: bool
    fetched_at: datetime


class ConnectorSetting(msgspec.Struct, frozen=True, gc=False):
    """One setting of a connector. `value` is None when it is secret."""

    name: str
    value: str | None
    is_secret: bool


class ConnectorTaskStatus(StrEnum):
    """Whether a task of a connector runs."""

    ACTIVE = "active"
    PENDING = "pending"
    STOPPED = "stopped"
    TERMINATED = "terminated"
    FAILED = "failed"
    UNKNOWN = "unknown"


class ConnectorTask(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Something that a connector does again and again."""

    ref: Ref
    provider_id: str
    connector: Ref
    name: str | None
    status: ConnectorTaskStatus
    provider_status: str
    has_error: bool
    created_at: datetime | None
    updated_at: datetime | None
    descriptor: msgspec.Raw
    state: msgspec.Raw
    fetched_at: datetime


class ConnectorOption(msgspec.Struct, frozen=True, gc=False):
    """A setting that a kind of connector takes. `data_type` is the vendor's word for its form."""

    name: str
    data_type: str
    is_required: bool
    default: str | None


class AvailableConnector(msgspec.Struct, frozen=True, gc=False):
    """A kind of connector that can be installed."""

    provider_name: str
    options: tuple[ConnectorOption, ...]
