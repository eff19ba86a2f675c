"""Every mutation under everything that may go wrong on its way: never two effects, never a lost outcome."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Graph
from tests.resolvers.asking import codes, only_error
from tests.resolvers.orders.matrix import ROWS
from tests.resolvers.orders.row import Row, World, effects, order, outcome, time_passes, user_errors

each_row = pytest.mark.parametrize("row", ROWS, ids=str)
each_row_of_each_generation = pytest.mark.parametrize(
    ("generation", "row"),
    [
        pytest.param(generation, row, id=f"{generation}-{row}")
        for row in ROWS
        for generation in ("v3", "v2")
        if generation == "v3" or row.calls[1].startswith("/api/payments/")
    ],
)
"""Generations are those of the payments service: what others do is the same by either."""

AFTER: dict[str, dict[str, Any]] = {
    "garbled": {"headers": {"content-encoding": "br"}},
    "cut": {"drop": "half"},
    "stalled": {"drip_ms": 60_000},
}
"""Faults of an answer after the vendor has acted."""

BEFORE: dict[str, dict[str, Any]] = {"failed": {"status": 503, "body": ""}, "dropped": {"drop": "before"}}
"""Faults before the vendor acts, which look no better from here."""

REFUSALS = (
    (400, "VALIDATION", "UPSTREAM_REJECTED"),
    (400, "CONFLICT", "UPSTREAM_REJECTED"),
    (400, "MISSING_OR_INVALID_BODY", "UPSTREAM_REJECTED"),
    (400, "CONNECTOR_CAPABILITY_NOT_SUPPORTED", "UPSTREAM_REJECTED"),
    (404, "NOT_FOUND", "NOT_FOUND"),
)
"""Status and code of the vendor's refusals, and what becomes of them."""

NATIVE = {"secretId"}
"""Ids that are the vendor's own: any text may be one."""


@each_row_of_each_generation
async def test_a_change_is_made_once_and_seen_at_once(graph: Graph, row: Row, here: World) -> None:
    """By two at the same time and one after them; the same key with another input is refused."""
    given = row.input(here)
    first, second = await asyncio.gather(order(graph, row, given), order(graph, row, given))
    third = await order(graph, row, given)
    other = await order(graph, row, {**given, **row.other(here)})

    assert row.holds(here, outcome(first))
    assert outcome(first) == outcome(second) == outcome(third)
    assert user_errors(other) == [("IDEMPOTENCY_KEY_REUSED", ["idempotencyKey"], None)]
    assert await effects(graph, row) == 1
    if row.then:
        query, expected = row.then
        [changed] = outcome(first).values()
        id_ = changed if isinstance(changed, str) else changed["id"]
        assert await graph.data(f"query($id: ID!) {query}", id=id_) == expected(here, outcome(first))


def lost_answers() -> Iterator[Any]:
    """Each mutation with each fault that its vendor's answer can have, each on one of the generations."""
    for row in ROWS:
        yield pytest.param("v2", row, AFTER["garbled"], id=f"v2-{row}-garbled")
        if row.has_body:
            yield pytest.param("v3", row, AFTER["cut"], id=f"v3-{row}-cut")
        if row.has_body and not row.is_patient:
            yield pytest.param("v3", row, AFTER["stalled"], id=f"v3-{row}-stalled")
        if not row.has_body:
            yield pytest.param("v3", row, AFTER["garbled"], id=f"v3-{row}-garbled")


@pytest.mark.parametrize(("generation", "row", "fault"), list(lost_answers()))
async def test_what_was_done_is_found_when_its_answer_is_lost(
    graph: Graph, row: Row, fault: dict[str, Any], here: World
) -> None:
    """At once, and nothing is sent again."""
    await armed(graph, row, **fault)
    found = outcome(await order(graph, row, row.input(here)))
    again = outcome(await order(graph, row, row.input(here)))

    assert row.holds(here, found)
    assert again == found
    assert await effects(graph, row) == 1


@pytest.mark.parametrize(("generation", "fault"), [("v3", "dropped"), ("v2", "failed")])
@each_row
async def test_what_may_have_happened_is_said_to_be_unknown_until_it_is_certain(
    graph: Graph, row: Row, fault: str, here: World, tmp_path: Path
) -> None:
    """A try too early sends nothing. When an effect would have shown by now, it is sent for the second time."""
    await armed(graph, row, **BEFORE[fault])
    for _ in range(2):
        error = only_error(await order(graph, row, row.input(here)))["extensions"]
        assert (error["code"], error["retryable"]) == ("UPSTREAM_UNKNOWN_OUTCOME", True)
        assert 0 < error["retryAfter"] <= 240
        assert await effects(graph, row) == 0
    await time_passes(tmp_path)
    done = outcome(await order(graph, row, row.input(here)))

    assert row.holds(here, done)
    assert outcome(await order(graph, row, row.input(here))) == done
    assert await effects(graph, row) == 1


@each_row_of_each_generation
async def test_what_did_not_happen_is_told_and_done_when_asked_for_anew(graph: Graph, row: Row, here: World) -> None:
    """A refusal stays with its key and is not sent again. What never left is forgotten."""
    given = row.input(here)
    wrong = {name: "x" for name in given if name.endswith("Id") and name not in NATIVE}
    if wrong:
        told = user_errors(await order(graph, row, {**given, **wrong}))
        assert sorted(told) == sorted(("INVALID", [name], None) for name in wrong)
    assert user_errors(await order(graph, row, given, key="")) == [
        ("IDEMPOTENCY_KEY_INVALID", ["idempotencyKey"], None)
    ]
    for status, vendor_code, code in REFUSALS:
        body = f'{{"errorCode":"{vendor_code}","errorMessage":"no"}}'
        await armed(graph, row, status=status, body=body)
        told, again = [user_errors(await order(graph, row, given, key=vendor_code)) for _ in range(2)]
        assert [(error[0], error[2]) for error in told] == [(code, vendor_code)]
        assert told == again
    await armed(graph, row, status=429, headers={"retry-after": "3"}, body="")
    assert codes(await order(graph, row, given)) == ["UPSTREAM_RATE_LIMITED"]
    assert await effects(graph, row) == 0

    assert row.holds(here, outcome(await order(graph, row, given)))
    assert await effects(graph, row) == 1


async def armed(graph: Graph, row: Row, **fault: Any) -> None:
    """The mutation's next call at the vendor ends with a fault."""
    method, path = row.calls
    await graph.fault("formance", path, method=method, **fault)
