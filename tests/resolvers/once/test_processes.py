"""Two real processes on one PostgreSQL, of which one may be killed or frozen at the worst moment."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from providers.directory import Config, connect
from providers.domain import WriteKey, WriteOutcome
from resolvers.background import Background
from tests.resolvers.once.counting import Counter, Replica, order

ROOT = Path(__file__).parents[3]
OUTCOMES = msgspec.json.Decoder(list[WriteOutcome])


@pytest.fixture
def caller() -> str:
    return uuid4().hex


async def started(config: Config, counter: Counter, caller: str, hit: str, *keys: str) -> Process:
    """A process that is ready to write."""
    url = config.url.reveal().replace("+asyncpg", "")
    command = ["-m", "tests.resolvers.once.process", url, str(counter.path), caller, hit, *keys]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, stdin=PIPE, stdout=PIPE, env=os.environ
    )
    assert process.stdout
    assert await process.stdout.readline() == b"ready\n"
    return process


async def ended(process: Process) -> list[WriteOutcome]:
    """Let it write, and hear what it says."""
    output, _ = await process.communicate(b"go\n")
    return OUTCOMES.decode(output) if output else []


async def test_two_processes_at_once_make_each_effect_once(
    postgresql_database: Config, counter: Counter, caller: str
) -> None:
    keys = [f"k{number}" for number in range(20)]
    processes = await asyncio.gather(*(started(postgresql_database, counter, caller, "never", *keys) for _ in range(2)))
    first, second = await asyncio.gather(*map(ended, processes))

    assert first == second == [counter.look(key) for key in keys]
    assert [len(counter.effects(key)) for key in keys] == [1] * 20


@pytest.mark.parametrize(
    ("hit", "effects", "states"),
    [
        ("prepare", 0, ["sent", "done"]),
        ("send", 0, ["sent", "sent", "done"]),
        ("effect", 1, ["sent", "done"]),
        ("find", 1, ["sent", "done"]),
    ],
)
async def test_a_killed_process_leaves_what_the_next_one_ends(
    postgresql_database: Config, counter: Counter, caller: str, *, hit: str, effects: int, states: list[str]
) -> None:
    """Before it was sent, it is sent then; after, it is looked up, and sent again only if it is not there."""
    process = await started(postgresql_database, counter, caller, hit, "k")
    assert await ended(process) == []
    assert process.returncode == -signal.SIGKILL
    assert len(counter.effects("k")) == effects

    directory = await connect(postgresql_database)
    replica = Replica(directory, Background(), caller=caller)
    outcome = await replica.write(order(counter, "k", settle=0.1))

    assert outcome == counter.look("k")
    assert len(counter.effects("k")) == 1
    assert [entry["state"] for entry in await directory.writes.audited(WriteKey(caller, "k"))] == states
    await directory.aclose()


async def test_a_frozen_process_wakes_up_to_another_ones_outcome(
    postgresql_database: Config, counter: Counter, caller: str
) -> None:
    """Its lease has run out and the write is another's: it must neither send nor store anything."""
    process = await started(postgresql_database, counter, caller, "frozen", "k")
    waking = asyncio.create_task(ended(process))
    await asyncio.sleep(0.3)
    directory = await connect(postgresql_database)
    outcome = await Replica(directory, Background(), caller=caller).write(order(counter, "k"))
    process.send_signal(signal.SIGCONT)

    assert await waking == [outcome]
    assert outcome == counter.look("k")
    assert len(counter.effects("k")) == 1
    await directory.aclose()
