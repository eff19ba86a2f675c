"""The ten installed connectors.

The first six were there before the upgrade to v3, so that their ids are the same in both generations.
"""

from datetime import timedelta

from providers.formance.sandbox import ids
from providers.formance.sandbox.configs import Config, settings
from providers.formance.sandbox.draw import Draw, name_uuid
from providers.formance.sandbox.records import Connector, Generation
from providers.seed import NOW

OLD = 6
"""How many connectors, from the first, have the ids that v2 gave them."""

_INSTALLED = (
    ("STRIPE", "stripe-eu"),
    ("WISE", "wise-payouts"),
    ("ADYEN", "adyen-checkout"),
    ("MANGOPAY", "mangopay-wallets"),
    ("MODULR", "modulr-uk"),
    ("GENERIC", "generic-bank"),
    ("STRIPE", "stripe-us"),
    ("CURRENCY-CLOUD", "currency-cloud-fx"),
    ("BANKING-CIRCLE", "banking-circle-eu"),
    ("ATLAR", "atlar-treasury"),
)


def connectors(generation: Generation) -> list[Connector]:
    """Oldest first."""
    return [_connector(index, generation) for index in range(len(_INSTALLED))]


def _connector(index: int, generation: Generation) -> Connector:
    provider, name = _INSTALLED[index]
    is_lower = generation == "v3" and index >= OLD
    key = {
        "Provider": provider.lower().replace("-", "") if is_lower else provider,
        "Reference": name_uuid("connector", name),
    }
    created_at = NOW - timedelta(days=1200 - 20 * index, minutes=7 * index)
    config = _config(provider, name)
    return Connector(id=ids.encode(key), key=key, provider=provider, name=name, created_at=created_at, config=config)


def _config(provider: str, name: str) -> Config:
    """What had to be told, and nothing that has a default. None of the secrets opens anything."""
    draw = Draw("config", name)
    required = [key for key, setting in settings("v3", provider).items() if setting.is_required and key != "name"]
    return {"name": name, **{key: _told(key, provider, draw) for key in required}}


def _told(key: str, provider: str, draw: Draw) -> str:
    if "ndpoint" in key:
        return f"https://{key.lower()}.{provider.lower()}.example"
    return f"sandbox-{key.lower()}-{draw.token()}"
