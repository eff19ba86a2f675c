"""How `make test` shares out the suite, and by which tests it measures coverage."""

from collections.abc import Iterator
from typing import Any

import pytest
from coverage import Coverage
from xdist.scheduler import LoadScopeScheduling

ALONE = (
    "tests/processes/",
    "tests/chaos/",
    "tests/faults/",
    "tests/replicas/",
    "tests/explorer/",
    "tests/resolvers/orders/test_slow.py",
    "tests/resolvers/orders/test_doubts.py",
    "tests/resolvers/orders/test_refreshes",
    "tests/providers/formance/test_sandbox_workflows.py",
    "tests/serving/auth/test_rotation.py",
)
"""Tests that are about time, or start many processes: `make test` runs them after the others, one or two at a time."""
MANY_PROCESSES = (
    "tests/processes/",
    "tests/chaos/",
    "tests/replicas/",
    "tests/explorer/",
    "tests/serving/test_workers.py",
)
"""Those of them that mostly wait for other processes, and therefore run beside the rest."""
REPEATED = (
    "tests/access/test_orders.py",
    "tests/access/test_walk.py",
    "tests/benchmarks/",
    "tests/docs/",
    "tests/executor/test_graphql_core.py",
    "tests/executor/test_same.py",
    "tests/federation/",
    "tests/fuzz/",
    "tests/hostile/",
    "tests/operations/",
    "tests/refusals/",
    "tests/resolvers/once/test_interleavings.py",
    "tests/resolvers/orders/test_matrix.py",
    "tests/sdk/",
    "tests/serving/cost/test_generated.py",
)
"""Tests that go through the same code again and again: to measure what they reach would take them half their time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is to run alone."""
    for item in items:
        if item.nodeid.startswith(ALONE):
            item.add_marker(pytest.mark.alone)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Measure coverage by the tests whose aim is a behaviour of their own."""
    if item.nodeid.startswith(REPEATED):
        while measuring := Coverage.current():  # workers have two, one within the other
            measuring.stop()
            _stopped.append(measuring)
    else:
        while _stopped:
            _stopped.pop().start()
    return (yield)


_stopped: list[Coverage] = []
"""Until the next test that is measured, because to start takes 7 ms."""


class _ByKind(LoadScopeScheduling):
    """Gives one worker the tests of many processes, and another one the rest."""

    def _split_scope(self, nodeid: str) -> str:
        return "processes" if nodeid.startswith(MANY_PROCESSES) else "time"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """Share out the tests that are to run alone, which are the only ones to be given by scopes."""
    return _ByKind(config, log) if config.getvalue("dist") == "loadscope" else None
