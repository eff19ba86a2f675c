"""Every answer carries an id, the caller's own when it is a plain one."""

import pytest

from tests.conftest import Graph


@pytest.mark.parametrize("given", ["a", "0191f6e2-7d1b-7c7e-9f3a-2b1c5d9e8f00", "trace.17_b", "x" * 128])
async def test_a_plain_id_is_taken_and_sent_back(graph: Graph, given: str) -> None:
    response = await graph.client.post("/graphql", json={"query": "{"}, headers={"x-request-id": given})

    assert response.headers.get_list("x-request-id") == [given]
    assert response.json()["errors"][0]["extensions"]["requestId"] == given


@pytest.mark.parametrize("given", ["", " ", "a b", "x" * 129, 'a"b', "a\\n", "<script>", "ä", "{jndi}"])
async def test_any_other_id_is_replaced(graph: Graph, given: str) -> None:
    """So that no caller writes into the log what it likes."""
    headers = {b"x-request-id": given.encode("latin-1")}
    response = await graph.client.post("/graphql", json={"query": "{"}, headers=headers)

    (chosen,) = response.headers.get_list("x-request-id")
    assert chosen != given
    assert len(chosen) == 32
    assert response.json()["errors"][0]["extensions"]["requestId"] == chosen


async def test_each_request_without_an_id_gets_one_of_its_own(graph: Graph) -> None:
    """On every path, also where nothing is."""
    ids = {(await graph.client.get(path)).headers["x-request-id"] for path in ("/livez", "/readyz", "/nothing") * 2}

    assert len(ids) == 6
