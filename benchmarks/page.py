"""Writes `docs/performance.md` and its plots from what a run found out."""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from benchmarks import plots, questions
from benchmarks.gateways import GATEWAYS
from benchmarks.measures import CONNECTIONS, CROWD_QUESTION, DELAY_MS
from benchmarks.rows import Growth, Report, Row, Share

T = TypeVar("T")

DOCS = Path(__file__).parents[1] / "docs"

HEAD = """# Performance

Written by `make bench`; do not edit. The bench is in `benchmarks/`: a static server that acts as the three vendors and
costs next to nothing, a load generator, and one gateway at a time on a core of its own.
All gateways are asked the same text and answer the same data, which is checked before anything is measured.
Every request comes from another caller, with a token of its own, about another customer (there are 1,000 of each).
Tributary runs in its production profile: tokens are verified, scopes checked, limits on, amounts exact.
The peers do none of that; they have no directory of customers either, but know the vendors' ids by heart.
They make the same vendor calls as Tributary, batched by the vendors' filters.
"""


def write(report: Report) -> None:
    """Write the page, and its plots beside it."""
    pictures = DOCS / "performance"
    pictures.mkdir(exist_ok=True)
    for name, picture in _plots(report).items():
        (pictures / f"{name}.svg").write_text(picture)
    (DOCS / "performance.md").write_text(_page(report))


def _page(report: Report) -> str:
    absent = [f"Left out here: {each}." for each in report.absent]
    parts = [HEAD, f"{report.how}\n{report.where}", *absent, _asked()]
    for connections in CONNECTIONS:
        many = "one request at a time" if connections == 1 else f"{connections} connections"
        rows = [row for row in report.rows if row.connections == connections]
        parts += [
            f"## {many[0].upper()}{many[1:]}",
            *_tables(rows),
            f"![CPU, {many}](performance/cpu-{connections}.svg)",
        ]
    parts += ["## The same request from everybody", _table("CPU ms a request, and calls", report.same, _cpu_and_calls)]
    parts += [_slow(report), _lists(report), _crowds(report), _workers(report.workers)]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _asked() -> str:
    lines = [f"| {name} | {what} |" for name, what in questions.WHAT.items()]
    peers = [f"- **{gateway.name}**: {gateway.what}" for gateway in GATEWAYS]
    return "\n".join(["| question | asks for |", "|---|---|", *lines, "", *peers])


def _tables(rows: Sequence[Row]) -> list[str]:
    return [
        _table("CPU milliseconds a request", rows, lambda row: _short(row.cpu_ms)),
        _table("Requests a second", rows, lambda row: f"{row.rps:,.0f}"),
        _table(
            "Milliseconds, median and 99th percentile", rows, lambda row: f"{_short(row.p50_ms)} / {_short(row.p99_ms)}"
        ),
        _table("Vendor calls a request", rows, lambda row: f"{row.calls:.2f}".rstrip("0").rstrip(".")),
        _table("Memory in MB", rows, lambda row: f"{row.rss_mb:.0f}"),
    ]


def _table(title: str, rows: Sequence[Row], cell: Callable[[Row], str]) -> str:
    names, asked = _unique(row.gateway for row in rows), _unique(row.query for row in rows)
    found = {(row.gateway, row.query): cell(row) for row in rows}
    lines = [f"| {title} | " + " | ".join(asked) + " |", "|---|" + "---:|" * len(asked)]
    lines += [f"| {name} | " + " | ".join(found.get((name, each), "") for each in asked) + " |" for name in names]
    return "\n".join(lines)


def _slow(report: Report) -> str:
    asked, names = _unique(each.query for each in report.slow), _unique(each.gateway for each in report.slow)
    found = {(each.gateway, each.query): f"{each.waves} / {each.total_ms:.0f}" for each in report.slow}
    lines = [
        f"## Vendors that take {DELAY_MS} ms",
        "",
        "Waves of calls that follow one another, and milliseconds in all, one request at a time.",
        "",
        "| waves / ms | " + " | ".join(asked) + " |",
        "|---|" + "---:|" * len(asked),
    ]
    lines += [f"| {name} | " + " | ".join(found[name, each] for each in asked) + " |" for name in names]
    return "\n".join(lines)


def _lists(report: Report) -> str:
    text = "CPU of Q5 for lists of 10 to 10,000 payments. The exponent is that of the steepest step: 1 is linear."
    return _growth(
        "Longer lists", text, report.lists, "lists", cell=lambda each: _short(each.cpu_ms), exponent=steepest
    )


def _crowds(report: Report) -> str:
    lost = ", ".join(f"{name} {count}" for name, count in _lost(report.connections).items()) or "none"
    text = f"{CROWD_QUESTION} for 1 to 256 clients at once: CPU ms a request, and memory. Requests lost: {lost}."
    return _growth(
        "More clients",
        text,
        report.connections,
        "clients",
        cell=lambda each: f"{_short(each.cpu_ms)} / {each.rss_mb:.0f} MB",
    )


def _workers(shares: Sequence[Share]) -> str:
    if not shares:
        return ""
    asked = _unique(each.query for each in shares)
    found = {
        (each.workers, each.query): f"{_short(each.cpu_ms)} / {each.rps:,.0f} / {each.busy:.2f}" for each in shares
    }
    lines = [
        "## Two workers",
        "",
        f"Tributary with `WORKERS` of 1 and 2, {max(CONNECTIONS)} connections, all programs on all cores: CPU ms a",
        "request, requests a second, and cores that the gateway, the vendors and the load kept busy together.",
        "A second worker can gain what these left idle. Where CPU ms a request stay the same, it hinders nobody.",
        "",
        "| workers | " + " | ".join(asked) + " |",
        "|---|" + "---:|" * len(asked),
    ]
    counts = _unique(each.workers for each in shares)
    lines += [f"| {count} | " + " | ".join(found[count, each] for each in asked) + " |" for count in counts]
    return "\n".join(lines)


def _lost(points: Sequence[Growth]) -> dict[str, int]:
    counted = {
        name: sum(each.lost for each in points if each.gateway == name) for name in _unique(p.gateway for p in points)
    }
    return {name: count for name, count in counted.items() if count}


def _growth(
    title: str,
    text: str,
    points: Sequence[Growth],
    picture: str,
    *,
    cell: Callable[[Growth], str],
    exponent: Callable[[Sequence[Growth]], float] | None = None,
) -> str:
    sizes, names = _unique(each.size for each in points), _unique(each.gateway for each in points)
    more = " exponent |" if exponent else ""
    lines = [f"## {title}", "", text, "", "| | " + " | ".join(f"{size:,}" for size in sizes) + f" |{more}"]
    lines.append("|---|" + "---:|" * (len(sizes) + bool(exponent)))
    for name in names:
        own = [each for each in points if each.gateway == name]
        end = f" {exponent(own):.2f} |" if exponent else ""
        lines.append(f"| {name} | " + " | ".join(map(cell, own)) + f" |{end}")
    return "\n".join([*lines, "", f"![{title}](performance/{picture}.svg)"])


def steepest(points: Sequence[Growth]) -> float:
    """The largest exponent of growth between two neighbouring sizes."""
    steps = [(a, b) for a, b in pairwise(points) if a.cpu_ms and b.cpu_ms]
    return max((math.log(b.cpu_ms / a.cpu_ms) / math.log(b.size / a.size) for a, b in steps), default=0.0)


def _plots(report: Report) -> dict[str, str]:
    made = {}
    for connections in CONNECTIONS:
        rows = [row for row in report.rows if row.connections == connections]
        asked = _unique(row.query for row in rows)
        heights = {
            name: [row.cpu_ms for row in rows if row.gateway == name] for name in _unique(row.gateway for row in rows)
        }
        title = f"CPU per request, {connections} connection{'s' * (connections > 1)}"
        made[f"cpu-{connections}"] = plots.bars(title, "ms, logarithmic", asked, heights)
    for name, across, points in (
        ("lists", "payments", report.lists),
        ("clients", "clients at once", report.connections),
    ):
        curves = {
            each: [(p.size, p.cpu_ms) for p in points if p.gateway == each]
            for each in _unique(p.gateway for p in points)
        }
        made[name] = plots.lines(f"CPU per request by {across}", across, "ms, logarithmic", curves)
    return made


def _unique(values: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(values))


def _cpu_and_calls(row: Row) -> str:
    return f"{_short(row.cpu_ms)} / {row.calls:.1f}"


def _short(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:.1f}"
