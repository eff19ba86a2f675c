"""What is measured of a gateway, and how long for."""

import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from benchmarks import questions, rows, world
from benchmarks.bench import Bench, Running, Vendors
from benchmarks.gateways import Gateway
from benchmarks.rows import Growth, Row, Share, Slow

DELAY_MS = 50
CONNECTIONS = (1, 32)
CROWDS = (1, 4, 16, 64, 256)
CROWD_QUESTION = "Q4"
WARM_UP_REQUESTS = 5
WORKERS = (1, 2)
WORKERS_QUESTIONS = ("Q4", "Q5")
"""Much work for the gateway, and little for those who ask it and answer it, who need the same cores."""


class Effort(msgspec.Struct, frozen=True):
    """How long everything takes: seconds of warming up and of one measurement, and how often all is repeated."""

    warm: float = 1.5
    seconds: float = 4.0
    rounds: int = 3
    questions: Sequence[str] = tuple(questions.TEXTS)


def usual(bench: Bench, gateways: Sequence[Gateway], effort: Effort, waves: Mapping[tuple[str, str], int]) -> list[Row]:
    """Different requests, round by round, so that what disturbs the machine for a while disturbs everybody."""
    found = defaultdict(list)
    with bench.vendors() as vendors:
        for turn in range(effort.rounds):
            for gateway in gateways:
                _say(f"round {turn + 1}: {gateway.name}")
                with bench.gateway(gateway, vendors) as running:
                    for row in _of_gateway(gateway, running, vendors, effort, waves):
                        found[row.gateway, row.query, row.connections].append(row)
    return [rows.median(rounds) for rounds in found.values()]


def same(bench: Bench, gateways: Sequence[Gateway], effort: Effort, waves: Mapping[tuple[str, str], int]) -> list[Row]:
    """One request from everybody at once: whoever shares work shows it here."""
    found = []
    with bench.vendors() as vendors:
        for gateway in gateways:
            _say(f"the same request: {gateway.name}")
            with bench.gateway(gateway, vendors) as running:
                for question in effort.questions:
                    key = (gateway.name, question, max(CONNECTIONS))
                    found.append(_row(key, bench.traffic.same(question), running, vendors, effort, waves))
    return [rows.median([row]) for row in found]


def slow(bench: Bench, gateways: Sequence[Gateway], effort: Effort) -> list[Slow]:
    """Each vendor call takes `DELAY_MS`. A warm gateway is asked one question at a time."""
    found = []
    with bench.vendors(delay_ms=DELAY_MS) as vendors:
        for gateway in gateways:
            _say(f"slow vendors: {gateway.name}")
            with bench.gateway(gateway, vendors) as running:
                for question in effort.questions:
                    file = bench.traffic.different(question)
                    running.load(file, connections=1, seconds=60, most=WARM_UP_REQUESTS)
                    vendors.reset()
                    running.load(file, connections=1, seconds=60, most=1)
                    arrived = vendors.arrived()
                    total = running.load(file, connections=1, seconds=60, most=WARM_UP_REQUESTS).p50_ms
                    found.append(
                        Slow(
                            gateway=gateway.name,
                            query=question,
                            waves=arrived.waves(DELAY_MS * 500),
                            calls=arrived.requests,
                            total_ms=round(total, 1),
                        )
                    )
    return found


def lists(bench: Bench, gateways: Sequence[Gateway], effort: Effort) -> list[Growth]:
    """Q5 over lists of growing length, one request at a time."""
    found = []
    with bench.vendors() as vendors:
        for gateway in gateways:
            _say(f"longer lists: {gateway.name}")
            with bench.gateway(gateway, vendors) as running:
                for size in sorted(world.LISTS):
                    file = bench.traffic.different("Q5", first=size)
                    found.append(_point(gateway, size, file, running, effort, connections=1))
    return found


def crowds(bench: Bench, gateways: Sequence[Gateway], effort: Effort) -> list[Growth]:
    """A customer's whole tree, for growing numbers of clients at once."""
    found = []
    with bench.vendors() as vendors:
        for gateway in gateways:
            _say(f"more clients: {gateway.name}")
            with bench.gateway(gateway, vendors) as running:
                for connections in CROWDS:
                    file = bench.traffic.different(CROWD_QUESTION)
                    found.append(_point(gateway, connections, file, running, effort, connections=connections))
    return found


def workers(bench: Bench, gateway: Gateway, effort: Effort) -> list[Share]:
    """One worker and two, side by side and asked in turns: what disturbs the machine for a while disturbs both."""
    found = defaultdict(list)
    with ExitStack() as stack:
        stack.enter_context(bench.unbound())
        vendors = stack.enter_context(bench.vendors())
        gateways = {each: stack.enter_context(bench.gateway(gateway, vendors, WORKERS=str(each))) for each in WORKERS}
        for question in WORKERS_QUESTIONS:
            for turn in range(effort.rounds + 1):
                for count, running in gateways.items():
                    _say(f"{question}, round {turn}: workers: {count}")
                    share = _share(count, question, running, vendors, effort.seconds if turn else effort.warm)
                    if turn:
                        found[count, question].append(share)
    return [rows.median(rounds) for rounds in found.values()]


def _share(count: int, question: str, running: Running, vendors: Vendors, seconds: float) -> Share:
    file, connections = running.bench.traffic.different(question), max(CONNECTIONS)
    before, theirs = running.program.cpu_ms(), vendors.program.cpu_ms() + _ended_ms()
    loaded = running.load(file, connections=connections, seconds=seconds)
    used, their_own = running.program.cpu_ms() - before, vendors.program.cpu_ms() + _ended_ms() - theirs
    if loaded.errors:
        raise RuntimeError(f"{count} workers failed {loaded.errors} of {loaded.requests} requests of {question}")
    return Share(
        workers=count,
        query=question,
        cpu_ms=used / loaded.requests,
        rps=loaded.rps,
        p50_ms=loaded.p50_ms,
        p99_ms=loaded.p99_ms,
        rss_mb=running.program.rss_mb(),
        busy=(used + their_own) / 1000 / loaded.seconds,
    )


def _ended_ms() -> float:
    """CPU time of programs that have ended, the load among them."""
    times = os.times()
    return 1000 * (times.children_user + times.children_system)


def _of_gateway(
    gateway: Gateway, running: Running, vendors: Vendors, effort: Effort, waves: Mapping[tuple[str, str], int]
) -> Iterator[Row]:
    for question in effort.questions:
        for connections in CONNECTIONS:
            key, file = (gateway.name, question, connections), running.bench.traffic.different(question)
            yield _row(key, file, running, vendors, effort, waves)


def _row(
    key: tuple[str, str, int],
    file: Path,
    running: Running,
    vendors: Vendors,
    effort: Effort,
    waves: Mapping[tuple[str, str], int],
) -> Row:
    gateway, question, connections = key
    running.load(file, connections=connections, seconds=effort.warm)
    vendors.reset()
    before = running.program.cpu_ms()
    loaded = running.load(file, connections=connections, seconds=effort.seconds)
    if loaded.errors:
        raise RuntimeError(f"{gateway} failed {loaded.errors} of {loaded.requests} requests of {question}")
    return Row(
        gateway=gateway,
        query=question,
        connections=connections,
        cpu_ms=(running.program.cpu_ms() - before) / loaded.requests,
        rps=loaded.rps,
        p50_ms=loaded.p50_ms,
        p99_ms=loaded.p99_ms,
        rss_mb=running.program.rss_mb(),
        calls=vendors.arrived().requests / loaded.requests,
        waves=waves.get((gateway, question), 0),
    )


def _point(gateway: Gateway, size: int, file: Path, running: Running, effort: Effort, *, connections: int) -> Growth:
    running.load(file, connections=connections, seconds=effort.warm / 2)
    before = running.program.cpu_ms()
    loaded = running.load(file, connections=connections, seconds=effort.seconds / 2)
    return Growth(
        gateway=gateway.name,
        size=size,
        cpu_ms=round((running.program.cpu_ms() - before) / max(1, loaded.requests), 4),
        rss_mb=round(running.program.rss_mb(), 1),
        p50_ms=loaded.p50_ms,
        lost=loaded.errors,
    )


def _say(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)
