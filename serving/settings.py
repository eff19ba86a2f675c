"""How this server itself runs. The vendors' settings are read by the vendors."""

import socket
from collections.abc import Mapping
from datetime import timedelta

import msgspec

from providers.config import ConfigurationError, Environment
from providers.connect import Plan
from providers.domain import Provider, ProviderMode
from providers.loopback import is_loopback
from resolvers.pace import Pace
from resolvers.paging import LARGEST_PAGE
from serving.agents.settings import AgentSettings
from serving.auth import AuthSettings
from serving.cost import CallLimits
from serving.guard import Limits
from serving.origins import Origins
from serving.rates import RateSettings
from serving.websocket.limits import SocketLimits


class Settings(msgspec.Struct, frozen=True):
    """`operation_timeout` is the seconds that one GraphQL operation may take."""

    host: str
    port: int
    workers: int
    """Processes that serve the port."""
    log_level: str
    operation_timeout: float
    largest_page: int
    """Items that a client may ask of a list at once."""
    pace: Pace
    sockets: SocketLimits
    origins: Origins
    agents: AgentSettings | None
    auth: AuthSettings | None
    """None when nobody has to say who they are."""
    limits: Limits
    rates: RateSettings
    compiles: bool
    """False to execute every operation as graphql-core does, without plans."""
    drain_seconds: float
    """How long everything is still answered after a stop was asked for, while `/readyz` says otherwise."""
    trusted_proxies: str
    """Addresses whose `X-Forwarded-For` is believed, with commas between them."""
    calls: CallLimits
    is_open: bool
    """True when the operator has said that anybody who reaches the port may ask anything."""

    @classmethod
    def read(cls, environment: Environment) -> "Settings":
        """From the environment. Raises `ConfigurationError`."""
        auth = AuthSettings.read(environment)
        return cls(
            host=environment.get("HOST") or "127.0.0.1",
            port=environment.number("PORT", 8000, least=0, most=65535),
            workers=environment.number("WORKERS", 1, least=1, most=64),
            log_level=environment.choice("LOG_LEVEL", ("debug", "info", "warning", "error"), "info").upper(),
            operation_timeout=environment.number("OPERATION_TIMEOUT", 15.0, least=0.001, most=3600.0),
            largest_page=environment.number("MAX_PAGE_SIZE", LARGEST_PAGE, least=1, most=10_000),
            pace=_pace(environment),
            sockets=SocketLimits.read(environment),
            origins=Origins.read(environment),
            agents=AgentSettings.read(environment),
            auth=auth,
            limits=Limits.read(environment),
            is_open=(environment.get("AUTH") or "").lower() == "none",
            rates=RateSettings.read(environment, is_open=auth is None),
            compiles=environment.choice("EXECUTOR", ("compiled", "graphql-core"), "compiled") == "compiled",
            drain_seconds=environment.number("DRAIN_SECONDS", 0.0, least=0.0, most=600.0),
            trusted_proxies=environment.get("FORWARDED_ALLOW_IPS") or "127.0.0.1,::1",
            calls=_calls(environment),
        )

    @property
    def shows_sandboxes(self) -> bool:
        """Whether clients reach the sandboxes by HTTP: these ask for no token, and anybody may make them fail."""
        return self.auth is None or is_loopback(self.host)

    def refuse_to_be_open(self, modes: Mapping[Provider, ProviderMode]) -> None:
        """Raise `ConfigurationError` when anybody could reach real data, or a sandbox from outside, by oversight."""
        if self.auth is not None or self.is_open:
            return
        if ProviderMode.LIVE in modes.values():
            raise ConfigurationError(
                "AUTH is not set: with live vendors whoever reaches this port can read everything. "
                "Set AUTH_JWKS_URL or AUTH_PUBLIC_KEY with AUTH_ISSUER and AUTH_AUDIENCE, "
                "or AUTH=none to say that the network in front of it decides who may"
            )
        if not is_loopback(self.host):
            raise ConfigurationError(
                "AUTH is not set, so HOST must be a loopback address. "
                "To serve others, set AUTH_JWKS_URL or AUTH_PUBLIC_KEY, or AUTH=none to let anybody in"
            )

    def refuse_to_disagree(self, planned: Plan) -> None:
        """Raise `ConfigurationError` when each worker would answer from a state of its own."""
        if self.workers == 1:
            return
        if not hasattr(socket, "send_fds"):
            raise ConfigurationError("WORKERS above 1 needs Unix. Set WORKERS=1")
        if ProviderMode.SANDBOX in planned.modes.values():
            raise ConfigurationError(
                "WORKERS above 1 does not go with sandboxes: each worker would have its own, and show each request "
                "another state. Set WORKERS=1, or give the vendors' credentials, so that all of them are live or off"
            )
        if planned.directory.is_in_memory:
            raise ConfigurationError(
                "WORKERS above 1 needs a directory that workers share: "
                "set DATABASE_URL to a PostgreSQL or the file of a SQLite, or WORKERS=1"
            )


def _calls(environment: Environment) -> CallLimits:
    return CallLimits(
        trusted=environment.number("MAX_CALLS", CallLimits().trusted, least=1, most=1_000_000),
        bound=environment.number("MAX_CALLS_BOUND", CallLimits().bound, least=1, most=1_000_000),
    )


def _pace(environment: Environment) -> Pace:
    lease = environment.number("WRITE_LEASE", 20.0, least=1.0, most=600.0)
    settle = environment.number("WRITE_SETTLE", 30.0, least=1.0, most=600.0)
    return Pace(lease=timedelta(seconds=lease), settle=timedelta(seconds=settle))
