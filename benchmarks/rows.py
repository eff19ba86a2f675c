"""What was measured, and the file that keeps it."""

import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

RESULTS = Path(__file__).parent / "results.json"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One gateway, one question, so many connections. All figures are for one request; medians over the rounds."""

    gateway: str
    query: str
    connections: int
    cpu_ms: float
    """CPU time of the gateway's processes."""
    rps: float
    p50_ms: float
    p99_ms: float
    rss_mb: float
    """Memory of the gateway's processes after it."""
    calls: float
    """Calls that reached the vendors."""
    waves: int
    """How many of these had to follow one another."""


class Slow(msgspec.Struct, frozen=True, kw_only=True):
    """One question while each vendor call takes its time, one request after another."""

    gateway: str
    query: str
    waves: int
    calls: int
    total_ms: float


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """One point of a curve: `size` is a list's length, or the number of connections."""

    gateway: str
    size: int
    cpu_ms: float
    rss_mb: float
    p50_ms: float
    lost: int


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """One question asked of Tributary with so many workers, while all programs share all cores."""

    workers: int
    query: str
    cpu_ms: float
    """CPU time a request of the parent and the workers."""
    rps: float
    p50_ms: float
    p99_ms: float
    rss_mb: float
    busy: float
    """CPU time of the gateway, the vendors and the load in a second: at most the number of cores."""


Figures = TypeVar("Figures", Row, Share)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that a run found out."""

    where: str
    """The machine and the versions."""
    how: str
    rows: Sequence[Row]
    same: Sequence[Row]
    """With the same request from everybody, again and again."""
    slow: Sequence[Slow]
    lists: Sequence[Growth]
    connections: Sequence[Growth]
    workers: Sequence[Share]
    """Nothing when Tributary was left out."""
    absent: Sequence[str]


DIGITS = {"cpu_ms": 4, "rps": 1, "p50_ms": 3, "p99_ms": 3, "rss_mb": 1, "calls": 2, "busy": 2}


def median(rows: Iterable[Figures]) -> Figures:
    """The middle of several rounds, figure by figure."""
    rounds = list(rows)

    def middle(name: str) -> float:
        return round(float(statistics.median(getattr(row, name) for row in rounds)), DIGITS[name])

    return msgspec.structs.replace(rounds[0], **{name: middle(name) for name in DIGITS if hasattr(rounds[0], name)})


def save(rows: Sequence[Row], file: Path = RESULTS) -> None:
    """Write the rows, one a line."""
    lines = ",\n".join("  " + msgspec.json.encode(row).decode() for row in rows)
    file.write_text(f"[\n{lines}\n]\n")
