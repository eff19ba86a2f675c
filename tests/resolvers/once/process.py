"""One process of several that write at the same time: `python -m tests.resolvers.once.process`.

Arguments: the database's URL, the file of effects, the caller, where it is hit, and keys. It says `ready`, waits for a
line, and prints an outcome for each key. Where it is hit:

- `prepare`, `send`, `effect`, `find`: killed, as by `kill -9`, before it is noted as sent, before it is sent, after the
  provider has acted, or while it is looked up;
- `frozen`: stopped before it is noted as sent, until somebody lets it go on;
- `never`.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

import msgspec

from providers.config import Environment
from providers.directory import Config, connect
from providers.domain import Provider, Ref, WriteOutcome
from providers.errors import TimedOut
from resolvers.attempt import Write
from resolvers.background import Background
from tests.resolvers.once.counting import Counter, Replica, order


def hit_write(counter: Counter, key: str, hit: str) -> Write:
    """The write, in which the process is hit at a certain point."""

    def at(place: str) -> None:
        if place == hit:
            os.kill(os.getpid(), signal.SIGSTOP if hit == "frozen" else signal.SIGKILL)

    async def prepare() -> bytes:
        at("prepare")
        at("frozen")
        return b""

    async def send(_notes: bytes) -> Ref | None:
        at("send")
        made = counter.act(key)
        at("effect")
        await asyncio.sleep(0.05)
        if hit == "find":
            raise TimedOut(Provider.FORMANCE, "x")
        return made

    async def find(_notes: bytes) -> WriteOutcome | None:
        at("find")
        return counter.look(key)

    return order(counter, key, prepare=prepare, send=send, find=find)


async def main(url: str, effects: str, caller: str, hit: str, *keys: str) -> None:
    """Write all keys at once."""
    directory = await connect(Config.read(Environment({"DATABASE_URL": url})))
    replica = Replica(directory, Background(), caller=caller)
    counter = Counter(Path(effects))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    outcomes = await asyncio.gather(*(replica.write(hit_write(counter, key, hit), timeout=20) for key in keys))
    sys.stdout.write(msgspec.json.encode(outcomes).decode() + "\n")
    await directory.aclose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
