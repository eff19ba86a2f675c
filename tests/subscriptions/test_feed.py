"""The feed of one process: whatever wakes it, and however far behind they are, subscribers miss and repeat nothing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from providers.config import Environment
from providers.directory import Config, SqlDirectory, connect
from providers.domain import Event, NodeType, Provider, Ref, Topic
from providers.errors import DirectoryUnavailable
from resolvers import feed as module
from resolvers.caller import ANYBODY
from resolvers.event_cursor import EventsLost
from resolvers.feed import Feed, FeedLimits, TooManySubscriptions
from tests.subscriptions.conftest import message

PAYMENT, ACCOUNT = (Ref(kind, ("x",), Provider.FORMANCE) for kind in (NodeType.PAYMENT, NodeType.PAYMENT_ACCOUNT))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlDirectory]:
    opened = await connect(Config.read(Environment({"DATABASE_URL": f"sqlite:///{tmp_path}/d.sqlite3"})))
    yield opened
    await opened.aclose()


@pytest.fixture
async def feed(store: SqlDirectory) -> AsyncIterator[Feed]:
    made = Feed(store.events)
    yield made
    await made.aclose()


class Reader:
    """A subscriber that notes what it is given."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.error: Exception | None = None
        self.pause = asyncio.Event()
        self.pause.set()
        self._changed = asyncio.Event()

    async def read(self, feed: Feed, sequence: int, topic: Topic) -> None:
        with feed.admitted(ANYBODY):
            try:
                async with aclosing(feed.after(sequence, topic)) as batches:
                    async for batch in batches:
                        self.take(batch)
                        await self.pause.wait()
            except EventsLost as error:
                self.error = error
                self._changed.set()

    def take(self, batch: Sequence[Event]) -> None:
        self.seen += [event.sequence for event in batch]
        self._changed.set()

    async def until(self, count: int) -> list[int]:
        async with asyncio.timeout(30):
            while len(self.seen) < count and self.error is None:
                self._changed.clear()
                await self._changed.wait()
        return self.seen


@asynccontextmanager
async def reading(feed: Feed, sequence: int = 0, topic: Topic = Topic.PAYMENT_CHANGED) -> AsyncIterator[Reader]:
    """A subscriber as long as the block lasts."""
    reader = Reader()
    task = asyncio.create_task(reader.read(feed, sequence, topic))
    await asyncio.sleep(0)
    yield reader
    task.cancel()
    await asyncio.wait([task])


async def caught_up(feed: Feed) -> None:
    async with asyncio.timeout(30):
        while feed.waiting < feed.subscriptions:  # noqa: ASYNC110 - it comes and goes
            await asyncio.sleep(0.001)


async def test_everybody_sees_all_from_where_they_begin(feed: Feed, store: SqlDirectory) -> None:
    for _ in range(3):
        await store.events.append(message(PAYMENT, ACCOUNT))
    async with (
        reading(feed) as early,
        reading(feed, 3) as late,
        reading(feed, 6) as new,
        reading(feed, topic=Topic.ACCOUNT_CHANGED) as other,
    ):
        await caught_up(feed)
        await store.events.append(message(PAYMENT, ACCOUNT))
        seen = [await early.until(4), await late.until(2), await new.until(1), await other.until(4)]

    assert seen == [[1, 3, 5, 7], [5, 7], [7], [2, 4, 6, 8]]


async def test_who_is_far_behind_reads_from_the_store(
    feed: Feed, store: SqlDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory holds three events; those before are read in pages of two."""
    monkeypatch.setattr(module, "IN_MEMORY", 3)
    monkeypatch.setattr(module, "AT_ONCE", 2)
    async with reading(feed) as slow, reading(feed) as quick:
        await caught_up(feed)
        slow.pause.clear()
        for _ in range(12):
            await store.events.append(message(PAYMENT))
        await quick.until(12)
        slow.pause.set()
        await slow.until(12)
        await caught_up(feed)
        await store.events.append(message(PAYMENT))
        seen = [await slow.until(13), await quick.until(13)]

    assert seen == [list(range(1, 14))] * 2


async def test_who_is_so_far_behind_that_events_are_gone_is_told(
    feed: Feed, store: SqlDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IN_MEMORY", 2)
    async with reading(feed) as slow, reading(feed) as quick:
        await caught_up(feed)
        slow.pause.clear()
        for _ in range(8):
            await store.events.append(message(PAYMENT))
        await quick.until(8)
        await store.events.prune(datetime.now(UTC) + timedelta(hours=1))
        slow.pause.set()
        await slow.until(8)

    assert isinstance(slow.error, EventsLost)
    assert quick.error is None
    assert slow.seen == list(range(1, len(slow.seen) + 1))


async def test_another_processs_events_are_found_by_looking(
    feed: Feed, store: SqlDirectory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    other = await connect(Config.read(Environment({"DATABASE_URL": f"sqlite:///{tmp_path}/d.sqlite3"})))
    async with reading(feed) as reader:
        await caught_up(feed)
        for _ in range(3):
            await other.events.append(message(PAYMENT))
        assert await reader.until(3) == [1, 2, 3]
    await other.aclose()


class Bell:
    """Is heard by those whom the test tells."""

    is_heard = True

    def __init__(self) -> None:
        self.rings = 0
        self.heard: Any = None

    async def ring(self) -> None:
        self.rings += 1

    async def listen(self, heard: Any) -> None:
        self.heard = heard
        await asyncio.Event().wait()


async def test_the_bell_is_rung_for_others_and_heard(store: SqlDirectory, tmp_path: Path) -> None:
    bell = Bell()
    feed = Feed(store.events, bell)  # type: ignore[arg-type]
    other = await connect(Config.read(Environment({"DATABASE_URL": f"sqlite:///{tmp_path}/d.sqlite3"})))
    async with reading(feed) as reader:
        await caught_up(feed)
        await other.events.append(message(PAYMENT))
        bell.heard()
        assert await reader.until(1) == [1]
        await store.events.append(message(PAYMENT))
        await reader.until(2)
    await feed.aclose()
    await other.aclose()

    assert bell.rings == 1


async def test_a_store_that_is_away_is_waited_for(
    feed: Feed, store: SqlDirectory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    after = store.events.after
    tries = 0

    async def fail(*_: Any, **__: Any) -> Sequence[Event]:
        nonlocal tries
        tries += 1
        raise DirectoryUnavailable

    async with reading(feed) as reader:
        await caught_up(feed)
        monkeypatch.setattr(store.events, "after", fail)
        await store.events.append(message(PAYMENT))
        async with asyncio.timeout(30):
            while tries < 3:  # noqa: ASYNC110 - the feed tries by itself
                await asyncio.sleep(0.001)
        monkeypatch.setattr(store.events, "after", after)
        assert await reader.until(1) == [1]

    assert [record.message for record in caplog.records] == ["events cannot be read: subscribers wait"]


async def test_nothing_runs_without_subscribers(feed: Feed, store: SqlDirectory) -> None:
    before = asyncio.all_tasks()
    async with reading(feed), reading(feed):
        await caught_up(feed)
        assert len(asyncio.all_tasks()) == len(before) + 3
    await asyncio.sleep(0.05)
    assert asyncio.all_tasks() == before
    await store.events.append(message(PAYMENT))
    async with reading(feed) as again:
        assert await again.until(1) == [1]


async def test_places_are_limited_and_given_back(store: SqlDirectory) -> None:
    feed = Feed(store.events, limits=FeedLimits(subscriptions=1))
    for _ in range(2):
        with feed.admitted(ANYBODY), pytest.raises(TooManySubscriptions), feed.admitted(ANYBODY):
            pass
    assert feed.subscriptions == 0
    await feed.aclose()
