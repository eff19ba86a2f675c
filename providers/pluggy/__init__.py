"""Pluggy: smart accounts in Brazil and their balances.

environment → config → auth + client over the one HTTP caller → lookup, translate → provider.
"""

from providers.domain import Provider, ProviderMode
from providers.http import HttpSettings, Upstream
from providers.pluggy.auth import ApiKeys
from providers.pluggy.client import Client
from providers.pluggy.config import REQUIRED, Config
from providers.pluggy.provider import PluggyProvider
from providers.pluggy.refusals import explain
from providers.telemetry import Telemetry
from providers.transport import Transport

__all__ = ["REQUIRED", "Config", "PluggyProvider", "connect"]


def connect(
    config: Config, *, mode: ProviderMode, transport: Transport, telemetry: Telemetry, http: HttpSettings
) -> PluggyProvider:
    """The provider over a transport. No call is made yet."""
    upstream = Upstream(
        provider=Provider.PLUGGY,
        base_url=config.base_url,
        transport=transport,
        telemetry=telemetry,
        settings=http,
        explain=explain,
    )
    upstream.authenticator = ApiKeys(upstream, config)
    return PluggyProvider(upstream, Client(upstream), mode=mode)
