"""The settings of a connector: from the graph's typed inputs to an order, and whether a connector has them.

The inputs have the stack's own names of the settings, so that a rule turns one into the other: `api_key` is `apiKey`,
and what ends in `_seconds` is a period.
"""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import strawberry

from providers.domain import ConnectorSetting
from providers.orders import ConnectorOrder

_UPPER = {"login_id": "loginID", "client_id": "clientID"}
"""Names that the rule would get wrong."""

_SECONDS = {"h": Decimal(3600), "m": Decimal(60), "s": Decimal(1), "ms": Decimal("0.001")}
_PIECE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|h|m|s)")
_DURATION = re.compile(rf"(?:{_PIECE.pattern})+")


def connector_order(name: str, polling_seconds: int | None, config: Any) -> ConnectorOrder:  # noqa: ANN401 - any kind's
    """The order for a connector. `config` has one field for each kind, and one of them is set."""
    kind, settings = next((name, value) for name, value in _given(config).items())
    given = {"name": name, "polling_seconds": polling_seconds, **_given(settings)}
    return ConnectorOrder(
        provider_name=kind.upper().replace("_", "-"),
        settings={_word(each): _value(each, value) for each, value in given.items() if value is not None},
    )


def periods(config: Any) -> Mapping[str, int]:  # noqa: ANN401 - any kind's
    """The seconds that a config gives, by their names."""
    settings = next(iter(_given(config).values()))
    return {name: value for name, value in _given(settings).items() if name.endswith("_seconds")}


def has(settings: Sequence[ConnectorSetting], order: ConnectorOrder) -> bool:
    """Whether a connector has the settings of an order, as far as they are not secret."""
    by_name = {setting.name: setting for setting in settings}
    return all(_is_same(by_name.get(name), value) for name, value in order.settings.items())


def _is_same(setting: ConnectorSetting | None, value: str | int) -> bool:
    if setting is None or setting.is_secret:
        return setting is not None
    told, wanted = setting.value or "", str(value)
    return told == wanted or (_seconds(told) is not None and _seconds(told) == _seconds(wanted))


def _seconds(text: str) -> Decimal | None:
    """The length of a period such as `30m0s`. The stack writes periods in its own way."""
    if not _DURATION.fullmatch(text):
        return None
    return sum((Decimal(number) * _SECONDS[unit] for number, unit in _PIECE.findall(text)), Decimal(0))


def _given(fields: Any) -> dict[str, Any]:  # noqa: ANN401 - an input of the schema
    values = {field.name: getattr(fields, field.name) for field in dataclasses.fields(fields)}
    return {name: value for name, value in values.items() if value is not None and value is not strawberry.UNSET}


def _word(name: str) -> str:
    first, *rest = name.replace("_seconds", "_period").split("_")
    return _UPPER.get(name) or first + "".join(part.capitalize() for part in rest)


def _value(name: str, value: str | int) -> str | int:
    return f"{value}s" if name.endswith("_seconds") else value
