"""Requests that no client should send: each is refused with a 4xx, in GraphQL's words, and none harms the server."""

import json

import httpx
import pytest

from tests.conftest import Graph

JSON = {"content-type": "application/json"}
DEEP = 50_000
UTF_16 = "application/json; charset=utf-16"


def refusal(response: httpx.Response, code: str = "BAD_REQUEST") -> str:
    """The message; its envelope must be complete."""
    assert response.headers["content-type"] == "application/json"
    assert set(response.json()) == {"errors"}
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": code, "requestId": response.headers["x-request-id"]}
    message: str = error["message"]
    return message


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"1",
        b"{",
        b"\xff\xfe",
        b'{"query": "\xff"}',
        b'{"query": "\\ud800"}',
        b"{}",
        b'{"query": null}',
        b'{"query": ""}',
        b'{"query": 1}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "variables": "x"}',
        b'{"query": "{ __typename }", "variables": {"a": NaN}}',
        b'{"query": "{ __typename }", "variables": {"a": %s}}' % (b"1" * 6000),
        b'{"query": "{ __typename }", "extensions": 3}',
        b'{"query": "{ __typename }", "operationName": "Unknown"}',
        b'{"query": "{ __typename }", "operationName": 5}',
        b'{"query": "{ __typename }", "operationName": []}',
        b'{"query": ["{ __typename }"]}',
        b'{"query": {"a": 1}}',
        b'[{"query": "{ __typename }"}]',
    ],
    ids=lambda body: repr(body[:48]),
)
async def test_a_body_that_is_no_operation_is_refused(graph: Graph, body: bytes) -> None:
    response = await graph.client.post("/graphql", content=body, headers=JSON)

    assert response.status_code == 400
    assert refusal(response)


@pytest.mark.parametrize(("opened", "closed"), [(b"[", b"]"), (b'{"a":', b"}")], ids=["lists", "objects"])
async def test_variables_that_are_nested_without_end_are_refused(graph: Graph, opened: bytes, closed: bytes) -> None:
    deep = opened * DEEP + b"1" + closed * DEEP
    body = b'{"query": "query($x: ID!) { node(id: $x) { id } }", "variables": {"x": ' + deep + b"}}"
    response = await graph.client.post("/graphql", content=body, headers=JSON)

    assert response.status_code == 400
    assert refusal(response) == "The request's JSON is nested too deep, or has too many objects and lists."


@pytest.mark.parametrize("query", ["{a" * 500 + "}" * 500, "{a(b:" + "[" * 500 + "]" * 500 + ")}"])
async def test_a_document_that_is_nested_without_end_is_a_parse_error(graph: Graph, query: str) -> None:
    response = await graph.client.post("/graphql", content=json.dumps({"query": query}).encode(), headers=JSON)

    assert response.status_code == 200
    assert response.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"


@pytest.mark.parametrize(
    "sent", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x", UTF_16]
)
async def test_a_body_of_another_content_type_is_refused(graph: Graph, sent: str | None) -> None:
    """A browser sends these across sites without asking first."""
    headers = {"content-type": sent} if sent else {}
    response = await graph.client.post("/graphql", content=b'{"query": "{ __typename }"}', headers=headers)

    assert response.status_code == 415
    assert refusal(response, "UNSUPPORTED_MEDIA_TYPE") == "The body of a POST must be application/json, in UTF-8."


@pytest.mark.parametrize(
    "sent",
    [
        "application/json; charset=utf-8",
        "Application/JSON ; charset=UTF-8",
        'application/json;charset="utf-8"',
        "application/json; a*0*=%",
    ],
)
async def test_parameters_of_the_content_type_do_not_matter(graph: Graph, sent: str) -> None:
    response = await graph.client.post(
        "/graphql", content=b'{"query": "{ __typename }"}', headers={"content-type": sent}
    )

    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"query": ""},
        {"query": "{ __typename }", "variables": "{"},
        {"query": "{ __typename }", "variables": "[]"},
        {"query": "{ __typename }", "variables": ""},
        {"query": "{ __typename }", "extensions": "1"},
        {"query": ["{ __typename }", "{ b: __typename }"]},
    ],
)
async def test_a_get_without_an_operation_is_refused(graph: Graph, parameters: dict[str, str]) -> None:
    response = await graph.client.get("/graphql", params=parameters, headers={"accept": "application/json"})

    assert response.status_code == 400
    assert refusal(response)


async def test_a_get_may_leave_the_name_of_its_operation_empty(graph: Graph) -> None:
    response = await graph.client.get("/graphql", params={"query": "query A { __typename }", "operationName": ""})

    assert response.json() == {"data": {"__typename": "Query"}}
