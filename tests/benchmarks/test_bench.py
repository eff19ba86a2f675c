"""What the bench measures is the same work, and what it tells is what was done."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from benchmarks import measures, native, page, questions, sameness, world
from benchmarks.bench import Arrived, Bench
from benchmarks.gateways import GATEWAYS, LIMIT, TRIBUTARY, Gateway, present
from benchmarks.measures import Effort
from benchmarks.rows import Growth, Report, Row, Share, Slow, save
from tests.tools import lacking

BRIEF = Effort(warm=0.1, seconds=0.3, rounds=1, questions=("Q4",))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    if native.compiler() is None or not Path("/proc/self/stat").exists():
        lacking("The bench needs Linux and a C compiler.")
    return Bench(tmp_path_factory.mktemp("bench"), customers=60)


def named(name: str) -> Gateway:
    return next(gateway for gateway in GATEWAYS if gateway.name == name)


def test_every_gateway_that_runs_here_answers_the_same(bench: Bench) -> None:
    gateways, _ = present()
    with bench.vendors() as vendors:
        answers = sameness.check(bench, gateways, vendors)

    assert {TRIBUTARY, "strawberry", LIMIT} <= {gateway.name for gateway in gateways}
    assert len(answers["Q2"]["customer"]["accounts"]["nodes"]) == world.BANK_ACCOUNTS
    assert len(answers["Q3"]["payments"]["nodes"]) == 100
    assert len(answers["Q5"]["payments"]["nodes"]) == 1000
    tree = answers["Q4"]["customer"]
    assert len(tree["accounts"]["nodes"]) == world.BANK_ACCOUNTS + world.PAYMENT_ACCOUNTS + world.SMART_ACCOUNTS
    assert len(tree["pools"]) == world.POOLS
    assert all(node["balances"] for node in [*tree["accounts"]["nodes"], *tree["pools"]])


def test_the_vendors_answer_each_customer_with_its_own_ids(bench: Bench) -> None:
    with bench.vendors() as vendors, bench.gateway(named(LIMIT), vendors) as running:
        one, other = (sameness.answers(running, customer=customer) for customer in (0, 7))

    for question in ("Q2", "Q3", "Q4", "Q5"):
        assert world.number_of(0) not in json.dumps(other[question])
        assert len(json.dumps(one[question])) == len(json.dumps(other[question]))
    ids = [node["source"]["providerId"] for node in other["Q3"]["payments"]["nodes"]]
    assert not set(ids) & {node["source"]["providerId"] for node in one["Q3"]["payments"]["nodes"]}


def test_what_is_measured_is_counted(bench: Bench, tmp_path: Path) -> None:
    gateways = [named(LIMIT)]
    [slow] = measures.slow(bench, gateways, BRIEF)
    rows = measures.usual(bench, gateways, BRIEF, {(LIMIT, "Q4"): slow.waves})
    save(rows, tmp_path / "results.json")

    assert (slow.calls, slow.waves) == (39, 3)
    assert slow.total_ms >= 3 * measures.DELAY_MS
    assert [(row.connections, row.calls) for row in rows] == [(1, 39), (32, 39)]
    assert all(row.cpu_ms > 0 and row.rps > 0 and row.rss_mb > 1 for row in rows)
    assert [set(row) for row in json.loads((tmp_path / "results.json").read_text())] == [
        {"gateway", "query", "connections", "cpu_ms", "rps", "p50_ms", "p99_ms", "rss_mb", "calls", "waves"}
    ] * 2


def test_one_worker_and_two_are_measured_side_by_side(bench: Bench) -> None:
    shares = measures.workers(bench, named(TRIBUTARY), BRIEF)

    assert [(each.workers, each.query) for each in shares] == [(1, "Q4"), (2, "Q4"), (1, "Q5"), (2, "Q5")]
    assert all(each.cpu_ms > 0 and each.busy > 0 for each in shares)
    assert shares[1].rss_mb > 1.5 * shares[0].rss_mb


def test_a_difference_is_named_by_its_place() -> None:
    one = {"a": [{"b": 1, "c": "x"}]}

    assert sameness.difference(one, {"a": [{"c": "x", "b": 1}]}) is None
    assert sameness.difference(one, {"a": [{"c": "y", "b": 1}]}) == "data.a[0].c: x and y"
    assert sameness.difference(one, {"a": []}) is not None
    assert sameness.difference(one, {"a": [{"b": 1}]}) is not None


@pytest.mark.parametrize(
    ("arrivals", "waves"), [((), 0), ((0,), 1), ((0, 10, 20), 1), ((0, 50_000, 50_100, 100_100), 3)]
)
def test_calls_that_come_later_begin_another_wave(arrivals: tuple[int, ...], waves: int) -> None:
    arrived = Arrived(requests=len(arrivals), connections=1, most_at_once=1, arrivals=arrivals)

    assert arrived.waves(apart_us=25_000) == waves


def test_the_steepest_step_is_the_exponent() -> None:
    points = [
        Growth(gateway=LIMIT, size=size, cpu_ms=cpu, rss_mb=1, p50_ms=1, lost=0)
        for size, cpu in ((10, 1.0), (100, 2.0), (1000, 200.0))
    ]

    assert page.steepest(points) == pytest.approx(2)


def test_the_page_tells_every_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Row(
        gateway=LIMIT, query="Q4", connections=1, cpu_ms=0.9, rps=1000, p50_ms=1, p99_ms=2, rss_mb=40, calls=39, waves=3
    )
    rows = [row, msgspec.structs.replace(row, connections=32, cpu_ms=12.34)]
    grown = [
        Growth(gateway=LIMIT, size=size, cpu_ms=size / 7, rss_mb=1, p50_ms=1, lost=size // 100) for size in (10, 100)
    ]
    slow = [Slow(gateway=LIMIT, query="Q4", waves=3, calls=39, total_ms=157.4)]
    monkeypatch.setattr(page, "DOCS", tmp_path)
    page.write(
        Report(
            where="A",
            how="B",
            rows=rows,
            same=rows[1:],
            slow=slow,
            lists=grown,
            connections=grown,
            workers=[
                Share(workers=count, query="Q4", cpu_ms=9.5, rps=count * 90, p50_ms=1, p99_ms=2, rss_mb=99, busy=1.25)
                for count in (1, 2)
            ],
            absent=["apollo: no"],
        )
    )
    text = (tmp_path / "performance.md").read_text()
    pictures = re.findall(r"\((performance/[a-z0-9-]+\.svg)\)", text)

    assert all(
        part in text
        for part in (
            "| 0.900 |",
            "| 12.3 |",
            "| 3 / 157 |",
            "1.00 |",
            "lost: limit 1.",
            "apollo: no.",
            "| 2 | 9.50 / 180 / 1.25 |",
        )
    )
    assert len(pictures) == 4
    for picture in pictures:
        assert ET.fromstring((tmp_path / picture).read_text()).tag.endswith("svg")


def test_every_question_says_what_it_asks() -> None:
    assert questions.TEXTS.keys() == questions.WHAT.keys()
