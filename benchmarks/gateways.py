"""How each gateway is started, and what it cannot do without."""

import asyncio
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from benchmarks import questions, requests, traffic, world
from benchmarks.processes import Program, running
from providers import directory
from providers.config import Environment
from providers.domain import Customer, customer_ref

ROOT = Path(__file__).parents[1]
NODE = Path(__file__).parent / "peers" / "node"
TRIBUTARY, LIMIT = "tributary", "limit"
PATIENCE = 60.0


class Place(msgspec.Struct, frozen=True):
    """Where a gateway runs: its port, its vendors, its folder, and whose tokens it is to believe."""

    port: int
    vendors: str
    folder: Path
    public_key: str
    core: int | None
    settings: Mapping[str, str] = {}
    """More settings of Tributary's."""


class Gateway(msgspec.Struct, frozen=True):
    """A gateway by its name."""

    name: str
    what: str
    command: Callable[[Place], Sequence[str | Path]]
    variables: Callable[[Place], Mapping[str, str]]

    @contextmanager
    def running(self, place: Place) -> Iterator[Program]:
        """The gateway, once it answers."""
        output = place.folder / f"{self.name}.log"
        variables = self.variables(place)
        command = self.command(place)
        with running(command, output=output, core=place.core, folder=ROOT, variables=variables) as program:
            _await(program, place.port)
            yield program


def _settings(place: Place) -> Mapping[str, str]:
    """Tributary as it runs in production: live vendors, callers by their tokens, all limits on but those of the
    number of requests, which are what is measured here.
    """
    return {
        "PORT": str(place.port),
        "DATABASE_URL": f"sqlite:///{place.folder}/directory.sqlite3",
        "AUTH_PUBLIC_KEY": place.public_key,
        "AUTH_ISSUER": traffic.ISSUER,
        "AUTH_AUDIENCE": traffic.AUDIENCE,
        "RATE_LIMIT": "100000000/minute",
        "MAX_CONCURRENCY": "1024",
        "MAX_PAGE_SIZE": str(max(world.LISTS)),
        "FORMANCE_PAGE_SIZE": str(max(world.LISTS)),
        "UPSTREAM_MAX_BYTES": str(64 * 2**20),
        "UPSTREAM_CONCURRENCY": "100",  # as many calls at once as the peers make
        "FINICITY_BASE_URL": place.vendors,
        "FINICITY_APP_KEY": "key",
        "FINICITY_PARTNER_ID": "partner",
        "FINICITY_PARTNER_SECRET": "secret",
        "PLUGGY_BASE_URL": place.vendors,
        "PLUGGY_CLIENT_ID": "client",
        "PLUGGY_CLIENT_SECRET": "secret",
        "FORMANCE_BASE_URL": place.vendors,
        "FORMANCE_CLIENT_ID": "client",
        "FORMANCE_CLIENT_SECRET": "secret",
        # The others ask for everything each time.
        "CACHE_CONNECTORS_SECONDS": "0",
        "CACHE_POOLS_SECONDS": "0",
        **place.settings,
    }


def _python(module: str) -> Callable[[Place], Sequence[str | Path]]:
    quick = ("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning")
    return lambda place: [
        sys.executable,
        "-m",
        "uvicorn",
        *quick,
        "--port",
        str(place.port),
        f"benchmarks.peers.{module}:app",
    ]


def _peer(place: Place) -> Mapping[str, str]:
    return {"UPSTREAM": place.vendors, "PORT": str(place.port), "NODE_ENV": "production"}


GATEWAYS = (
    Gateway(TRIBUTARY, "this server, in its production profile", lambda _: [sys.executable, "server.py"], _settings),
    Gateway(
        "mercurius", "Mercurius on Fastify, graphql-jit, undici", lambda _: ["node", NODE / "mercurius.mjs"], _peer
    ),
    Gateway("apollo", "Apollo Server, RESTDataSource", lambda _: ["node", NODE / "apollo.mjs"], _peer),
    Gateway("strawberry", "Strawberry, Starlette and httpx as their documentation shows them", _python("stock"), _peer),
    Gateway(
        LIMIT,
        "no GraphQL: Starlette, a function by hand for each question, the least HTTP client",
        _python("limit"),
        _peer,
    ),
)


def present() -> tuple[list[Gateway], list[str]]:
    """The gateways that can run here, and for each other one what it lacks."""
    lacking = _lacking_node()
    here = [gateway for gateway in GATEWAYS if lacking is None or not _is_node(gateway)]
    return here, [f"{gateway.name}: {lacking}" for gateway in GATEWAYS if gateway not in here]


def _is_node(gateway: Gateway) -> bool:
    return gateway.name in {"mercurius", "apollo"}


def _lacking_node() -> str | None:
    if not shutil.which("node"):
        return "Node.js is not installed (20 or newer)"
    if not (NODE / "node_modules").is_dir():
        return "its packages are not installed (`npm ci` in benchmarks/peers/node did not succeed)"
    return None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fill_directory(folder: Path, customers: int) -> None:
    """Make Tributary's directory, with its customers and their links."""

    async def fill() -> None:
        url = {"DATABASE_URL": f"sqlite:///{folder}/directory.sqlite3"}
        store = await directory.connect(directory.Config.read(Environment(url)))
        people = [Customer(customer_ref(world.customer_id(index)), f"Customer {index}") for index in range(customers)]
        await store.add(people, [link for index in range(customers) for link in world.links_of(index)])
        await store.aclose()

    asyncio.run(fill())


def _await(program: Program, port: int) -> None:
    until = time.monotonic() + PATIENCE
    while not requests.answers(port, questions.body("Q1", 0)):
        if program.has_ended or time.monotonic() > until:
            raise RuntimeError(f"does not start: {program.output[-2000:]}")
        time.sleep(0.1)
