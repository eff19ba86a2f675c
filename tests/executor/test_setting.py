"""`EXECUTOR` says whether plans are used; the answers are the same."""

from typing import Any

import pytest

from executor import hook
from tests.conftest import Start
from tests.resolvers.asking import TREE, person


@pytest.mark.parametrize(("chosen", "is_planned"), [("compiled", True), ("graphql-core", False)])
async def test_the_setting_decides(
    start: Start, monkeypatch: pytest.MonkeyPatch, chosen: str, *, is_planned: bool
) -> None:
    planned = []

    def seen(*given: Any) -> Any:
        planned.append(given)
        return made(*given)

    made = hook.plan_of
    monkeypatch.setattr(hook, "plan_of", seen)
    async with start(EXECUTOR=chosen) as graph:
        for _ in range(3):
            assert await graph.data("{ __typename }") == {"__typename": "Query"}
    assert bool(planned) is is_planned


async def test_both_give_the_same_tree(start: Start) -> None:
    """Of everything that hangs on a customer."""
    answers = []
    for chosen in ("compiled", "graphql-core"):
        async with start(EXECUTOR=chosen) as graph:
            answers.append(await graph.data(TREE, id=person(0)))
    assert answers[0] == answers[1]
