"""`python -m tests.hostile.beside`: how a well-behaved client fares beside hostile ones.

Asks the same query over and over, first alone, then beside each kind of hostile client, and prints the median, the 99th
percentile and its ratio to that of the quiet time, with what the server's memory grew by.
"""

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.hostile.test_bytes import BODIES, HEADS, MALFORMED
from tests.hostile.wire import CHUNKED, MB, bound_memory, connected, exchanged, memory, posted
from tests.process import Process, serving

SECONDS = 5.0
PAUSE = 0.05
"""Between two hostile requests: the hostile clients run on the same machine, and are not what is measured."""
QUERY = '{ payments(first: 5, filter: {asset: "USD/2"}) { nodes { id amount { amount } } } }'
BRACKETS = b'{"query": "{ __typename }", "variables": {"x": [' + b"[]," * 349_000 + b"[]]}}"
DEEP = b'{"query": "{ __typename }", "variables": {"x": ' + b"[" * 500_000 + b"]" * 500_000 + b"}}"


def asked(server: Process) -> list[float]:
    """Milliseconds of each answer to a client that asks for some seconds."""
    taken = []
    with httpx.Client(base_url=server.url, timeout=30) as client:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            began = time.perf_counter()
            client.post("/graphql", json={"query": QUERY}).raise_for_status()
            taken.append((time.perf_counter() - began) * 1000)
    return taken


def beside(server: Process, hostile: Callable[[], object]) -> tuple[list[float], list[float]]:
    """The same beside a client that does this over and over, and the milliseconds that each of its turns took.

    The other one is a process of its own, so that they meet in the server alone.
    """
    fork = multiprocessing.get_context("fork")
    stop, turns = fork.Event(), fork.SimpleQueue()

    def harm() -> None:
        taken = []
        while not stop.wait(PAUSE):
            began = time.perf_counter()
            hostile()
            taken.append((time.perf_counter() - began) * 1000)
        turns.put(taken)

    process = fork.Process(target=harm)
    process.start()
    good = asked(server)
    stop.set()
    taken = turns.get()
    process.join()
    return good, taken


def slow(server: Process) -> None:
    """A hundred and fifty sockets that send the beginning of a request and wait for what comes."""
    sockets = [connected(server) for _ in range(150)]
    opened = [each.__enter__() for each in sockets]
    for number, each in enumerate(opened):
        each.sendall(CHUNKED + b"2\r\n{" if number % 2 else b"GET /graphql HTTP/1.1\r\nhost: ")
    time.sleep(1)
    for each in sockets:
        each.__exit__(None, None, None)


def percentile(values: list[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main() -> int:
    """Print a line for each kind of client."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        bound_memory(server)
        asked(server)
        quiet = percentile(asked(server), 0.99)
        parts = {**BODIES, **HEADS, **MALFORMED, "a million brackets": (posted(BRACKETS),), "deep": (posted(DEEP),)}
        kinds = {name: lambda sent=sent: exchanged(server, *sent) for name, sent in parts.items()}  # type: ignore[misc]
        kinds["150 slow sockets"] = lambda: slow(server)
        sys.stdout.write(f"{'quiet':42} p99 {quiet:6.1f} ms\n")
        for name, hostile in kinds.items():
            before = memory(server)
            good, turns = beside(server, hostile)
            p99 = percentile(good, 0.99)
            sys.stdout.write(
                f"{name:42} p99 {p99:6.1f} ms  x{p99 / quiet:4.1f}  median {percentile(good, 0.5):5.1f} ms  "
                f"hostile {percentile(turns, 0.5):6.1f} ms  +{(memory(server) - before) / MB:.1f} MB\n"
            )
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
