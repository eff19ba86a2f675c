"""What providers have told of, in SQL: implements `protocols.Events` over SQLite and PostgreSQL alike.

Numbers are taken from one row, which stays locked until the events are committed. So they show in their order and
without gaps: who has read up to one will never find an earlier one afterwards.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Executable, RowMapping, bindparam, delete, func, insert, select, update

from providers.directory import translate
from providers.directory.engine import transaction, translated
from providers.directory.keys import is_storable
from providers.directory.missing import insert_missing
from providers.directory.spawned import AsyncConnection, AsyncEngine
from providers.directory.tables import EVENT_COUNTER, EVENTS, MESSAGES
from providers.directory.writes import utc_now
from providers.domain import Event, Message, Occurrence, Topic
from providers.errors import DirectoryUnavailable
from providers.patience import patience

KEPT = timedelta(hours=72)
IDS_KEPT = timedelta(days=30)
"""Ids of messages outlive their events at least by as long: providers deliver again for days."""
PRUNE_SECONDS = 60.0
"""Between two looks of a process for what is too old."""
PRUNED_AT_ONCE = 5000

Rows = Callable[[Executable, Mapping[str, Any]], Awaitable[Sequence[RowMapping]]]

COUNTER = select(EVENT_COUNTER.c.newest, EVENT_COUNTER.c.origin)
OLDEST = select(func.min(EVENTS.c.sequence).label("oldest"))
FOLLOWING = (
    select(EVENTS)
    .where(EVENTS.c.sequence > bindparam("sequence"))
    .order_by(EVENTS.c.sequence)
    .limit(bindparam("limit"))
)
FOLLOWING_OF = FOLLOWING.where(EVENTS.c.topic.in_(bindparam("topics", expanding=True)))
FIRST_SINCE = select(func.min(EVENTS.c.sequence).label("first")).where(EVENTS.c.received_at >= bindparam("before"))


class SqlEvents:
    """The events. Every method raises `DirectoryUnavailable`."""

    def __init__(
        self,
        engine: AsyncEngine,
        rows: Rows,
        *,
        timeout: float,
        clock: Callable[[], datetime] = utc_now,
        kept: timedelta = KEPT,
    ) -> None:
        self._engine, self._rows, self._timeout, self._clock, self._kept = engine, rows, timeout, clock, kept
        self._origin: str | None = None
        self._prune_at = 0.0
        self._watchers: list[Callable[[], None]] = []

    def watch(self, heard: Callable[[], None]) -> None:
        """Call this whenever events were stored by this process, and by it alone."""
        self._watchers.append(heard)

    async def append(self, message: Message) -> Sequence[Event]:
        """Store what a message tells, and give it; nothing when the provider's message of this id is stored already."""
        occurrences = [one for one in dict.fromkeys(message.occurrences) if all(map(is_storable, one.ref.keys))]
        if not occurrences:
            return ()
        with translated():
            async with patience(2 * self._timeout), transaction(self._engine) as connection:
                events = await self._added(connection, message, occurrences)
        for heard in self._watchers if events else ():
            heard()
        await self._tidy()
        return events

    async def after(self, sequence: int, *, topics: Sequence[Topic] = (), limit: int = 100) -> Sequence[Event]:
        """Events that follow a sequence number, oldest first; of all topics when none is given."""
        statement = FOLLOWING_OF if topics else FOLLOWING
        parameters: dict[str, Any] = {"topics": [topic.value for topic in topics]} if topics else {}
        while True:
            rows = await self._rows(statement, {**parameters, "sequence": sequence, "limit": limit})
            found = [event for event in map(translate.event, rows) if event is not None]
            if found or not rows:
                return found
            sequence = rows[-1]["sequence"]  # nothing of this page is known to this version

    async def latest(self) -> int:
        """The sequence number of the newest event that there ever was; 0 before there is one."""
        return int((await self._counter())["newest"])

    async def origin(self) -> str:
        """A word that no other store has: sequence numbers mean nothing elsewhere."""
        if self._origin is None:
            self._origin = str((await self._counter())["origin"])
        return self._origin

    async def oldest(self) -> int | None:
        """The sequence number of the oldest event that is still kept; None when none is."""
        rows = await self._rows(OLDEST, {})
        return rows[0]["oldest"] if rows else None

    async def prune(self, before: datetime) -> int:
        """Forget events that were received before a time, and say how many. Their ids are still known.

        Only those that nothing younger precedes: a clock that was set back makes no gaps.
        """
        oldest = await self.oldest()
        if oldest is None:
            return 0
        newest = await self.latest()
        first = (await self._rows(FIRST_SINCE, {"before": before.astimezone(UTC)}))[0]["first"]
        end, pruned = newest + 1 if first is None else first, 0
        for start in range(oldest, end, PRUNED_AT_ONCE):
            gone = delete(EVENTS).where(EVENTS.c.sequence < min(start + PRUNED_AT_ONCE, end))
            pruned += len(await self._rows(gone.returning(EVENTS.c.sequence), {}))
        return pruned

    async def _added(
        self, connection: AsyncConnection, message: Message, occurrences: Sequence[Occurrence]
    ) -> Sequence[Event]:
        now = self._clock()
        digest = sha256(message.id.encode("utf-8", "surrogatepass")).hexdigest()
        row = {"provider": message.provider.value, "digest": digest, "received_at": now}
        first_time = insert_missing(MESSAGES, self._engine.dialect.name).values(row).returning(MESSAGES.c.digest)
        if not (await connection.execute(first_time)).all():
            return ()
        count = update(EVENT_COUNTER).values(newest=EVENT_COUNTER.c.newest + len(occurrences))
        newest = (await connection.execute(count.returning(EVENT_COUNTER.c.newest))).scalar_one()
        first = newest - len(occurrences) + 1
        occurred_at = _in_utc(message.occurred_at)
        events = [
            Event(
                sequence=first + place,
                provider=message.provider,
                topic=one.topic,
                ref=one.ref,
                occurred_at=occurred_at,
                received_at=now,
            )
            for place, one in enumerate(occurrences)
        ]
        await connection.execute(insert(EVENTS), [translate.event_row(event) for event in events])
        return events

    async def _counter(self) -> RowMapping:
        rows = await self._rows(COUNTER, {})
        if not rows:
            raise DirectoryUnavailable
        return rows[0]

    async def _tidy(self) -> None:
        """Forget what is too old, now and then. What fails is done the next time."""
        if time.monotonic() < self._prune_at:
            return
        self._prune_at = time.monotonic() + PRUNE_SECONDS
        now = self._clock()
        ids_before = now - self._kept - IDS_KEPT
        old_ids = delete(MESSAGES).where(MESSAGES.c.received_at < ids_before).returning(MESSAGES.c.provider)
        with suppress(DirectoryUnavailable):
            await self.prune(now - self._kept)
            await self._rows(old_ids, {})


def _in_utc(value: datetime | None) -> datetime | None:
    """None when it is none, or too near the ends of the calendar."""
    try:
        return None if value is None else value.astimezone(UTC)
    except OverflowError:
        return None
