"""A token that replicas share through a real Redis."""

import asyncio
import time
from collections.abc import Callable
from uuid import uuid4

import pytest

from providers.config import Secret
from providers.domain import Provider
from providers.errors import ProviderError, Unauthorized, Unreachable
from providers.operation import Operation
from providers.shared import Config, Shared, SharedTokens, SharedUnavailable
from providers.token import Left, Token, TokenCache
from tests.replicas.conftest import Connect

SECRET = Secret("hunter2-the-secret-of-the-client")


class Vendor:
    """Gives `token 1`, `token 2` and so on to whoever asks."""

    def __init__(self, seconds: float = 100) -> None:
        self.fetches, self.seconds = 0, seconds
        self.error: type[ProviderError] | None = None
        self.gate, self.asked = asyncio.Event(), asyncio.Event()
        self.gate.set()

    async def fetch(self, _operation: Operation) -> Token:
        self.fetches += 1
        self.asked.set()
        mine = self.fetches
        await self.gate.wait()
        if self.error is not None:
            raise self.error(Provider.FINICITY, "CreateToken", status=401, vendor_code="10005")
        return Token(f"token {mine}", time.monotonic() + self.seconds)


@pytest.fixture
async def vendor() -> Vendor:
    return Vendor()


def store(shared: Shared, secret: Secret = SECRET, identity: str = "client") -> SharedTokens:
    return SharedTokens(shared, Provider.FINICITY, (identity,), secret)


@pytest.fixture
def replica(connect: Connect, vendor: Vendor) -> Callable[[], TokenCache]:
    """One more replica's cache."""
    return lambda: TokenCache(vendor.fetch, store=store(connect()), pause_after_loss=5)


Replica = Callable[[], TokenCache]


async def ask(cache: TokenCache) -> str:
    return await cache.current(Operation(timeout=30))


async def test_a_token_is_fetched_once_for_all_replicas_that_ask_at_once(replica: Replica, vendor: Vendor) -> None:
    caches = [replica() for _ in range(5)]
    assert await asyncio.gather(*(ask(cache) for cache in caches * 4)) == ["token 1"] * 20
    assert await ask(replica()) == "token 1"
    assert vendor.fetches == 1


async def test_a_refused_token_is_replaced_once_for_all_replicas(replica: Replica, vendor: Vendor) -> None:
    caches = [replica() for _ in range(5)]
    await asyncio.gather(*(ask(cache) for cache in caches))
    for cache in caches:
        cache.drop("token 1")
    assert await asyncio.gather(*(ask(cache) for cache in caches)) == ["token 2"] * 5
    assert vendor.fetches == 2


async def test_a_refused_credential_is_tried_by_one_replica_only(replica: Replica, vendor: Vendor) -> None:
    """The vendor locks whoever fails five times, and does not care from which replica."""
    vendor.error = Unauthorized
    told = await asyncio.gather(*(ask(replica()) for _ in range(8)), return_exceptions=True)
    assert {type(error) for error in told} == {Unauthorized}
    assert {error.vendor_code for error in told if isinstance(error, Unauthorized)} == {"10005"}
    assert {str(error) for error in told} == {Unauthorized.summary}
    assert vendor.fetches == 1


async def test_a_fetch_whose_answer_was_lost_holds_all_replicas_back(replica: Replica, vendor: Vendor) -> None:
    vendor.error = Unreachable
    for _ in range(3):
        with pytest.raises(Unreachable):
            await ask(replica())
    assert vendor.fetches == 1


async def test_a_failure_that_pauses_nobody_is_left_to_nobody(connect: Connect, vendor: Vendor) -> None:
    caches = [TokenCache(vendor.fetch, store=store(connect())) for _ in range(2)]
    vendor.error = Unreachable
    with pytest.raises(Unreachable):
        await ask(caches[0])
    vendor.error = None
    assert await ask(caches[1]) == "token 2"


async def test_a_replica_that_dies_while_it_fetches_holds_nobody_up_for_long(
    connect: Connect, vendor: Vendor, replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease is kept while its holder lives, however long it takes, and ends with it."""
    monkeypatch.setattr("providers.shared.tokens.LEASE", 0.6)
    dying, waiting = connect(), replica()
    vendor.gate.clear()
    holder = asyncio.create_task(ask(TokenCache(vendor.fetch, store=store(dying))))
    await vendor.asked.wait()
    asked = asyncio.create_task(ask(waiting))
    await asyncio.sleep(1.5)
    assert vendor.fetches == 1

    async def dead(*_: object) -> None:
        raise SharedUnavailable

    dying.run = dead  # type: ignore[method-assign,assignment]  # for good: it has to stay dead when the test has ended
    vendor.asked.clear()
    await vendor.asked.wait()
    vendor.gate.set()
    assert await asked == "token 2"
    await holder


async def test_a_token_that_is_due_is_known_to_nobody(replica: Replica, vendor: Vendor) -> None:
    vendor.seconds = 0.05
    assert await ask(replica()) == "token 1"
    await asyncio.sleep(0.1)
    assert await ask(replica()) == "token 2"


async def test_other_credentials_share_no_token(connect: Connect, vendor: Vendor) -> None:
    stores = [store(connect()), store(connect(), Secret("another")), store(connect(), identity="another")]
    tokens = [await ask(TokenCache(vendor.fetch, store=each)) for each in stores]
    assert tokens == ["token 1", "token 2", "token 3"]


async def test_the_store_holds_neither_a_token_nor_a_credential(connect: Connect, replica: Replica) -> None:
    await ask(replica())
    shared = connect()
    keys = [key async for key in shared.redis.scan_iter(f"{shared.prefix}:*")]
    values = [await shared.redis.get(key) for key in keys]

    assert len(keys) == 1
    for told in (*keys, *values):
        assert not [word for word in (b"token 1", b"hunter2", b"client", b"CreateToken") if word in told]


async def test_what_somebody_else_wrote_into_the_store_is_no_token(connect: Connect, vendor: Vendor) -> None:
    shared = connect()
    theirs = store(shared, Secret("guessed"))
    async with theirs.turn(None) as turn:
        await turn.leave(Left(100, "a token of theirs"))
    [written] = [key async for key in shared.redis.scan_iter(f"{shared.prefix}:*")]
    ours = store(shared)
    await shared.redis.set(ours._key, await shared.redis.get(written), ex=100)

    assert await ask(TokenCache(vendor.fetch, store=ours)) == "token 1"


async def test_without_the_store_each_replica_has_a_token_of_its_own(
    vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said once, and only the first one waits."""
    nobody = Config(Secret("redis://:hunter2@127.0.0.1:1/0"), uuid4().hex)
    replicas = [Shared(nobody) for _ in range(2)]
    caches = [TokenCache(vendor.fetch, store=store(shared)) for shared in replicas]

    assert [await ask(cache) for cache in caches] == ["token 1", "token 2"]
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 2
    assert "hunter2" not in caplog.text
    for shared in replicas:
        await shared.aclose()
