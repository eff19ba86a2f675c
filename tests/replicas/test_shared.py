"""Replicas that share a real Redis, and lose it."""

import asyncio
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from providers.config import ConfigurationError, Environment, Secret
from providers.shared import Config, Shared, SharedUnavailable
from resolvers.caller import Caller
from serving.rates import RateLimited, RateLimits, RateSettings
from tests import services
from tests.chaos.run import database
from tests.faults.live import at
from tests.process import serving
from tests.replicas.conftest import Connect, required

CALLER = Caller(id="one", scopes=frozenset(), customers=None)
SETTINGS = RateSettings.read(Environment({"RATE_LIMIT": "5/hour"}), is_open=False)
QUERY = {"query": "{ customers(first: 1) { nodes { accounts { totalCount } } } }"}


async def taken(rates: RateLimits, times: int) -> int:
    """How many of so many at once were let through."""
    outcomes = await asyncio.gather(*(rates.take(CALLER, "") for _ in range(times)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} <= {type(None), RateLimited}
    return sum(outcome is None for outcome in outcomes)


async def test_replicas_count_together(connect: Connect) -> None:
    replicas = [RateLimits(SETTINGS, connect()) for _ in range(3)]
    counts = await asyncio.gather(*(taken(rates, 4) for rates in replicas))
    assert sum(counts) == 5


async def test_the_store_holds_no_name_and_no_address(connect: Connect) -> None:
    shared = connect()
    rates = RateLimits(SETTINGS, shared)
    await rates.take(Caller(id="https://issuer.example/|ada", scopes=frozenset(), customers=None), "")
    await rates.take(Caller(id="", scopes=frozenset(), customers=None), "192.0.2.7")
    keys = [key async for key in shared.redis.scan_iter(f"{shared.prefix}:*")]

    assert len(keys) == 2
    assert not [key for key in keys if b"ada" in key or b"192.0.2" in key]


async def test_a_replica_that_loses_redis_counts_by_itself_and_finds_it_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    now = 0.0
    with required(services.own_redis()) as url:
        shared = Shared(Config(Secret(url), "test", timeout=5), clock=lambda: now)
        rates = RateLimits(SETTINGS, shared)
        assert await taken(rates, 3) == 3
    assert await taken(rates, 8) == 5
    assert not await shared.ping()
    with services.own_redis(int(url.split(":")[2].split("/")[0])):
        assert await taken(rates, 1) == 0  # not asked again yet
        now = 60.0
        assert await taken(rates, 1) == 1  # one alone tries
        assert await taken(rates, 8) == 4
        assert await shared.ping()
        await shared.aclose()
    told = [record.levelname for record in caplog.records if record.name.startswith("providers.shared")]
    assert told == ["WARNING", "INFO"]


async def test_a_redis_that_says_nothing_costs_one_short_wait() -> None:
    """A hundred at once wait together, and the next ones not at all."""
    connections = 0

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await stop.wait()
        writer.close()

    stop = asyncio.Event()
    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    shared = Shared(Config(Secret(f"redis://127.0.0.1:{port}/0"), "test"))
    outcomes = await asyncio.gather(
        *(shared.run(lambda redis: redis.get("a")) for _ in range(100)), return_exceptions=True
    )
    before = connections
    for _ in range(100):
        with pytest.raises(SharedUnavailable):
            await shared.run(lambda redis: redis.get("a"))

    assert {type(outcome) for outcome in outcomes} == {SharedUnavailable}
    assert before == connections > 0
    stop.set()
    await shared.aclose()
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize("given", ["hunter2", "http://hunter2", "redis://", "redis://hunter2:port"])
def test_a_url_that_is_none_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Config.read(Environment({"REDIS_URL": given}))
    assert "hunter2" not in str(caught.value)


def test_a_prefix_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="REDIS_PREFIX"):
        Config.read(Environment({"REDIS_URL": "valkey://127.0.0.1", "REDIS_PREFIX": "a b*"}))


def test_two_processes_fetch_each_token_once_and_go_on_without_redis(tmp_path: Path) -> None:
    """Each vendor gives one token for both; when Redis dies, both answer, are ready, and say what they lack."""
    folders = [tmp_path / name for name in ("vendors", "first", "second")]
    for folder in folders:
        folder.mkdir()
    with required(database()) as url, serving(folders[0], DATABASE_URL=url) as vendors, ExitStack() as stack:
        own = {**at(vendors.url), "DATABASE_URL": url, "OPERATION_TIMEOUT": "30", "UPSTREAM_TIMEOUT": "20"}
        with required(services.own_redis()) as redis:
            own |= {"REDIS_URL": redis, "REDIS_PREFIX": uuid4().hex}
            pair = [stack.enter_context(serving(folder, **own)) for folder in folders[1:]]
            answers = [httpx.post(f"{each.url}/graphql", json=QUERY, timeout=60).json() for each in pair * 2]
            calls = httpx.get(f"{vendors.url}/sandbox/_calls").json()
            together = [httpx.get(f"{each.url}/readyz", timeout=60) for each in pair]
        answers += [httpx.post(f"{each.url}/graphql", json=QUERY, timeout=60).json() for each in pair]
        alone = [httpx.get(f"{each.url}/readyz", timeout=60) for each in pair]
    tokens = [call["path"] for call in calls if call["path"].rsplit("/", 1)[-1] in {"authentication", "auth", "token"}]
    assert not [answer for answer in answers if "errors" in answer]
    assert sorted(tokens) == sorted(set(tokens))
    assert len(tokens) == 3
    assert [(each.status_code, each.json()["shared"]) for each in together] == [(200, "up")] * 2
    assert [(each.status_code, each.json()["shared"]) for each in alone] == [(200, "down")] * 2
