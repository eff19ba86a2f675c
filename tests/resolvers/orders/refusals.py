"""What the servers of each generation refuse, as a table for each noun."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from tests.conftest import Graph
from tests.resolvers.orders.row import Row, World, effects, order, outcome, user_errors

Told = tuple[str, list[str], str | None]
"""Code, field and the vendor's code of a user error."""

INVALID: Told = ("UPSTREAM_REJECTED", [], "VALIDATION")
TAKEN: Told = ("UPSTREAM_REJECTED", [], "CONFLICT")
INCAPABLE: Told = ("UPSTREAM_REJECTED", [], "CONNECTOR_CAPABILITY_NOT_SUPPORTED")


def missing(*field: str) -> Told:
    """An object that is not there."""
    return ("NOT_FOUND", list(field), "NOT_FOUND")


class Case(msgspec.Struct, frozen=True):
    """A mutation with something changed in its input, and what each generation says; None when it takes it."""

    what: str
    row: Row
    change: Callable[[World], dict[str, Any]]
    v3: Told | None = None
    v2: Told | None = None


async def answers(graph: Graph, here: World, cases: Sequence[Case]) -> dict[str, Told | None]:
    """What is said to each case, each under a key of its own. A refusal has no effect, all else has one."""
    said: dict[str, Told | None] = {}
    for case in cases:
        before = await effects(graph, case.row)
        answer = await order(graph, case.row, {**case.row.input(here), **case.change(here)}, key=case.what)
        if answer.data[case.row.mutation]["userErrors"]:
            [said[case.what]] = user_errors(answer)
        else:
            said[case.what] = None
            outcome(answer)
        assert await effects(graph, case.row) - before == (said[case.what] is None)
    return said


def expected(cases: Sequence[Case], generation: str) -> dict[str, Told | None]:
    """What a generation says to each."""
    return {case.what: getattr(case, generation) for case in cases}
