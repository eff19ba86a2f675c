"""Callers of different customers at once, over vendors that fail: work is shared, what is seen is not."""

import pytest

from resolvers.access import binding
from tests.access.together import together
from tests.conftest import Graph


async def test_no_answer_holds_anothers_data_while_vendors_fail(graph: Graph) -> None:
    """The short form of what `python -m tests.access.together --seconds 60` does."""
    counted = await together(graph, rounds=4)

    assert counted["leaks"] == 0
    assert counted["answers"] == 32
    assert counted["with failures"] >= 4
    assert counted["with their own"] >= 24


async def test_leaks_would_be_counted(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """With rules that allow everything, callers see one another's."""

    async def anything(*_: object) -> bool:
        return True

    for type_ in binding._RULES:
        monkeypatch.setitem(binding._RULES, type_, anything)
    assert (await together(graph, rounds=1))["leaks"] > 20
