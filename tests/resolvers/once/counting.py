"""A provider that counts its effects in a file, so that many processes share it, and a replica that writes to it."""

import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from providers.directory import SqlDirectory
from providers.domain import NodeType, Provider, Ref, WriteOutcome
from providers.operation import Operation
from providers.registry import Providers
from resolvers.attempt import Write
from resolvers.background import Background
from resolvers.caller import Caller, Scope
from resolvers.context import RequestContext
from resolvers.health import Health
from resolvers.once import once
from resolvers.pace import Pace
from serving.screening import Screen

QUICK = Pace(lease=timedelta(seconds=0.6), first=0.01, longest=0.05)

Act = Callable[[bytes], Awaitable[Ref | None]]
Look = Callable[[bytes], Awaitable[WriteOutcome | None]]


class Counter:
    """One line of the file is one effect: the name of what was asked for, and an id."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def effects(self, name: str) -> list[str]:
        """Ids of all effects of that name."""
        lines = (line.split() for line in self.path.read_text().splitlines())
        return [effect for of, effect in lines if of == name]

    def act(self, name: str) -> Ref:
        """Do it. One write of a short line is whole, whoever else writes at the same time."""
        effect = f"{os.getpid()}-{os.urandom(4).hex()}"
        with self.path.open("a") as file:
            file.write(f"{name} {effect}\n")
        return ref(effect)

    def look(self, name: str) -> WriteOutcome | None:
        """What `find` answers."""
        found = self.effects(name)
        return WriteOutcome(ref(found[0])) if found else None


def ref(effect: str) -> Ref:
    """The identity of what an effect has made."""
    return Ref(NodeType.POOL, (effect,), Provider.FORMANCE)


def order(
    counter: Counter,
    key: str,
    *,
    send: Act | None = None,
    find: Look | None = None,
    prepare: Callable[[], Awaitable[bytes]] | None = None,
    input: object = None,
    operation: str = "createPool",
    settle: float = 0.0,
) -> Write:
    """A write that makes one effect named after its key, unless told otherwise."""

    async def act(_notes: bytes) -> Ref | None:
        return counter.act(key)

    async def look(_notes: bytes) -> WriteOutcome | None:
        return counter.look(key)

    async def know() -> bytes:
        return b"notes"

    return Write(
        operation=operation,
        provider=Provider.FORMANCE,
        key=key,
        input=input,
        send=send or act,
        find=find or look,
        prepare=prepare or know,
        settle=timedelta(seconds=settle),
    )


class Replica:
    """One process's way to the directory."""

    def __init__(self, directory: SqlDirectory, background: Background, *, caller: str | None = None) -> None:
        self.directory, self.background = directory, background
        self.caller = caller or uuid4().hex
        self.providers = Providers([], directory)

    async def write(
        self,
        write: Write,
        *,
        timeout: float = 5.0,  # noqa: ASYNC109 - the operation's, not the call's
        pace: Pace = QUICK,
    ) -> WriteOutcome:
        """One request for a write."""
        context = RequestContext(
            providers=self.providers,
            operation=Operation(timeout=timeout),
            health=Health(self.providers),
            background=self.background,
            pace=pace,
            screening=Screen(),
            caller=Caller(id=self.caller, scopes=frozenset(Scope), customers=None),
        )
        return await once(context, write)
