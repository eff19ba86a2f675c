"""Formance: payment accounts, payments, pools and connectors of a stack."""

from collections.abc import Sequence

from providers.config import Secret
from providers.domain import Provider, ProviderMode
from providers.exchange import Transport
from providers.formance.auth import ClientCredentials
from providers.formance.client import Client
from providers.formance.config import REQUIRED, Config
from providers.formance.generation import Generation
from providers.formance.ledger.generation import LedgerGeneration
from providers.formance.messages import Messages
from providers.formance.provider import FormanceProvider
from providers.formance.translate import explain
from providers.http import HttpSettings, Upstream
from providers.kept import Kept
from providers.shared import Shared, answer_store, token_store
from providers.telemetry import Telemetry

__all__ = ["REQUIRED", "Config", "FormanceProvider", "connect"]


def connect(
    config: Config,
    *,
    mode: ProviderMode,
    transport: Transport,
    telemetry: Telemetry,
    http: HttpSettings,
    shared: Shared | None = None,
    webhooks: Sequence[Secret] = (),
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
    identity = Provider.FORMANCE, config.base_url, config.client_id
    store = token_store(shared, *identity, secret=config.client_secret)
    upstream.authenticator = ClientCredentials(config, upstream, store=store)
    upstream.kept = Kept(size=http.kept.size, store=answer_store(shared, *identity, secret=config.client_secret))
    client = Client(
        upstream,
        largest_page=config.largest_page,
        orchestration=config.orchestration,
        own_id=config.client_id,
    )
    generation = Generation(config.payments, client.payments, upstream.authenticator.headers)
    ledger = LedgerGeneration(config.ledger, client.ledger, upstream.authenticator.headers)
    vendor = FormanceProvider(client, generation, ledger=ledger, mode=mode)
    if webhooks:
        vendor.parts = (*vendor.parts, Messages(webhooks))
    return vendor
