"""Finicity: accounts at US banks, read through Mastercard Open Finance.

config -> `connect` -> auth + client (the vendor's words) -> translate -> provider (the graph's words).
"""

from collections.abc import Sequence

from providers.config import Secret
from providers.domain import Provider, ProviderMode
from providers.exchange import Transport
from providers.finicity.auth import PartnerAuthenticator
from providers.finicity.client import Client, explain
from providers.finicity.config import Config
from providers.finicity.messages import Messages
from providers.finicity.provider import FinicityProvider
from providers.http import HttpSettings, Upstream
from providers.shared import Shared, token_store
from providers.telemetry import Telemetry

__all__ = ["Config", "FinicityProvider", "connect"]


def connect(
    config: Config,
    *,
    mode: ProviderMode,
    transport: Transport,
    telemetry: Telemetry,
    http: HttpSettings,
    shared: Shared | None = None,
    webhooks: Sequence[Secret] = (),
) -> FinicityProvider:
    """A provider that asks the Finicity behind `config.base_url`. Nothing is asked yet."""
    upstream = Upstream(
        provider=Provider.FINICITY,
        base_url=config.base_url,
        transport=transport,
        telemetry=telemetry,
        settings=http,
        headers={"content-type": "application/json"},
        explain=explain,
    )
    store = token_store(
        shared,
        Provider.FINICITY,
        config.base_url,
        config.app_key.reveal(),
        config.partner_id,
        secret=config.partner_secret,
    )
    upstream.authenticator = PartnerAuthenticator(config, upstream, store=store)
    vendor = FinicityProvider(Client(upstream), mode=mode)
    if webhooks:
        vendor.parts = (*vendor.parts, Messages(webhooks))
    return vendor
