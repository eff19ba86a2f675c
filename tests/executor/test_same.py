"""Generated operations get the same answers from a plan as from graphql-core."""

import pytest
from graphql import ExecutionResult, GraphQLError

from tests.executor.compared import collect, compare, differences

EACH = 25


@pytest.fixture(autouse=True)
def given_up() -> object:
    """What was given up below null positions ends before the next test."""
    yield
    collect()


@pytest.mark.parametrize("first", [0, 100_000, 200_000])
async def test_generated_operations_have_equal_answers(first: int) -> None:
    compared = await compare(range(first, first + EACH))

    assert compared.differences == []
    assert compared.operations == EACH
    assert compared.with_errors > EACH / 2


def test_different_answers_are_told() -> None:
    """Another value, another error, an error too many: each is seen."""
    one = GraphQLError("One.", path=["a"])
    two = GraphQLError("Two.", path=["a"])
    fine = ExecutionResult({"a": None, "b": 1}, [one])

    assert differences(fine, ExecutionResult({"a": None, "b": 1}, [one])) == ""
    assert differences(fine, ExecutionResult({"a": None, "b": 1}, [two])) == ""  # of one null position, either
    assert "b" in differences(fine, ExecutionResult({"a": None, "b": 2}, [one]))
    assert "errors" in differences(fine, ExecutionResult({"a": None, "b": 1}, None))
    assert "errors" in differences(
        fine, ExecutionResult({"a": None, "b": 1}, [one, GraphQLError("Three.", path=["b"])])
    )
