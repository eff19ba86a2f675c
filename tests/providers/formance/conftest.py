"""The Formance provider over its sandbox: the real HTTP caller, in process, with every call on record."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import msgspec
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from providers.domain import NodeType, Provider, ProviderMode, Ref
from providers.formance import Config, FormanceProvider
from providers.formance.auth import ClientCredentials
from providers.formance.client import Client
from providers.formance.generation import Generation
from providers.formance.ledger.generation import LedgerGeneration
from providers.formance.sandbox import create
from providers.formance.sandbox.seed import seeded
from providers.formance.sandbox.state import State
from providers.formance.translate import explain
from providers.http import HttpSettings, Upstream
from providers.operation import Operation
from providers.retry import RetrySettings
from providers.sandbox import Bench, Fault
from providers.seed import customers
from providers.telemetry import Telemetry
from providers.transport import InProcessTransport

PEOPLE = customers(25)
SETTINGS = HttpSettings(retry=RetrySettings(base=0.001))
TOKEN = "/api/auth/oauth/token"
INFO = "/api/payments/_info"
ACCOUNTS = "/api/payments/accounts"
PAYMENTS = "/api/payments/payments"
POOLS = "/api/payments/pools"


class Clock:
    """Seconds that only a test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Heard(msgspec.Struct):
    """One request with its body, undecoded."""

    method: str
    path: str
    body: bytes


class Ear:
    """Hears requests on their way to an app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self.heard = app, list[Heard]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            message = await receive()
            assert not message.get("more_body")
            self.heard.append(Heard(scope["method"], scope["path"], message.get("body", b"")))
            unread = [message]

            async def again() -> Any:
                return unread.pop() if unread else await receive()

            await self._app(scope, again, send)
            return
        await self._app(scope, receive, send)


class Rig(msgspec.Struct):
    """A provider, its parts, the sandbox that it talks to, and what that sandbox holds."""

    bench: Bench
    client: Client
    provider: FormanceProvider
    auth: ClientCredentials
    generation: Generation
    clock: Clock
    state: State
    ear: Ear

    def sent(self) -> list[tuple[str, str, Any]]:
        """Method, path below the service and decoded body of each call since the last time, less the cold start's."""
        heard = [each for each in self.ear.heard if each.path not in (TOKEN, INFO)]
        self.ear.heard.clear()
        return [
            (each.method, each.path.removeprefix("/api/payments"), json.loads(each.body) if each.body else None)
            for each in heard
        ]

    def reads(self) -> list[str]:
        """Paths of the calls that reached the sandbox since the last time, less what a cold start asks first."""
        return [path for path in self.paths() if path not in (TOKEN, INFO)]

    def paths(self) -> list[str]:
        """Paths of all calls that reached the sandbox since the last time, in order of arrival."""
        longest = max((len(f"{call.path}?{call.query}") for call in self.bench.calls), default=0)
        assert longest < 8192
        seen = [call.path for call in self.bench.calls]
        self.bench.calls.clear()
        return seen

    def fault(self, path: str, **what: object) -> None:
        """Make the next call of this path go wrong."""
        self.bench.add(msgspec.convert({"vendor": "formance", "path": path, **what}, Fault))

    def accounts(self, count: int | None = None) -> list[Ref]:
        """Refs of the seeded customers' accounts first, then the others'."""
        return [account(account_id) for account_id in list(self.state.accounts)[:count]]

    def payments(self, count: int) -> list[Ref]:
        """Refs of the newest payments."""
        return [payment(payment_id) for payment_id in list(self.state.payments)[:count]]

    def pools(self) -> list[Ref]:
        """Refs of all pools."""
        return [pool(pool_id) for pool_id in self.state.pools]

    def touching(self, accounts: Sequence[Ref]) -> list[Ref]:
        """Refs of the payments from or to these accounts, newest first."""
        ids = {ref.native_id for ref in accounts}
        rows = sorted(self.state.payments.values(), key=lambda row: row.created_at, reverse=True)
        return [payment(row.id) for row in rows if {row.source, row.destination} & ids]


NewRig = Callable[..., Rig]


def account(account_id: str) -> Ref:
    return Ref(NodeType.PAYMENT_ACCOUNT, (account_id,), Provider.FORMANCE)


def payment(payment_id: str) -> Ref:
    return Ref(NodeType.PAYMENT, (payment_id,), Provider.FORMANCE)


def pool(pool_id: str) -> Ref:
    return Ref(NodeType.POOL, (pool_id,), Provider.FORMANCE)


def connector(connector_id: str) -> Ref:
    return Ref(NodeType.CONNECTOR, (connector_id,), Provider.FORMANCE)


def bank_account(bank_account_id: str) -> Ref:
    return Ref(NodeType.BANK_ACCOUNT, (bank_account_id,), Provider.FORMANCE)


def transfer(transfer_id: str) -> Ref:
    return Ref(NodeType.TRANSFER_INITIATION, (transfer_id,), Provider.FORMANCE)


@cache
def held(generation: Any, payments_count: int) -> State:
    """What a sandbox holds. Nobody changes it."""
    return seeded(PEOPLE, generation=generation, payments_count=payments_count, undocumented=False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def new_rig(clock: Clock) -> NewRig:
    def make(
        generation: Any = "v3",
        *,
        config: Config | None = None,
        settings: HttpSettings = SETTINGS,
        app: ASGIApp | None = None,
        **options: Any,
    ) -> Rig:
        bench = Bench()
        options.setdefault("payments_count", 300)
        ear = Ear(app or create(PEOPLE, payments=generation, clock=clock, **options))
        config = config or Config.for_sandbox()
        upstream = Upstream(
            provider=Provider.FORMANCE,
            base_url=config.base_url,
            transport=InProcessTransport(bench.wrap("formance", ear)),
            telemetry=Telemetry(),
            settings=settings,
            explain=explain,
        )
        upstream.authenticator = auth = ClientCredentials(config, upstream, clock=clock)
        client = Client(upstream, largest_page=config.largest_page)
        generations = Generation(config.payments, client.payments, auth.headers, clock=clock)
        ledger = LedgerGeneration(config.ledger, client.ledger, auth.headers, clock=clock)
        provider = FormanceProvider(client, generations, ledger=ledger, mode=ProviderMode.SANDBOX)
        return Rig(bench, client, provider, auth, generations, clock, held(generation, options["payments_count"]), ear)

    return make


@pytest.fixture(params=["v3", "v2"])
def rig(request: pytest.FixtureRequest, new_rig: NewRig) -> Rig:
    """A provider over each generation of servers."""
    made: Rig = new_rig(request.param)
    return made


@pytest.fixture
def v3(new_rig: NewRig) -> Rig:
    return new_rig("v3")


@pytest.fixture
def v2(new_rig: NewRig) -> Rig:
    return new_rig("v2")


@pytest.fixture
async def operation() -> Operation:
    return Operation(timeout=5)
