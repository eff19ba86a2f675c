"""A request to `/graphql` by either method, and what of its answer matters here."""

import json
from typing import Any

import httpx

from tests.conftest import Graph


async def send(graph: Graph, method: str, **body: Any) -> httpx.Response:
    """A request with these parameters; a GET has objects as JSON."""
    if method == "POST":
        return await graph.client.post("/graphql", json=body)
    parameters = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
    return await graph.client.get("/graphql", params=parameters)


def refusal(response: httpx.Response) -> tuple[int, str, str]:
    """Status, code and message of an answer that holds one error and nothing else."""
    assert set(response.json()) == {"errors"}
    (error,) = response.json()["errors"]
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    return response.status_code, error["extensions"]["code"], error["message"]
