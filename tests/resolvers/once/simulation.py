"""A world in which everything can go wrong at any moment, played in virtual time and repeatable by its seed.

Real: `once`, `Attempt`, `Background`, the store's SQL and a SQLite database. Played: the network to the directory and
to the provider, the provider, the replicas' clocks and deaths, and the clients, who try again until they know.
"""

import asyncio
import random
import selectors
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Executable, RowMapping, StaticPool, create_engine

from providers.directory.tables import METADATA
from providers.directory.writes import SqlWrites
from providers.domain import NodeType, Provider, Ref, WriteOutcome
from providers.errors import (
    Broken,
    DirectoryUnavailable,
    Garbled,
    ProviderError,
    RateLimited,
    Rejected,
    TimedOut,
    UnknownOutcome,
    Unreachable,
)
from providers.operation import Operation
from resolvers.attempt import Write
from resolvers.background import Background
from resolvers.caller import Caller, Scope
from resolvers.once import once
from resolvers.pace import Pace
from resolvers.problems import InProgress

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
SETTLE = 20.0
PACE = Pace(lease=timedelta(seconds=10), first=0.5, longest=4.0)
PATIENCE = 12.0
"""Seconds that a client waits for one answer."""

AFTER_EFFECT: tuple[type[ProviderError], ...] = (Broken, TimedOut, Garbled, UnknownOutcome)
NOT_SENT: tuple[type[ProviderError], ...] = (Unreachable, RateLimited)


class Leaping(selectors.SelectSelector):
    """Instead of waiting, it moves the clock."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise AssertionError("everybody waits for ever")
        self.now += max(0.0, timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes as soon as nobody has anything to do."""

    def __init__(self) -> None:
        self._leaping = Leaping()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.now


def database() -> Connection:
    """The directory's tables, empty. Statements are executed at once and whole, as a database does."""
    engine = create_engine("sqlite://", poolclass=StaticPool, isolation_level="AUTOCOMMIT")
    METADATA.create_all(engine)
    return engine.connect()


class World:
    """One key, and what happens around it."""

    def __init__(self, seed: int, connection: Connection) -> None:
        self.seed, self.random, self.connection = seed, random.Random(seed), connection
        self.trouble = self.random.choice([0.0, 0.05, 0.2])
        """How often an exchange with the directory is lost."""
        self.slowness = self.random.choice([0.0, 0.02, 0.1])
        self.is_unique = self.random.random() < 0.2
        """The provider refuses a second object of the same name."""
        self.refuses = self.random.random() < 0.1
        self.effects: list[tuple[str, float, str]] = []
        """Id, when it shows, and the request that has caused it."""
        self.replicas = [Replica(self), Replica(self)]
        self.answers: list[tuple[str, WriteOutcome]] = []
        self.seen: Counter[str] = Counter()
        self.graves: list[asyncio.Future[None]] = []
        self.is_over = False

    async def hop(self, replica: "Replica") -> None:
        """Time on a network. Nothing that is dead comes out of it."""
        longest = 14.0 if self.random.random() < self.slowness else 0.3
        await asyncio.sleep(self.random.random() * longest)
        if replica.is_dead and not self.is_over:
            self.graves.append(asyncio.get_running_loop().create_future())
            await self.graves[-1]

    async def play(self) -> None:
        """Let some clients try until they know, while replicas die."""
        plans = ["same"] * self.random.randint(1, 3) + ["other"] * (self.random.random() < 0.25)
        self.is_misused = "other" in plans
        clients = [asyncio.create_task(self.client(plan)) for plan in plans]
        reaper = asyncio.create_task(self.reap())
        try:
            async with asyncio.timeout(3000):
                await asyncio.gather(reaper, *clients)
        finally:
            self.is_over = True
            while left := [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]:
                for task in left:
                    task.cancel()
                await asyncio.wait(left)

    async def reap(self) -> None:
        """Kill a replica now and then, and start another in its place."""
        for _ in range(self.random.choice([0, 0, 1, 2, 3])):
            await asyncio.sleep(self.random.random() * 4)
            place = self.random.randrange(len(self.replicas))
            self.replicas[place].is_dead = True
            self.replicas[place] = Replica(self)
            self.seen["death"] += 1

    async def client(self, plan: str) -> None:
        """Ask with the same key until the answer is final."""
        await asyncio.sleep(self.random.random() * 5)
        while True:
            request = f"{plan}-{self.random.random()}"
            replica = self.random.choice(self.replicas)
            outcome = await self.asked(replica, request, plan)
            if outcome is not None:
                self.answers.append((plan, outcome))
                return
            await asyncio.sleep(self.random.random() * 12)

    async def asked(self, replica: "Replica", request: str, plan: str) -> WriteOutcome | None:
        """One request, whose client may leave early or lose the replica."""
        patience = self.random.random() * 2 if self.random.random() < 0.1 else PATIENCE + 1
        try:
            async with asyncio.timeout(patience):
                return await once(replica.context(), self.write(replica, request, plan))  # type: ignore[arg-type]
        except (UnknownOutcome, InProgress, TimeoutError, DirectoryUnavailable) as error:
            self.seen[type(error).__name__] += 1
        except ProviderError as error:
            self.seen[type(error).__name__] += 1
            # Whoever is told that nothing was sent must be able to rely on it.
            assert not [effect for effect in self.effects if effect[2] == request], "a false failure"
        return None

    def write(self, replica: "Replica", request: str, plan: str) -> Write:
        """The write as a resolver would describe it."""

        async def prepare() -> bytes:
            await self.hop(replica)
            if self.random.random() < self.trouble / 2:
                raise Unreachable(Provider.FORMANCE, "read")
            return b"notes"

        async def send(notes: bytes) -> Ref | None:
            assert notes == b"notes"
            return await self.send(replica, request)

        async def find(_notes: bytes) -> WriteOutcome | None:
            await self.hop(replica)
            if self.random.random() < self.trouble:
                raise Broken(Provider.FORMANCE, "read")
            now = asyncio.get_running_loop().time()
            visible = [effect for effect in self.effects if effect[1] <= now]
            await self.hop(replica)
            self.seen["found" if visible else "absent"] += 1
            return WriteOutcome(made(visible[0][0])) if visible else None

        return Write(
            operation="createPool",
            provider=Provider.FORMANCE,
            key=f"key-{self.seed}",
            input=plan,
            prepare=prepare,
            send=send,
            find=find,
            settle=timedelta(seconds=SETTLE),
        )

    async def send(self, replica: "Replica", request: str) -> Ref:
        """What may become of a request to the provider."""
        fate = self.random.choice(["well", "well", "well", "before", "after", "after", "late", "lost", "killed"])
        if fate == "lost":
            raise self.random.choice(NOT_SENT)(Provider.FORMANCE, "x")
        await self.hop(replica)
        self.seen["sent"] += 1
        if self.refuses or (self.is_unique and self.effects):
            raise Rejected(Provider.FORMANCE, "x", vendor_code="CONFLICT")
        if fate == "before":
            raise self.random.choice(AFTER_EFFECT)(Provider.FORMANCE, "x")
        now = asyncio.get_running_loop().time()
        late = self.random.random() * SETTLE * 0.95 if fate == "late" else 0.0
        self.effects.append((f"e{len(self.effects)}", now + late, request))
        self.seen[fate] += 1
        if fate == "killed":
            replica.is_dead = True
            if replica in self.replicas:
                self.replicas[self.replicas.index(replica)] = Replica(self)
        await self.hop(replica)
        if fate in {"after", "late"}:
            raise self.random.choice(AFTER_EFFECT)(Provider.FORMANCE, "x")
        return made(self.effects[-1][0])

    def check(self) -> None:
        """At most one effect, and everybody knows of it."""
        outcomes = {outcome for _plan, outcome in self.answers if not is_reused(outcome)}
        assert len(self.effects) <= 1, "a double effect"
        if self.is_misused and not outcomes:
            return  # each input was refused because of the other one, and then neither was sent
        assert len(outcomes) == 1, "no single outcome"
        done = outcomes.pop()
        assert done.ref == (made(self.effects[0][0]) if self.effects else None), "a lost outcome"
        assert bool(done.refusals) is not bool(self.effects), "a false failure"
        assert len({plan for plan, outcome in self.answers if not is_reused(outcome)}) == 1


class Replica:
    """A process: its clock, its way to the directory, its work."""

    def __init__(self, world: World) -> None:
        self.world, self.is_dead = world, False
        self.skew = world.random.uniform(-1, 1)
        self.background = Background()
        self.writes = SqlWrites(self.run, dialect="sqlite", clock=self.clock)

    def clock(self) -> datetime:
        return EPOCH + timedelta(seconds=asyncio.get_running_loop().time() + self.skew)

    async def run(self, statement: Executable, *then: Executable) -> Sequence[RowMapping]:
        """A statement over a network that loses some on the way there and some answers on the way back."""
        world = self.world
        await world.hop(self)
        if world.random.random() < world.trouble / 2:
            raise DirectoryUnavailable
        rows = world.connection.execute(statement).mappings().all()
        for following in then if rows else ():
            world.connection.execute(following)
        await world.hop(self)
        if world.random.random() < world.trouble / 2:
            raise DirectoryUnavailable
        return rows

    def context(self) -> "Context":
        return Context(self)


class Context:
    """What `once` needs of a request's context."""

    caller = Caller(id="caller", scopes=frozenset(Scope), customers=None)
    pace = PACE

    def __init__(self, replica: Replica) -> None:
        self.providers, self.directory, self.writes = self, self, replica.writes
        self.background = replica.background
        self.operation = Operation(timeout=PATIENCE, request_id="request")


def made(effect: str) -> Ref:
    return Ref(NodeType.POOL, (effect,), Provider.FORMANCE)


def is_reused(outcome: WriteOutcome) -> bool:
    return [refusal.code for refusal in outcome.refusals] == ["IDEMPOTENCY_KEY_REUSED"]


def played(seed: int, connection: Connection) -> World:
    """A world that has come to its end, and is found in order."""
    loop = VirtualLoop()
    try:
        world = World(seed, connection)
        loop.run_until_complete(world.play())
        world.check()
    finally:
        loop.close()
    return world
