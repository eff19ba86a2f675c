"""Every fault at every call that reads workflows: that field is null with one typed error, all else answers."""

from pathlib import Path
from typing import Any

import pytest

from tests.faults.kinds import NUMBERS, Kind
from tests.faults.live import in_process
from tests.faults.test_matrix import KEYS, PATIENCE, QUICK, SECRETS

PLACES: tuple[tuple[str, str, list[Any]], ...] = (
    ("workflows", "{ workflows { nodes { id } } triggers { nodes { id } } }", ["workflows"]),
    (
        "instances",
        "{ workflows { nodes { name instances { nodes { id } } } } }",
        ["workflows", "nodes", 0, "instances"],
    ),
    ("triggers", "{ workflows { nodes { name triggers { name } } } }", ["workflows", "nodes", 0, "triggers"]),
    (
        "instances/*",
        "{ workflowInstances(first: 1) { nodes { id stages { number } } } }",
        ["workflowInstances", "nodes", 0, "stages"],
    ),
    (
        "instances/*/history",
        "{ workflowInstances(first: 1) { nodes { id history { name } } } }",
        ["workflowInstances", "nodes", 0, "history"],
    ),
    (
        "instances/*/stages/0/history",
        "{ workflowInstances(first: 1) { nodes { stages { number history { name } } } } }",
        ["workflowInstances", "nodes", 0, "stages", 0, "history"],
    ),
    (
        "triggers/*/occurrences",
        "{ triggers(first: 1) { nodes { name occurrences { nodes { date } } } } }",
        ["triggers", "nodes", 0, "occurrences"],
    ),
    (
        "triggers/*/test",
        "{ triggers(first: 1) { nodes { name test(event: {}) { matches } } } }",
        ["triggers", "nodes", 0, "test"],
    ),
)
"""A path of the service, a query that needs it, and what the query loses without it."""


ROOT = "/api/orchestration/v2"


LIGHT = [kind for kind in QUICK if kind.name not in {"200 MB", "gzip bomb", "429, 1 s", "Infinity"}]
"""Those that neither wait for the vendor nor for the machine."""


@pytest.mark.parametrize("kind", LIGHT, ids=lambda kind: kind.name)
async def test_a_fault_costs_what_hangs_on_it(kind: Kind, tmp_path: Path) -> None:
    """And is gone when the vendor is well again."""
    effect = dict(kind.effect)
    if kind.name in NUMBERS:
        effect["body"] = f'{{"cursor": {NUMBERS[kind.name]}, "data": {NUMBERS[kind.name]}}}'
    async with in_process(tmp_path, **PATIENCE) as graph:
        await graph.data("{ workflows(first: 1) { nodes { id } } }")
        for path, query, lost in PLACES:
            await graph.fault("formance", f"{ROOT}/{path}", times=1000, **effect)
            answer = await graph.ask(query)
            await graph.heal()

            assert _found(answer.data, lost) is None
            assert all(error["extensions"]["code"] == kind.code for error in answer.errors)
            told = next(error["extensions"] for error in answer.errors if error["path"] == lost)
            assert set(told) >= KEYS
            assert (told["retryable"], told["retryAfter"]) == (kind.retryable, kind.retry_after)
            assert SECRETS.findall(answer.response.text) == []
            whole = await graph.ask(query)
            assert whole.errors == []
            assert _found(whole.data, lost) is not None


def _found(data: Any, way: list[Any]) -> Any:
    for step in way:
        data = data[step]
    return data
