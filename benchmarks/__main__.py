"""`make bench`, or `python -m benchmarks`: check, measure, and write the figures down."""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks import measures, native, page, rows, sameness
from benchmarks.bench import Bench
from benchmarks.gateways import LIMIT, TRIBUTARY, Gateway, present
from benchmarks.measures import Effort
from benchmarks.processes import cores
from benchmarks.questions import TEXTS
from benchmarks.rows import Report

QUICK = Effort(warm=0.4, seconds=1.0, rounds=1)
GROWING = (TRIBUTARY, "mercurius", LIMIT)
"""Whose growth is measured: the goal, the fastest and the one to beat."""


def main(arguments: Sequence[str]) -> int:
    """1 when two gateways do not answer the same, 2 when something is missing."""
    asked = _parser().parse_args(arguments)
    if native.compiler() is None or not Path("/proc/self/stat").exists():
        print("The bench needs Linux and a C compiler (on Debian: apt-get install gcc).", file=sys.stderr)
        return 2
    here, absent = present()
    for each in absent:
        print(f"Left out: {each}", file=sys.stderr)
    gateways = [gateway for gateway in here if gateway.name in (asked.gateways or gateway.name).split(",")]
    with tempfile.TemporaryDirectory(prefix="tributary-bench-") as folder:
        bench = Bench(Path(folder), settings=dict(each.split("=", 1) for each in asked.set))
        try:
            with bench.vendors() as vendors:
                sameness.check(bench, gateways, vendors)
        except sameness.Differs as difference:
            print(difference, file=sys.stderr)
            return 1
        print(f"The same data from {', '.join(gateway.name for gateway in gateways)}.", file=sys.stderr)
        report = _measured(bench, gateways, absent, asked)
    rows.save(report.rows)
    if not asked.quick or asked.page:
        page.write(report)
    _print(report)
    return 0


def _measured(bench: Bench, gateways: Sequence[Gateway], absent: Sequence[str], asked: argparse.Namespace) -> Report:
    effort, load = _effort(asked), os.getloadavg()[0]
    slow = measures.slow(bench, gateways, effort)
    waves = {(each.gateway, each.query): each.waves for each in slow}
    growing = [gateway for gateway in gateways if gateway.name in GROWING]
    return Report(
        where=_machine(),
        how=_how(effort, load),
        rows=measures.usual(bench, gateways, effort, waves),
        same=measures.same(bench, gateways, effort, waves),
        slow=slow,
        lists=measures.lists(bench, growing, effort),
        connections=measures.crowds(bench, growing, effort),
        workers=[
            share
            for gateway in gateways
            if gateway.name == TRIBUTARY
            for share in measures.workers(bench, gateway, effort)
        ],
        absent=absent,
    )


def _effort(asked: argparse.Namespace) -> Effort:
    usual = QUICK if asked.quick else Effort()
    return Effort(
        warm=usual.warm,
        seconds=asked.seconds or usual.seconds,
        rounds=asked.rounds or usual.rounds,
        questions=tuple(asked.questions.split(",")),
    )


def _how(effort: Effort, load: float) -> str:
    return (
        f"Each figure is the median of {effort.rounds} rounds of {effort.seconds:g} seconds. "
        f"The machine's load average was {load:.1f} before the first: "
        "above 0.5 other programs share its cores, and all times are longer."
    )


def _machine() -> str:
    gateway, other = cores()
    placed = (
        "All on one core." if gateway is None else f"The gateway on core {gateway}, everything else on core {other}."
    )
    names = ("strawberry-graphql", "graphql-core", "starlette", "uvicorn", "httptools")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{placed} {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; {versions}."


def _print(report: Report) -> None:
    for row in report.rows:
        print(
            f"{row.gateway:11} {row.query} {row.connections:3}  {row.cpu_ms:9.3f} ms CPU  {row.rps:9.1f}/s  "
            f"{row.p50_ms:8.2f} / {row.p99_ms:8.2f} ms  {row.rss_mb:5.0f} MB  {row.calls:5.1f} calls  {row.waves} waves"
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Tributary beside its peers.")
    parser.add_argument("--quick", action="store_true", help="a short form, which leaves docs/performance.md alone")
    parser.add_argument("--page", action="store_true", help="write docs/performance.md also after the short form")
    parser.add_argument("--gateways", help="only these, with commas between them")
    parser.add_argument("--questions", default=",".join(TEXTS), help="only these, with commas between them")
    parser.add_argument("--rounds", type=int, help="how often all is repeated")
    parser.add_argument("--seconds", type=float, help="of one measurement")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of Tributary's; may be repeated"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
