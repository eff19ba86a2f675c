"""The Pluggy provider over its sandbox: the real HTTP caller, in process, with every call on record."""

from collections.abc import Callable, Sequence

import msgspec
import pytest
from starlette.applications import Starlette

from providers.domain import Provider, ProviderMode
from providers.http import HttpSettings, Upstream
from providers.operation import Operation
from providers.pluggy import Config, PluggyProvider, connect, sandbox
from providers.pluggy.auth import ApiKeys
from providers.pluggy.client import Client
from providers.pluggy.refusals import explain
from providers.retry import RetrySettings
from providers.sandbox import Bench, Fault
from providers.seed import SeedCustomer, customers
from providers.telemetry import Telemetry
from providers.transport import InProcessTransport

PEOPLE = customers(25)
IDS = [link.external_id for link in sandbox.links(PEOPLE)]
SETTINGS = HttpSettings(retry=RetrySettings(base=0.001))


class Clock:
    """Seconds that only a test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Rig(msgspec.Struct):
    """A provider, its parts, and the sandbox that it talks to."""

    app: Starlette
    bench: Bench
    client: Client
    provider: PluggyProvider
    clock: Clock

    def calls(self) -> list[str]:
        """`METHOD path` of every call that reached the sandbox since the last time, in order of arrival."""
        seen = [f"{call.method} {call.path}" + (f"?{call.query}" if call.query else "") for call in self.bench.calls]
        self.bench.calls.clear()
        return seen

    def fault(self, path: str, **what: object) -> None:
        """Make the next call of this path go wrong."""
        self.bench.add(msgspec.convert({"vendor": "pluggy", "path": path, **what}, Fault))

    def sign_ins(self) -> int:
        """How many API keys the sandbox has given out."""
        issued: int = self.app.state.vendor.keys_issued
        return issued


NewRig = Callable[..., Rig]


@pytest.fixture
def new_rig() -> NewRig:
    """Makes rigs; each has a sandbox of its own."""

    def new(
        people: Sequence[SeedCustomer] = PEOPLE, *, smart_accounts: bool = True, config: Config | None = None
    ) -> Rig:
        clock = Clock()
        app = sandbox.create(people, smart_accounts=smart_accounts, clock=clock)
        bench, telemetry, config = Bench(), Telemetry(), config or Config.for_sandbox()
        transport = InProcessTransport(bench.wrap("pluggy", app))
        upstream = Upstream(
            provider=Provider.PLUGGY,
            base_url=config.base_url,
            transport=transport,
            telemetry=telemetry,
            settings=SETTINGS,
            explain=explain,
        )
        upstream.authenticator = ApiKeys(upstream, config, clock=clock, wall_clock=clock)
        provider = connect(config, mode=ProviderMode.SANDBOX, transport=transport, telemetry=telemetry, http=SETTINGS)
        return Rig(app=app, bench=bench, client=Client(upstream), provider=provider, clock=clock)

    return new


@pytest.fixture
def rig(new_rig: NewRig) -> Rig:
    """A rig over the 25 seed people."""
    return new_rig()


@pytest.fixture
async def operation() -> Operation:
    """One GraphQL operation with five seconds."""
    return Operation(timeout=5)
