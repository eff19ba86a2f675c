"""The store of events: each once, in an order that never changes, on every database."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest

from providers.directory import Config, SqlDirectory, connect
from providers.directory.events import IDS_KEPT, KEPT, SqlEvents
from providers.directory.tables import EVENTS
from providers.domain import Event, Message, NodeType, Occurrence, Provider, Ref, Topic
from tests.providers.directory.conftest import Open
from tests.providers.directory.test_writes import START, Clock

PAYMENT, ACCOUNT = (
    Occurrence(topic, Ref(kind, ("x",), Provider.FORMANCE))
    for topic, kind in (
        (Topic.PAYMENT_CHANGED, NodeType.PAYMENT),
        (Topic.ACCOUNT_CHANGED, NodeType.PAYMENT_ACCOUNT),
    )
)


def message(identity: str, *occurrences: Occurrence, occurred_at: datetime | None = None) -> Message:
    return Message(
        provider=Provider.FORMANCE, id=identity, occurrences=occurrences or (PAYMENT,), occurred_at=occurred_at
    )


def numbers(events: Sequence[Event]) -> list[int]:
    return [event.sequence for event in events]


async def everything(events: SqlEvents) -> list[int]:
    """What a reader sees that goes on until there is no more."""
    seen: list[int] = []
    while found := await events.after(seen[-1] if seen else 0, limit=7):
        seen += numbers(found)
    return seen


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def stored(config: Config, clock: Clock) -> AsyncIterator[SqlDirectory]:
    """A store in a time of the test's own."""
    directory = await connect(config, clock=clock)
    yield directory
    await directory.aclose()


async def test_a_fresh_store_has_none(directory: SqlDirectory) -> None:
    assert await directory.events.latest() == 0
    assert await directory.events.oldest() is None
    assert await directory.events.after(0) == []


async def test_a_message_is_read_as_it_was_stored(stored: SqlDirectory) -> None:
    then = datetime(2026, 1, 1, 3, tzinfo=timezone(timedelta(hours=-7)))
    events = await stored.events.append(message("m", PAYMENT, ACCOUNT, PAYMENT, occurred_at=then))

    assert events == await stored.events.after(0)
    assert [(event.sequence, event.topic, event.ref, event.provider) for event in events] == [
        (1, PAYMENT.topic, PAYMENT.ref, Provider.FORMANCE),
        (2, ACCOUNT.topic, ACCOUNT.ref, Provider.FORMANCE),
    ]
    assert {(event.occurred_at, event.received_at) for event in await stored.events.after(0)} == {
        (datetime(2026, 1, 1, 10, tzinfo=UTC), START)
    }


async def test_a_message_is_stored_once_whatever_the_number_of_deliveries(open_directory: Open) -> None:
    stores = [await open_directory() for _ in range(2)]
    deliveries = [message(f"m{n // 4}", PAYMENT, ACCOUNT) for n in range(24)]
    told = await asyncio.gather(*(stores[n % 2].events.append(each) for n, each in enumerate(deliveries)))

    assert sorted(map(len, told)) == [0] * 18 + [2] * 6
    assert await everything(stores[0].events) == list(range(1, 13))
    assert await stores[1].events.append(deliveries[0]) == ()
    assert await stores[1].events.latest() == 12


async def test_another_providers_message_of_the_same_id_is_another_one(directory: SqlDirectory) -> None:
    await directory.events.append(message("m"))
    other = Message(provider=Provider.PLUGGY, id="m", occurrences=(PAYMENT,))

    assert numbers(await directory.events.append(other)) == [2]


@pytest.mark.parametrize("identity", ["", "nul\0", "lone \ud800", "x" * 100_000])
async def test_any_id_is_known_again(directory: SqlDirectory, identity: str) -> None:
    assert len(await directory.events.append(message(identity))) == 1
    assert await directory.events.append(message(identity)) == ()


async def test_what_names_no_object_is_left_out(directory: SqlDirectory) -> None:
    odd = Occurrence(PAYMENT.topic, Ref(NodeType.PAYMENT, ("lone \ud800",), Provider.FORMANCE))

    assert await directory.events.append(message("a", odd)) == ()
    assert await directory.events.append(message("b", odd, ACCOUNT)) == await directory.events.after(0)
    assert await directory.events.latest() == 1


async def test_a_reader_never_finds_later_what_it_had_passed(open_directory: Open) -> None:
    """Writers of several processes at once, and readers that look as often as they can."""
    stores = [await open_directory() for _ in range(3)]
    at_work = True

    async def read(store: SqlDirectory) -> list[int]:
        seen: list[int] = []
        while at_work or await store.events.after(seen[-1] if seen else 0):
            seen += numbers(await store.events.after(seen[-1] if seen else 0, limit=3))
        return seen

    async def write(place: int) -> None:
        for n in range(10):
            await stores[place % 3].events.append(message(f"{place}/{n}", *[PAYMENT, ACCOUNT][: 1 + n % 2]))

    readers = [asyncio.create_task(read(store)) for store in stores[:2]]
    await asyncio.gather(*map(write, range(4)))
    at_work = False

    assert await asyncio.gather(*readers) == [list(range(1, 61))] * 2


async def test_only_topics_that_are_asked_for_are_given(directory: SqlDirectory) -> None:
    for n in range(5):
        await directory.events.append(message(f"m{n}", ACCOUNT, PAYMENT))

    assert numbers(await directory.events.after(3, topics=[Topic.PAYMENT_CHANGED])) == [4, 6, 8, 10]
    assert numbers(await directory.events.after(3, topics=[Topic.ACCOUNT_CHANGED], limit=2)) == [5, 7]
    assert await directory.events.after(0, topics=[Topic.TRANSFER_INITIATION_CHANGED]) == []


async def test_what_a_newer_version_wrote_is_passed_over(directory: SqlDirectory) -> None:
    """Also when it fills pages."""
    for n in range(6):
        await directory.events.append(message(f"m{n}"))
    newer = EVENTS.update().where(EVENTS.c.sequence.between(2, 5)).returning(EVENTS.c.sequence)
    assert len(await directory.events._rows(newer.values(topic="newer"), {})) == 4

    assert numbers(await directory.events.after(1, limit=2)) == [6]
    odd = EVENTS.update().where(EVENTS.c.sequence == 6).returning(EVENTS.c.sequence)
    await directory.events._rows(odd.values(ref='{"type":"Newer","keys":["x"]}'), {})
    assert numbers(await directory.events.after(0)) == [1]


async def test_old_events_are_forgotten_and_their_ids_are_not(stored: SqlDirectory, clock: Clock) -> None:
    for n in range(4):
        await stored.events.append(message(f"m{n}"))
        clock.now += timedelta(hours=1)

    assert await stored.events.prune(START + timedelta(hours=2)) == 2
    assert (await stored.events.oldest(), await everything(stored.events)) == (3, [3, 4])
    assert await stored.events.append(message("m0")) == ()
    assert await stored.events.prune(clock.now) == 2
    assert (await stored.events.oldest(), await stored.events.latest()) == (None, 4)
    assert await stored.events.prune(clock.now) == 0
    assert numbers(await stored.events.append(message("m4"))) == [5]


async def test_a_clock_that_was_set_back_leaves_no_gap(stored: SqlDirectory, clock: Clock) -> None:
    for hours in (5, 1, 6):
        clock.now = START + timedelta(hours=hours)
        await stored.events.append(message(f"m{hours}"))

    assert await stored.events.prune(START + timedelta(hours=3)) == 0
    assert await everything(stored.events) == [1, 2, 3]


async def test_what_is_too_old_goes_with_the_next_that_comes(stored: SqlDirectory, clock: Clock) -> None:
    """Its id is known for a month longer."""
    await stored.events.append(message("old"))
    clock.now += KEPT + timedelta(hours=1)
    stored.events._prune_at = 0
    await stored.events.append(message("new"))

    assert await everything(stored.events) == [2]
    clock.now = START + IDS_KEPT
    assert await stored.events.append(message("old")) == ()
    clock.now = START + KEPT + IDS_KEPT + timedelta(hours=1)
    stored.events._prune_at = 0
    await stored.events.append(message("newer"))
    assert numbers(await stored.events.append(message("old"))) == [4]


async def test_a_store_has_a_word_of_its_own(open_directory: Open) -> None:
    stores = [await open_directory() for _ in range(2)]
    origins = [await store.events.origin() for store in stores]
    elsewhere = await connect(Config.in_memory())

    assert origins[0] == origins[1] != await elsewhere.events.origin()
    await elsewhere.aclose()
