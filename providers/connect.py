"""Which vendors run, and how: decided once from the environment. A new vendor is one more entry here.

Credentials set: live. None set for any vendor: all sandboxes. Some set: the others are off, unless `<VENDOR>_MODE` says
otherwise.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.types import ASGIApp

from providers import directory, finicity, formance, kept, pluggy, shared
from providers.config import Environment, Secret
from providers.domain import Provider, ProviderMode
from providers.exchange import Transport
from providers.finicity import config as finicity_config
from providers.formance import config as formance_config
from providers.http import HttpSettings
from providers.messages import made_secret, webhook_secrets
from providers.outbox import Outbox
from providers.pluggy import config as pluggy_config
from providers.protocols import Directory, Vendor
from providers.registry import Providers
from providers.sandbox import Bench
from providers.seed import SeedCustomer, customers
from providers.telemetry import Telemetry
from providers.wire import Wire


class _Entry(msgspec.Struct, frozen=True):
    """How one vendor is set up."""

    required: tuple[str, ...]
    config: Any
    connect: Callable[..., Vendor]
    options: Callable[[Environment], Mapping[str, Any]]
    """Of its sandbox."""


VENDORS: Mapping[Provider, _Entry] = {
    Provider.FINICITY: _Entry(
        finicity_config.REQUIRED,
        finicity.Config,
        finicity.connect,
        lambda environment: {
            "refresh_seconds": environment.number("SANDBOX_REFRESH_SECONDS", 0.0, least=0.0, most=600.0)
        },
    ),
    Provider.PLUGGY: _Entry(
        pluggy_config.REQUIRED,
        pluggy.Config,
        pluggy.connect,
        lambda _: {},
    ),
    Provider.FORMANCE: _Entry(
        formance_config.REQUIRED,
        formance.Config,
        formance.connect,
        lambda environment: {
            "payments": environment.choice("SANDBOX_PAYMENTS", ("v2", "v3"), "v3"),
            "ledger": environment.choice("SANDBOX_LEDGER", ("v1", "v2.1", "v2.4"), "v2.4"),
            "orchestration": environment.choice("SANDBOX_ORCHESTRATION", ("v1", "v2"), "v2"),
            "workflow_seconds": environment.number("SANDBOX_WORKFLOW_SECONDS", 0.0, least=0.0),
        },
    ),
}


class StandIn(msgspec.Struct, frozen=True):
    """An imitated vendor, without its recorder."""

    app: Starlette
    subscribe: Callable[[Starlette, str, str], None]

    def subscribed(self, url: str, secret: str) -> Outbox:
        """Have it tell a receiver of its changes. Gives that by which it sends."""
        self.subscribe(self.app, url, secret)
        outbox: Outbox = self.app.state.outbox
        return outbox


class Sandboxes(msgspec.Struct, frozen=True):
    """The imitated vendors of this process, behind their recorder."""

    bench: Bench
    apps: Mapping[Provider, ASGIApp]
    people: Sequence[SeedCustomer]
    stand_ins: Mapping[Provider, StandIn]


class Plan(msgspec.Struct, frozen=True):
    """All that the environment says of the providers, read and found valid. Nothing is open yet."""

    modes: Mapping[Provider, ProviderMode]
    configs: Mapping[Provider, Any]
    """Of the vendors that are not off."""
    http: HttpSettings
    directory: directory.Config
    sandboxes: Sandboxes
    shared: shared.Config | None
    webhooks: Mapping[Provider, tuple[Secret, ...]]
    """What messages of the vendors may be signed with. None: they are not taken."""


def plan(environment: Environment) -> Plan:
    """Read every setting, so that a wrong one is told before anything starts. Raises `ConfigurationError`."""
    chosen = modes(environment)
    stand_ins = sandboxes(environment, chosen)
    answers = kept.Config.read(environment, is_imitated=bool(stand_ins.apps))
    return Plan(
        modes=chosen,
        configs={
            provider: _config(provider, mode, environment)
            for provider, mode in chosen.items()
            if mode is not ProviderMode.OFF
        },
        http=msgspec.structs.replace(http_settings(environment), kept=answers),
        directory=_directory_config(environment, stand_ins),
        sandboxes=stand_ins,
        shared=shared.Config.read(environment),
        webhooks={provider: _webhook_secrets(provider, mode, environment) for provider, mode in chosen.items()},
    )


async def connect(plan: Plan, telemetry: Telemetry) -> Providers:
    """Open the directory and the vendors. No vendor is called yet. Raises `DirectoryUnavailable`."""
    store = await directory.connect(plan.directory)
    try:
        if plan.sandboxes.apps:
            links = {provider: _sandbox(provider).links(plan.sandboxes.people) for provider in plan.sandboxes.apps}
            await directory.seed(store, plan.sandboxes.people, links)
    except BaseException:
        await store.aclose()
        raise
    common = shared.Shared(plan.shared) if plan.shared else None
    vendors = [_connected(provider, plan, telemetry, common) for provider in plan.configs]
    return Providers(vendors, _remembering(store, plan.http.kept), common)


def _remembering(store: directory.SqlDirectory, config: kept.Config) -> Directory:
    return directory.CachedDirectory(store, seconds=config.directory) if config.directory else store


def modes(environment: Environment) -> Mapping[Provider, ProviderMode]:
    """How each vendor runs. Raises `ConfigurationError`."""
    live = {provider for provider, entry in VENDORS.items() if environment.any(*entry.required)}
    usual = ProviderMode.OFF if live else ProviderMode.SANDBOX
    return {
        provider: _mode(environment, provider, ProviderMode.LIVE if provider in live else usual) for provider in VENDORS
    }


def sandboxes(environment: Environment, chosen: Mapping[Provider, ProviderMode]) -> Sandboxes:
    """The sandboxes of the vendors that run as one."""
    bench = Bench(delay_ms=environment.number("SANDBOX_DELAY_MS", 0, least=0))
    people = customers(environment.number("SANDBOX_CUSTOMERS", 25, least=0))
    stand_ins = {
        provider: StandIn(_sandbox(provider).create(people, **entry.options(environment)), _sandbox(provider).subscribe)
        for provider, entry in VENDORS.items()
        if chosen[provider] is ProviderMode.SANDBOX
    }
    bench.outboxes.extend(each.app.state.outbox for each in stand_ins.values())
    apps = {provider: bench.wrap(provider.value, each.app) for provider, each in stand_ins.items()}
    return Sandboxes(bench, apps, people, stand_ins)


def _sandbox(provider: Provider) -> Any:  # noqa: ANN401 - a module
    """A vendor's sandbox. The three are a fifth of the code, and loaded where one runs."""
    return import_module(f"providers.{provider.value}.sandbox")


def http_settings(environment: Environment) -> HttpSettings:
    """The limits of every vendor's calls."""
    usual = HttpSettings()
    return HttpSettings(
        timeout=environment.number("UPSTREAM_TIMEOUT", usual.timeout, least=0.001),
        max_bytes=environment.number("UPSTREAM_MAX_BYTES", usual.max_bytes, least=1),
        concurrency=environment.number("UPSTREAM_CONCURRENCY", usual.concurrency, least=1),
    )


def _mode(environment: Environment, provider: Provider, usual: ProviderMode) -> ProviderMode:
    mode = environment.choice(f"{provider.name}_MODE", ("auto", "live", "sandbox", "off"), "auto")
    return usual if mode == "auto" else ProviderMode(mode)


def _config(provider: Provider, mode: ProviderMode, environment: Environment) -> object:
    config = VENDORS[provider].config
    return config.for_sandbox() if mode is ProviderMode.SANDBOX else config.read(environment)


def _webhook_secrets(provider: Provider, mode: ProviderMode, environment: Environment) -> tuple[Secret, ...]:
    """A sandbox signs with the first one that is given, or with one that nobody else knows."""
    given = webhook_secrets(environment, f"{provider.name}_WEBHOOK_SECRETS")
    return given or ((made_secret(),) if mode is ProviderMode.SANDBOX else ())


def _connected(provider: Provider, plan: Plan, telemetry: Telemetry, common: shared.Shared | None) -> Vendor:
    stand_in = plan.sandboxes.apps.get(provider)
    transport = _in_process(stand_in) if stand_in else Wire()
    return VENDORS[provider].connect(
        plan.configs[provider],
        mode=plan.modes[provider],
        transport=transport,
        telemetry=telemetry,
        http=plan.http,
        webhooks=plan.webhooks[provider],
        shared=None if stand_in else common,  # a sandbox in this process knows no other one's tokens
    )


def _in_process(stand_in: ASGIApp) -> Transport:
    # Only here: a server without sandboxes needs no httpx.
    from providers.transport import InProcessTransport  # noqa: PLC0415

    return InProcessTransport(stand_in)


def _directory_config(environment: Environment, stand_ins: Sandboxes) -> directory.Config:
    """Sandboxes forget everything when the process ends, so by default what is known of their objects does, too."""
    if stand_ins.apps and environment.get("DATABASE_URL") is None:
        return directory.Config.in_memory(environment)
    return directory.Config.read(environment)
