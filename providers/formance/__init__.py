"""Formance: payment accounts, payments, pools and connectors of a stack."""

from providers.domain import Provider, ProviderMode
from providers.formance.auth import ClientCredentials
from providers.formance.client import Client
from providers.formance.config import REQUIRED, Config
from providers.formance.generation import Generation
from providers.formance.provider import FormanceProvider
from providers.formance.translate import explain
from providers.http import HttpSettings, Upstream
from providers.telemetry import Telemetry
from providers.transport import Transport

__all__ = ["REQUIRED", "Config", "FormanceProvider", "connect"]


def connect(
    config: Config, *, mode: ProviderMode, transport: Transport, telemetry: Telemetry, http: HttpSettings
) -> FormanceProvider:
    """A provider that asks nothing before it is asked."""
    upstream = Upstream(
        provider=Provider.FORMANCE,
        base_url=config.base_url,
        transport=transport,
        telemetry=telemetry,
        settings=http,
        explain=explain,
    )
    upstream.authenticator = ClientCredentials(config, upstream)
    client = Client(upstream)
    generation = Generation(config.payments, client.payments, upstream.authenticator.headers)
    return FormanceProvider(client, generation, mode=mode)
