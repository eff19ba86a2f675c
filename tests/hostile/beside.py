"""`python -m tests.hostile.beside [part of a kind's name ...]`: how a well-behaved client fares beside hostile ones.

The client asks two queries in turn, over and over: alone, beside one hostile client of each kind, and beside four. Each
client sends again as soon as it is answered. The server has a processor of its own, if there are two.

A line tells percentiles of its waiting times and how often the quiet ones they are, for both queries; what the hostile
clients waited for their answers, and which they were; and what the server's memory grew by. The quiet time is measured
before and after each: on a machine that has other work its 99th percentile is that work's, and the 90th tells more.
"""

import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import count, cycle
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

import msgspec

from tests.hostile.documents import TOO_LARGE, VALID, WRONG
from tests.hostile.test_bytes import BODIES, HEADS, MALFORMED
from tests.hostile.wire import CHUNKED, MB, POST, Reply, bound_memory, connected, exchanged, memory, posted
from tests.process import Process, serving

QUIET, SECONDS = 1.5, 3.0
SHARES = 0.5, 0.9, 0.99
README = Path(__file__).parents[2] / "README.md"
BRACKETS = b'{"query": "{ __typename }", "variables": {"x": [' + b"[]," * 349_000 + b"[]]}}"
DEEP = b'{"query": "{ __typename }", "variables": {"x": ' + b"[" * 500_000 + b"]" * 500_000 + b"}}"
BYTES = b"1\r\n \r\n" * 100_000
PROBE = b"GET /livez HTTP/1.1\r\nhost: a\r\n\r\n"
END = b"!\r\n\r\n"
"""No HTTP: the server hangs up."""

Turn = Callable[[], Reply | None]


class Felt(msgspec.Struct):
    """What a client has felt: milliseconds of each answer, and how often which status came."""

    taken: list[float]
    statuses: dict[int, int]


def queries() -> list[bytes]:
    """The one that the README begins with, and the smallest there is."""
    readme = README.read_text(encoding="utf-8").partition("```graphql\n")[2].partition("```")[0]
    return [json.dumps({"query": each}).encode() for each in (readme, "{ __typename }")]


def asked(server: Process, seconds: float) -> list[list[float]]:
    """Milliseconds of each answer, for both queries, to a client that keeps its connection."""
    requests = [POST + b"content-length: %d\r\n\r\n" % len(body) + body for body in queries()]
    taken: list[list[float]] = [[], []]
    with connected(server) as connection:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for request, each in zip(requests, taken, strict=True):
                began = time.perf_counter()
                connection.sendall(request)
                raw = connection.recv(65536)
                head, _, body = raw.partition(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].split()[0])
                while len(body) < length:
                    body += connection.recv(65536)
                each.append((time.perf_counter() - began) * 1000)
                assert head.startswith(b"HTTP/1.1 200"), head
                assert b'"errors"' not in body, body
    return taken


def hostile(turns: Iterator[Turn], stop: Event, told: Connection) -> None:
    """Take turns until told to stop, then tell what was felt."""
    felt = Felt([], {})
    statuses: Counter[int] = Counter()
    while not stop.is_set():
        began = time.perf_counter()
        reply = next(turns)()
        felt.taken.append((time.perf_counter() - began) * 1000)
        if reply is not None:
            statuses[reply.status] += 1
    felt.statuses = dict(statuses)
    told.send_bytes(msgspec.msgpack.encode(felt))


def beside(
    server: Process, make: Callable[[int], Iterator[Turn]], clients: int
) -> tuple[list[list[float]], list[Felt]]:
    """What the client felt beside so many hostile ones, and what each of those did. They are processes of their own."""
    fork = multiprocessing.get_context("fork")
    stop, pipes = fork.Event(), [fork.Pipe(duplex=False) for _ in range(clients)]
    processes = [
        fork.Process(target=hostile, args=(make(number), stop, told)) for number, (_, told) in enumerate(pipes)
    ]
    for process in processes:
        process.start()
    good = asked(server, SECONDS)
    stop.set()
    felt = [msgspec.msgpack.decode(heard.recv_bytes(), type=Felt) for heard, _ in pipes]
    for process in processes:
        process.join()
    return good, felt


def documents(server: Process, texts: Iterable[str]) -> Callable[[int], Iterator[Turn]]:
    """Each document in turn, and each time another text, so that no cache helps."""

    def turns(client: int) -> Iterator[Turn]:
        for number, text in zip(count(), cycle(list(texts))):
            body = posted(json.dumps({"query": f"{text} #{client} {number}"}).encode())
            yield lambda body=body: exchanged(server, body)  # type: ignore[misc]

    return turns


def messages(server: Process, *kinds: Iterable[bytes]) -> Callable[[int], Iterator[Turn]]:
    """Each of these requests in turn, as bytes."""
    return lambda _: cycle([lambda parts=tuple(parts): exchanged(server, *parts) for parts in kinds])  # type: ignore[misc]


def slow(server: Process) -> None:
    """A hundred and fifty sockets that send the beginning of a request and wait for what comes."""
    with ExitStack() as stack:
        opened = [stack.enter_context(connected(server)) for _ in range(150)]
        for number, each in enumerate(opened):
            each.sendall(CHUNKED + b"2\r\n{" if number % 2 else b"GET /graphql HTTP/1.1\r\nhost: ")
        time.sleep(1)


def kinds(server: Process) -> dict[str, Callable[[int], Iterator[Turn]]]:
    """Hostile clients. `all …` send everything of that sort in turn; the others are the dearest ones alone."""
    large = {name: text for name, (text, _) in TOO_LARGE.items()}
    every = {**large, **WRONG, **VALID}
    return {
        "all documents that are too large": documents(server, large.values()),
        "all documents that are wrong": documents(server, WRONG.values()),
        "all documents that are valid": documents(server, VALID.values()),
        **{f"document: {name}": documents(server, [text]) for name, text in every.items()},
        "all bodies": messages(server, *BODIES.values()),
        "all heads": messages(server, *HEADS.values()),
        "all malformed requests": messages(server, *MALFORMED.values()),
        "body: a million brackets": messages(server, (posted(BRACKETS),)),
        "body: deep": messages(server, (posted(DEEP),)),
        "body: a byte in each chunk": messages(server, (CHUNKED, BYTES, END)),
        "requests: a thousand at once": messages(server, (PROBE * 1000, END)),
        "150 slow sockets": lambda _: cycle([lambda: slow(server)]),
    }


def percentile(values: list[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def show(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def measured(server: Process, name: str, make: Callable[[int], Iterator[Turn]]) -> None:
    """A line for a kind of client, alone and as four. Its quiet time is measured just before."""
    for clients in (1, 4):
        before = memory(server)
        quiet, good, felt = asked(server, QUIET), *beside(server, make, clients)
        quiet = [first + second for first, second in zip(quiet, asked(server, QUIET), strict=True)]
        waited = [each for one in felt for each in one.taken]
        statuses = sum((Counter(one.statuses) for one in felt), Counter[int]())
        told = " ".join(f"{status}:{number}" for status, number in sorted(statuses.items()))
        show(
            f"{name:40}{clients:2} | {compared(good[0], quiet[0])} | {compared(good[1], quiet[1])} | "
            f"{percentile(waited, 0.5):5.0f} {percentile(waited, 0.95):5.0f}  {told:18} "
            f"+{(memory(server) - before) / MB:.1f} MB"
        )


def compared(good: list[float], quiet: list[float]) -> str:
    """Each percentile, and how often the quiet one it is."""
    each = [(percentile(good, share), percentile(quiet, share)) for share in SHARES]
    return "  ".join(f"{beside:6.1f} x{beside / usual:4.1f}" for beside, usual in each)


def main(chosen: list[str]) -> int:
    """Print a line for each kind of client whose name has one of these parts; without parts, for those of all sorts."""
    processors = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        bound_memory(server)
        if len(processors) > 1:
            os.sched_setaffinity(server.process.pid, processors[:1])
            for task in Path(f"/proc/{server.process.pid}/task").iterdir():
                os.sched_setaffinity(int(task.name), processors[:1])
            os.sched_setaffinity(0, processors[1:])
        asked(server, QUIET)
        shares = " and ".join(f"{share:.0%}" for share in SHARES)
        show(f"load {os.getloadavg()[0]:.1f}; milliseconds that {shares} of the answers take at most")
        show("hostile clients | the query of README | __typename | what the hostile wait (50%, 95%), answers, memory")
        for name, taken in zip(("README", "__typename"), asked(server, SECONDS), strict=True):
            show(f"quiet {name}: {' '.join(f'{percentile(taken, share):.1f}' for share in SHARES)}")
        for name, make in kinds(server).items():
            if any(part in name for part in chosen or ["all ", "body", "slow"]):
                measured(server, name, make)
        show(f"load {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
