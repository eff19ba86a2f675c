"""Connectors, their settings and their tasks into ours. No secret leaves this file."""

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from providers.domain import (
    AvailableConnector,
    Connector,
    ConnectorOption,
    ConnectorSetting,
    ConnectorTask,
    ConnectorTaskStatus,
)
from providers.formance import models
from providers.formance.translate.refs import connector_ref, task_ref
from providers.formance.translate.values import provider_name, time
from providers.formance.translate.words import TASK_STATUSES

SECRETS: Mapping[str, frozenset[str]] = {
    "STRIPE": frozenset({"apiKey"}),
    "DUMMY-PAY": frozenset(),
    "WISE": frozenset({"apiKey"}),
    "MODULR": frozenset({"apiKey", "apiSecret"}),
    "CURRENCY-CLOUD": frozenset({"apiKey"}),
    "BANKING-CIRCLE": frozenset({"password", "userCertificateKey"}),
    "MANGOPAY": frozenset({"apiKey"}),
    "MONEYCORP": frozenset({"apiKey"}),
    "ATLAR": frozenset({"accessKey", "secret"}),
    "ADYEN": frozenset({"apiKey", "hmacKey"}),
    "GENERIC": frozenset({"apiKey"}),
}
"""The secret settings of each documented kind of connector."""

_LOOKS_SECRET = re.compile(
    r"secret|pass|token|key|credential|private|auth(?!orizationEndpoint$)|hmac|signature|pin$", re.I
)
_HOLDS_USER = re.compile(r"://[^/?#]*@")
_TITLE = "provider"
"""Beside the settings, the answer tells the title of the kind of connector."""

_DESCRIPTOR = msgspec.json.Decoder(models.TaskDescriptor)


def connector(raw: models.Connector, *, fetched_at: datetime) -> Connector:
    """An installed connector."""
    return Connector(
        ref=connector_ref(raw.connector_id),
        provider_id=raw.connector_id,
        name=raw.name,
        provider_name=provider_name(raw.provider),
        is_enabled=raw.enabled,
        is_scheduled_for_deletion=raw.scheduled_for_deletion,
        fetched_at=fetched_at,
    )


def connector_settings(raw: models.ConnectorConfig, kind: str) -> tuple[ConnectorSetting, ...]:
    """By name. Secret ones have no value: those of the table, and whatever else looks like a secret."""
    return tuple(_setting(name, raw[name], kind) for name in sorted(raw) if name != _TITLE)


def available_connectors(raw: models.ConnectorConfigs) -> tuple[AvailableConnector, ...]:
    """By name, as the options of each are."""
    kinds = {provider_name(kind): options for kind, options in raw.items()}
    return tuple(AvailableConnector(kind, _options(kinds[kind])) for kind in sorted(kinds))


def connector_task(raw: models.Task, *, fetched_at: datetime) -> ConnectorTask:
    """A task. Its error's text stays here."""
    return ConnectorTask(
        ref=task_ref(raw.connector_id, raw.id),
        provider_id=raw.id,
        connector=connector_ref(raw.connector_id),
        name=_task_name(raw.descriptor),
        status=TASK_STATUSES.get(raw.status, ConnectorTaskStatus.UNKNOWN),
        provider_status=raw.status,
        has_error=bool(raw.error),
        created_at=time(raw.created_at),
        updated_at=time(raw.updated_at),
        descriptor=raw.descriptor.copy(),
        state=raw.state.copy(),
        fetched_at=fetched_at,
    )


def _setting(name: str, raw: msgspec.Raw, kind: str) -> ConnectorSetting:
    """What is no single value could hold secrets somewhere inside."""
    value = msgspec.json.decode(raw)
    holds_user = isinstance(value, str) and _HOLDS_USER.search(value) is not None
    if isinstance(value, dict | list) or holds_user or _is_secret(name, kind):
        return ConnectorSetting(name, None, is_secret=True)
    text = value if isinstance(value, str | None) else bytes(raw).decode()
    return ConnectorSetting(name, text, is_secret=False)


def _is_secret(name: str, kind: str) -> bool:
    return name in SECRETS.get(provider_name(kind), frozenset()) or _LOOKS_SECRET.search(name) is not None


def _options(raw: Mapping[str, models.ConfigOption]) -> tuple[ConnectorOption, ...]:
    return tuple(
        ConnectorOption(
            name, raw[name].data_type, is_required=raw[name].required, default=raw[name].default_value or None
        )
        for name in sorted(raw)
    )


def _task_name(descriptor: msgspec.Raw) -> str | None:
    try:
        return _DESCRIPTOR.decode(descriptor).name or None
    except msgspec.DecodeError:
        return None
