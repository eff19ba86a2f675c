"""Finicity's sandbox behind a plain HTTP client, as any caller of the vendor reaches it, and behind the provider."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from providers.domain import Provider, ProviderMode
from providers.finicity import Config, FinicityProvider, sandbox
from providers.finicity import connect as connect_provider
from providers.finicity.auth import PartnerAuthenticator
from providers.finicity.client import Client, explain
from providers.finicity.sandbox import CREDENTIALS, Dialect
from providers.http import HttpSettings, Upstream
from providers.operation import Operation
from providers.sandbox import Bench
from providers.seed import customers
from providers.telemetry import Telemetry
from providers.transport import InProcessTransport

APP_KEY = {"Finicity-App-Key": CREDENTIALS["FINICITY_APP_KEY"]}
LOGIN = {
    "partnerId": CREDENTIALS["FINICITY_PARTNER_ID"],
    "partnerSecret": CREDENTIALS["FINICITY_PARTNER_SECRET"],
}
AUTHENTICATION = "/aggregation/v2/partners/authentication"
Connect = Callable[..., httpx.AsyncClient]


class Clock:
    """Unix seconds that only a test moves."""

    def __init__(self) -> None:
        self.now = 1_793_534_400.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connect(clock: Clock) -> Connect:
    """A client of a new sandbox that sends the App-Key but has no token."""

    def new(*, dialect: Dialect = "1.13", count: int = 25) -> httpx.AsyncClient:
        app = sandbox.create(customers(count), dialect=dialect, clock=clock)
        transport = httpx.ASGITransport(app)
        return httpx.AsyncClient(transport=transport, base_url="http://finicity.test", headers=APP_KEY)

    return new


@pytest.fixture
async def vendor(connect: Connect) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a new sandbox of the older dialect, with a token."""
    async with connect() as client:
        yield await with_token(client)


async def with_token(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The same client, which now sends a token."""
    answer = await client.post(AUTHENTICATION, json=LOGIN)
    client.headers["Finicity-App-Token"] = answer.json()["token"]
    return client


@pytest.fixture
def bench() -> Bench:
    """Records every call that reaches the sandbox behind `upstream`, `client` and `provider`."""
    return Bench()


@pytest.fixture
async def operation() -> Operation:
    return Operation(timeout=5)


NewClient = Callable[..., Client]


@pytest.fixture
def client_of(bench: Bench, clock: Clock) -> NewClient:
    """A client of a new sandbox. The sandbox's tokens and ours age by `clock`, or ours by `own_clock`."""

    def new(
        *, dialect: Dialect = "1.13", config: Config | None = None, own_clock: Clock | None = None, count: int = 25
    ) -> Client:
        app = sandbox.create(customers(count), dialect=dialect, clock=clock)
        settings = config or Config.for_sandbox()
        upstream = Upstream(
            provider=Provider.FINICITY,
            base_url=settings.base_url,
            transport=InProcessTransport(bench.wrap("finicity", app)),
            telemetry=Telemetry(),
            explain=explain,
        )
        upstream.authenticator = PartnerAuthenticator(settings, upstream, clock=own_clock or clock)
        return Client(upstream)

    return new


@pytest.fixture
def provider(bench: Bench) -> FinicityProvider:
    """The provider over a new sandbox, put together as the server does it."""
    return connect_provider(
        Config.for_sandbox(),
        mode=ProviderMode.SANDBOX,
        transport=InProcessTransport(bench.wrap("finicity", sandbox.create(customers(25)))),
        telemetry=Telemetry(),
        http=HttpSettings(),
    )


def received(bench: Bench) -> list[str]:
    """Method and last part of the path of every call that reached the sandbox, in order."""
    return [f"{call.method} {call.path.rpartition('/')[2]}" for call in bench.calls]
