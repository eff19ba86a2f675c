"""Answers that replicas leave for each other in a real Redis."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis

from providers.config import Secret
from providers.domain import Provider
from providers.kept import Left
from providers.shared import Config, Shared, SharedUnavailable, answer_store
from providers.shared.answers import LARGEST, SharedAnswers
from tests import services
from tests.conftest import running
from tests.faults.live import at, live
from tests.replicas.conftest import Connect, required
from tests.resolvers.asking import node_ids
from tests.resolvers.orders.row import order, outcome, world
from tests.resolvers.orders.rows_pools import CREATE

SECRET = Secret("hunter2-the-secret-of-the-client")
DECODER = msgspec.json.Decoder(dict[str, str])
KEY = (("GET", "https://vendor.example/accounts/4111111111111111", True), DECODER)
ANSWER = b'{"account": "4111111111111111"}'
KEPT = {"CACHE_CONNECTORS_SECONDS": "60", "CACHE_POOLS_SECONDS": "60"}
SLOW = "{ connectors { nodes { id name fetchedAt } } pools { nodes { id name fetchedAt } } }"


def store(shared: Shared, *, secret: Secret = SECRET, identity: str = "client") -> SharedAnswers:
    made = answer_store(shared, Provider.FORMANCE, "https://vendor.example", identity, secret=secret)
    assert isinstance(made, SharedAnswers)
    return made


def left(era: str = "an era", body: bytes = ANSWER) -> Left:
    return Left(era, time.time(), body)


async def test_what_one_replica_leaves_another_finds(connect: Connect) -> None:
    mine, given = store(connect()), left()
    await mine.leave(KEY, given, seconds=60)

    assert (await store(connect()).look(KEY))[1] == given


@pytest.mark.parametrize(
    "other",
    [
        (("POST", KEY[0][1], True), DECODER),
        (("GET", f"{KEY[0][1]}?a", True), DECODER),
        (("GET", KEY[0][1], False), DECODER),
        (KEY[0], msgspec.json.Decoder(dict[str, int])),
    ],
    ids=["method", "url", "authentication", "decoder"],
)
async def test_another_question_finds_nothing(connect: Connect, other: Any) -> None:
    shared = store(connect())
    await shared.leave(KEY, left(), seconds=60)

    assert (await shared.look(other))[1] is None


@pytest.mark.parametrize("other", [{"secret": Secret("another")}, {"identity": "another"}], ids=["secret", "client"])
async def test_another_credential_finds_nothing_and_has_an_era_of_its_own(
    connect: Connect, other: dict[str, Any]
) -> None:
    mine, theirs = store(connect()), store(connect(), **other)
    await mine.leave(KEY, left(), seconds=60)
    before = (await theirs.look(None))[0]
    await mine.end_era(1.0)

    assert (await theirs.look(KEY))[1] is None
    assert (await theirs.look(None))[0] == before != (await mine.look(None))[0]


async def test_an_answer_is_gone_when_its_seconds_are_over(connect: Connect) -> None:
    shared = connect()
    await store(shared).leave(KEY, left(), seconds=60)
    [key] = [key async for key in shared.redis.scan_iter(f"{shared.prefix}:*")]

    assert 59_000 < await shared.redis.pttl(key) <= 60_000


async def test_the_store_holds_nothing_that_can_be_read(connect: Connect) -> None:
    """Neither in names nor in values; and what somebody else puts there is not taken."""
    shared = connect()
    mine = store(shared)
    await mine.leave(KEY, left(), seconds=60)
    (await mine.look(None))[0]
    keys = [key async for key in shared.redis.scan_iter(f"{shared.prefix}:*")]
    text = b" ".join([*keys, *[await shared.redis.get(key) for key in keys]])
    for key in keys:
        await shared.redis.set(key, msgspec.msgpack.encode(left()))

    assert len(keys) == 2
    assert not [word for word in (b"4111", b"vendor.example", b"accounts", b"hunter2") if word in text]
    assert (await mine.look(KEY))[1] is None
    assert (await mine.look(None))[0] is None


async def test_a_large_answer_is_not_left(connect: Connect) -> None:
    shared = store(connect())
    await shared.leave(KEY, left(body=b"1" * (LARGEST + 1)), seconds=60)

    assert (await shared.look(KEY))[1] is None


async def test_who_asks_at_once_asks_together(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each finds its own; who comes later asks anew."""
    shared = connect()
    mine, run, questions = store(shared), shared.run, 0
    keys = [(("GET", f"https://vendor.example/{number}", True), DECODER) for number in range(250)]
    for key in keys[:200]:
        await mine.leave(key, left(body=key[0][1].encode()), seconds=60)

    async def counting(work: Callable[[Redis], Awaitable[Any]]) -> Any:
        nonlocal questions
        questions += 1
        return await run(work)

    monkeypatch.setattr(shared, "run", counting)
    found = await asyncio.gather(*(mine.look(key) for key in keys), mine.look(None))
    together = questions
    await mine.look(None)

    assert [answer.body.decode() for _, answer in found if answer] == [key[0][1] for key in keys[:200]]
    assert len({era for era, _ in found}) == 1
    assert (together, questions) == (3, 4)


async def test_an_era_is_the_same_for_all_until_something_is_written(connect: Connect) -> None:
    one, other = store(connect()), store(connect())
    first = [(await one.look(None))[0], (await other.look(None))[0]]
    await other.end_era(5.0)
    second = [(await one.look(None))[0], (await other.look(None))[0]]

    assert first[0] == first[1]
    assert first[0] is not None
    assert second[0] == second[1] != first[0]
    assert second[0] is not None
    assert second[0].began == 5.0


async def test_an_era_that_was_lost_does_not_come_again(connect: Connect) -> None:
    shared = connect()
    mine = store(shared)
    before = (await mine.look(None))[0]
    await shared.redis.delete(*[key async for key in shared.redis.scan_iter(f"{shared.prefix}:*")])

    assert (await mine.look(None))[0] not in (before, None)


async def test_a_write_that_could_not_be_told_is_told_when_redis_is_back() -> None:
    """Until then nothing is given again."""
    now = 0.0
    with required(services.own_redis()) as url:
        shared = Shared(Config(Secret(url), "test", timeout=5), clock=lambda: now)
        mine = store(shared)
        assert (await mine.look(None))[0] is not None
    await mine.end_era(7.0)
    assert (await mine.look(None))[0] is None
    with services.own_redis(int(url.split(":")[2].split("/")[0])):
        now = 60.0
        told = (await mine.look(None))[0]
        other = Shared(Config(Secret(url), "test", timeout=5))
        seen = (await store(other).look(None))[0]
        await other.aclose()
        await shared.aclose()

    assert told == seen
    assert told is not None
    assert told.began == 7.0


async def test_a_write_that_may_not_have_been_told_is_told_before_anything_is_given(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its telling failed, or was cut short."""
    shared = connect()
    mine, run, failures = store(shared), shared.run, 2
    before = (await store(connect()).look(None))[0]

    async def unwell(work: Callable[[Redis], Awaitable[Any]]) -> Any:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            raise SharedUnavailable
        return await run(work)

    monkeypatch.setattr(shared, "run", unwell)
    await mine.end_era(3.0)
    still_owing = (await mine.look(None))[0]
    told = (await mine.look(None))[0]
    telling = asyncio.ensure_future(mine.end_era(4.0))
    await asyncio.sleep(0)
    telling.cancel()

    assert still_owing is None
    assert told not in (before, None)
    assert ((await mine.look(None))[0]).began == 4.0  # type: ignore[union-attr]


async def test_replicas_ask_the_vendor_once_and_see_each_others_writes(redis: dict[str, str], tmp_path: Path) -> None:
    """What one has read answers another, with the time of reading; what one writes, the other shows at once."""
    settings = {**redis, **KEPT}
    async with live(tmp_path, **settings) as one:
        database = tmp_path / "directory.sqlite3"
        async with running(database, **{**at(one.url), **settings}) as other:
            here = await world(one)
            first = await one.ask(SLOW)
            await one.forget_calls()
            second = await other.ask(SLOW)
            received = [call["path"] for call in await one.calls()]
            made = outcome(await order(one, CREATE, CREATE.input(here)))["pool"]["id"]
            seen = [await node_ids(graph, "pools") for graph in (other, one)]

    assert first.errors == second.errors == []
    assert second.data == first.data
    assert second.by_operation() == {}
    assert not [path for path in received if path.endswith(("/pools", "/connectors"))]
    assert made in seen[0]
    assert sorted(seen[0]) == sorted(seen[1])
