"""The matrix of writes: every mutation in every situation has one effect and one outcome, on every process."""

from pathlib import Path

import pytest
from graphql import build_schema

from tests.processes.conftest import Played
from tests.processes.row import UNKNOWN, Row
from tests.processes.rows import ROWS, rows_of
from tests.processes.situations import OPEN, SITUATIONS, Seen

SCHEMA = Path(__file__).parents[2] / "schema" / "schema.graphql"
CASES = [("v3", situation) for situation in SITUATIONS] + [
    ("v2", situation) for situation in ("asked of two at once", "failed after", "failed before", "killed after")
]
"""Generations of servers and situations; what one generation does as the other is not waited for twice."""

each_case = pytest.mark.parametrize(
    ("generation", "situation", "row"),
    [
        pytest.param(generation, situation, row, id=f"{generation}-{situation}-{row}")
        for generation, situation in CASES
        for row in rows_of(generation)
    ],
)


def test_every_mutation_is_tried() -> None:
    mutations = build_schema(SCHEMA.read_text(encoding="utf-8")).mutation_type
    assert mutations
    assert set(mutations.fields) == {row.mutation for row in ROWS}


@each_case
def test_a_write_happens_once_and_its_outcome_is_told(
    played: Played, generation: str, situation: str, row: Row
) -> None:
    """Nobody is told that it failed when it may not have, and everybody is told the same in the end."""
    seen = next(each for each in played(generation, situation) if each.order.row is row)
    said = seen.said
    if generation in row.refused:
        assert {tuple(each.refusals) for each in said} == {(row.refused[generation],)}
        assert seen.effects == 0
        return
    assert {code for each in said for code in each.codes} <= OPEN
    assert not any(each.refusals for each in said)
    if row.is_untold and situation != "asked of two at once":
        assert_it_stays_unknown(seen, situation)
        return
    outcomes = [each.payload for each in said if not each.errors]
    assert len(outcomes) >= 2
    assert row.holds(seen.order.given, outcomes[0])
    assert all(each == outcomes[0] for each in outcomes)
    if row.is_keyed:
        assert seen.effects >= seen.orders
        return
    assert (seen.too_early, seen.effects) == (0, seen.orders)
    assert (situation == "failed before") <= (said[0].codes == said[1].codes == [UNKNOWN])


def assert_it_stays_unknown(seen: Seen, situation: str) -> None:
    """Every process says so, and none sends it again: not even when the vendor has not acted."""
    assert not any(each.payload for each in seen.said)
    assert len(seen.said) >= 2
    assert [each.codes for each in seen.said[-2:]] == [[UNKNOWN], [UNKNOWN]]
    assert (seen.too_early, seen.effects) == (0, 0 if situation == "failed before" else seen.orders)
