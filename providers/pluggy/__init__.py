"""Pluggy: smart accounts in Brazil and their balances.

environment → config → auth + client over the one HTTP caller → lookup, translate → provider.
"""

from collections.abc import Sequence

from providers.config import Secret
from providers.domain import Provider, ProviderMode
from providers.exchange import Transport
from providers.http import HttpSettings, Upstream
from providers.kept import Kept
from providers.pluggy.auth import ApiKeys
from providers.pluggy.client import Client
from providers.pluggy.config import REQUIRED, Config
from providers.pluggy.messages import Messages
from providers.pluggy.provider import PluggyProvider
from providers.pluggy.refusals import explain
from providers.shared import Shared, answer_store, token_store
from providers.telemetry import Telemetry

__all__ = ["REQUIRED", "Config", "PluggyProvider", "connect"]


def connect(
    config: Config,
    *,
    mode: ProviderMode,
    transport: Transport,
    telemetry: Telemetry,
    http: HttpSettings,
    shared: Shared | None = None,
    webhooks: Sequence[Secret] = (),
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
    identity = Provider.PLUGGY, config.base_url, config.client_id
    store = token_store(shared, *identity, secret=config.client_secret)
    upstream.authenticator = ApiKeys(upstream, config, store=store)
    upstream.kept = Kept(size=http.kept.size, store=answer_store(shared, *identity, secret=config.client_secret))
    vendor = PluggyProvider(upstream, Client(upstream), mode=mode)
    if webhooks:
        vendor.parts = (*vendor.parts, Messages(webhooks, client_id=config.client_id))
    return vendor
