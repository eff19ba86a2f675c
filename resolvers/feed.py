"""What is new in the store of events, for all subscribers of this process.

One reader follows the store while there are subscribers. It is woken when this process stores something, by the bell
when another one does, and looks by itself now and then. Each subscriber goes by sequence numbers: in the newest events,
which are kept in memory, or in the store where it is further behind. So whatever wakes it, it misses and repeats none.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager, suppress

import msgspec

from providers.config import Environment
from providers.domain import Event, Topic
from providers.errors import DirectoryUnavailable
from providers.protocols import Events
from providers.shared import Bell
from resolvers.caller import Caller
from resolvers.event_cursor import hold
from resolvers.screening import Refused

log = logging.getLogger("tributary.feed")

IN_MEMORY = 2_000
"""Of the newest events."""
AT_ONCE = 100
"""Events that are read, or given to a subscriber, at once."""
LOOK_SECONDS, LOOK_BESIDE_BELL_SECONDS = 1.0, 5.0
"""Between two looks into the store, for what nobody has told."""


class FeedLimits(msgspec.Struct, frozen=True):
    """How many may listen at once."""

    subscriptions: int = 500
    per_caller: int = 100

    @classmethod
    def read(cls, environment: Environment) -> "FeedLimits":
        """From the environment. Raises `ConfigurationError`."""
        usual = cls()
        return cls(
            subscriptions=environment.number("MAX_SUBSCRIPTIONS", usual.subscriptions, least=0, most=100_000),
            per_caller=environment.number("MAX_SUBSCRIPTIONS_PER_CALLER", usual.per_caller, least=0, most=100_000),
        )


class TooManySubscriptions(Refused):
    """Of one caller, or of all."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__("TOO_MANY_SUBSCRIPTIONS", message, status=status, retryable=True, retryAfter=5)
        self.headers = {"retry-after": "5"}


class Feed:
    """One for each process. `bell` is heard by those who share the store, if there is one."""

    def __init__(self, events: Events, bell: Bell | None = None, *, limits: FeedLimits | None = None) -> None:
        self.events, self._bell, self._limits = events, bell, limits or FeedLimits()
        self._woken, self._news = asyncio.Event(), asyncio.Event()
        self._newest: deque[Event] = deque()
        self._floor = self._top = -1
        """All events between them are in memory, but those of topics that this version does not know."""
        self._tasks: list[asyncio.Task[None]] = []
        self._ringing: set[asyncio.Task[None]] = set()
        self._by_caller: Counter[str] = Counter()
        self.subscriptions = 0
        """How many listen."""
        self.waiting = 0
        """How many of them have seen all that there is."""
        self._is_blind = False
        events.watch(self._stored_here)

    @contextmanager
    def admitted(self, caller: Caller) -> Iterator[None]:
        """A place for one subscription while the block lasts. Raises `TooManySubscriptions`."""
        if self.subscriptions >= self._limits.subscriptions:
            raise TooManySubscriptions("There are too many subscriptions. Try again soon.", status=503)
        if caller.id and self._by_caller[caller.id] >= self._limits.per_caller:
            message = f"A caller may have {self._limits.per_caller} subscriptions at once."
            raise TooManySubscriptions(message, status=429)
        self.subscriptions += 1
        self._by_caller[caller.id] += 1
        self._start()
        try:
            yield
        finally:
            self.subscriptions -= 1
            self._by_caller[caller.id] -= 1
            if not self._by_caller[caller.id]:
                del self._by_caller[caller.id]
            if not self.subscriptions:
                self._stop()

    async def after(self, sequence: int, topic: Topic) -> AsyncGenerator[Sequence[Event], None]:
        """Events of a topic that follow, as they come: for ever, and some at once when they have waited.

        Nothing is given while there is nothing new. Raises `EventsLost` when the subscriber is too far behind, and
        `DirectoryUnavailable`.
        """
        while True:
            news = self._news
            if sequence < self._floor or self._top < 0:
                found, sequence = await self._stored(sequence, topic)
            else:
                found, sequence = self._remembered(sequence, topic), max(sequence, self._top)
            if found:
                yield found
            elif sequence >= self._floor:
                self.waiting += 1
                try:
                    await news.wait()
                finally:
                    self.waiting -= 1

    async def aclose(self) -> None:
        """Read no more, and tell nobody any more."""
        tasks = [*self._tasks, *self._ringing]
        self._stop()
        for task in self._ringing:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _remembered(self, sequence: int, topic: Topic) -> list[Event]:
        found: list[Event] = []
        for event in reversed(self._newest):
            if event.sequence <= sequence:
                break
            if event.topic is topic:
                found.append(event)
        return found[::-1]

    async def _stored(self, sequence: int, topic: Topic) -> tuple[Sequence[Event], int]:
        """What the store has, and up to where that goes."""
        top = await self.events.latest()
        found = await self.events.after(sequence, topics=[topic], limit=AT_ONCE)
        await hold(sequence, self.events)
        return found, found[-1].sequence if found else max(sequence, top)

    def _start(self) -> None:
        if self._tasks:
            return
        self._newest.clear()
        self._floor = self._top = -1
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._follow())]
        if self._bell is not None:
            self._tasks.append(loop.create_task(self._bell.listen(self._woken.set)))

    def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    def _stored_here(self) -> None:
        self._woken.set()
        if self._bell is not None:
            task = asyncio.get_running_loop().create_task(self._bell.ring())
            self._ringing.add(task)
            task.add_done_callback(self._ringing.discard)

    async def _follow(self) -> None:
        while True:
            self._woken.clear()
            await self._look()
            is_told = self._bell is not None and self._bell.is_heard
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_BESIDE_BELL_SECONDS if is_told else LOOK_SECONDS):
                    await self._woken.wait()

    async def _look(self) -> None:
        try:
            if self._top < 0:
                self._floor = self._top = await self.events.latest()
                self._tell()
            while found := await self.events.after(self._top, limit=AT_ONCE):
                self._remember(found)
                self._tell()
            self._is_blind = False
        except DirectoryUnavailable:
            if not self._is_blind:
                log.warning("events cannot be read: subscribers wait")
            self._is_blind = True
        except Exception:
            log.exception("events cannot be read, in an unforeseen way")

    def _remember(self, found: Sequence[Event]) -> None:
        self._newest.extend(found)
        self._top = found[-1].sequence
        while len(self._newest) > IN_MEMORY:
            self._floor = self._newest.popleft().sequence

    def _tell(self) -> None:
        """Wake whoever waits."""
        self._news.set()
        self._news = asyncio.Event()
