"""Which operation runs is said by the request, and never guessed."""

import pytest

from tests.conftest import Graph

TWO = "query A { a: __typename } query B { b: __typename }"


async def post(graph: Graph, **body: object) -> tuple[int, dict[str, object]]:
    response = await graph.client.post("/graphql", json=body)
    return response.status_code, response.json()


@pytest.mark.parametrize("name", ["A", "B"])
async def test_the_operation_that_is_named_runs(graph: Graph, name: str) -> None:
    assert await post(graph, query=TWO, operationName=name) == (200, {"data": {name.lower(): "Query"}})


@pytest.mark.parametrize(("name", "code"), [(None, "BAD_USER_INPUT"), ("C", "BAD_REQUEST"), ("", "BAD_REQUEST")])
async def test_an_operation_is_not_guessed(graph: Graph, name: str | None, code: str) -> None:
    status, answer = await post(graph, query=TWO, operationName=name)
    [error] = answer["errors"]
    assert status == 400
    assert error["extensions"]["code"] == code
    assert "data" not in answer
