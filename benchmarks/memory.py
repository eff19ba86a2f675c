"""`python -m benchmarks.memory`: what the server holds after so many requests. It must not grow with them."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import chain, pairwise
from pathlib import Path

from benchmarks import native
from benchmarks.bench import Bench, Running
from benchmarks.gateways import GATEWAYS, TRIBUTARY
from benchmarks.traffic import Traffic

QUESTIONS = ("Q1", "Q2", "Q3", "Q4")
CONNECTIONS = 32
LOOKS = (0, 10_000, 25_000, 50_000, 75_000, 100_000)
"""After how many requests it is measured."""
WARM = 500
GOAL_MB = 110.0
"""Of resident memory, at any time."""
MINUTES = 15.0
"""Until it ends anyhow, with what it has seen by then."""


def main(arguments: Sequence[str]) -> int:
    """1 when it holds more than the goal."""
    asked = _parser().parse_args(arguments)
    if native.compiler() is None or not Path("/proc/self/status").exists():
        print("It needs Linux and a C compiler (on Debian: apt-get install gcc).", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="tributary-memory-") as folder:
        bench = Bench(Path(folder), settings=dict(each.split("=", 1) for each in asked.set))
        gateway = next(each for each in GATEWAYS if each.name == TRIBUTARY)
        with bench.vendors() as vendors, bench.gateway(gateway, vendors) as running:
            most = _watched(running, _mixed(bench.traffic, Path(folder)), ends=time.monotonic() + asked.minutes * 60)
    print(f"At most {most:.1f} MB; the goal is {GOAL_MB:.0f} MB.")
    return int(most > GOAL_MB)


def _watched(running: Running, file: Path, *, ends: float) -> float:
    """The most that it held when it was looked at. Each look is printed."""
    print(f"at the start           {running.program.rss_mb():6.1f} MB")
    running.load(file, connections=CONNECTIONS, seconds=60, most=WARM)
    seen, done = [_seen(running, 0)], 0
    for _, aim in pairwise(LOOKS):
        while done < aim and time.monotonic() < ends:
            loaded = running.load(file, connections=CONNECTIONS, seconds=60, most=aim - done)
            if loaded.errors:
                raise RuntimeError(f"{loaded.errors} requests failed")
            done += loaded.requests
        seen.append(_seen(running, done))
    return max(seen)


def _seen(running: Running, requests: int) -> float:
    held = running.program.rss_mb()
    print(f"{requests:7} requests later {held:6.1f} MB", flush=True)
    return held


def _mixed(traffic: Traffic, folder: Path) -> Path:
    """All questions in turn."""
    file = folder / "mixed.tsv"
    each = [traffic.different(question).read_text().splitlines(keepends=True) for question in QUESTIONS]
    file.write_text("".join(chain.from_iterable(zip(*each, strict=True))))
    return file


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description="Watch Tributary's memory.")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="until it ends, whatever it has seen")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of Tributary's; may be repeated"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
