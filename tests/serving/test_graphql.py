"""`/graphql` as programs and browsers use it."""

import pytest

from tests.conftest import Graph

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"


async def test_a_post_is_answered_with_exactly_these_bytes(graph: Graph) -> None:
    response = await graph.client.post("/graphql", json={"query": "{ __typename }"})

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.content == b'{"data":{"__typename":"Query"}}'


async def test_text_leaves_as_utf_8_and_not_as_escapes(graph: Graph) -> None:
    query = "query($p: Provider!) { accounts(provider: $p) { totalCount } }"
    response = await graph.client.post("/graphql", json={"query": query, "variables": {"p": "São Paulo"}})

    assert "São Paulo".encode() in response.content


async def test_a_get_is_answered_like_a_post(graph: Graph) -> None:
    """With variables as JSON, and an operation by name."""
    response = await graph.client.get(
        "/graphql",
        params={
            "query": "query A { a: __typename } query B($n: Int!) { customers(first: $n) { totalCount } }",
            "operationName": "B",
            "variables": '{"n": 1}',
        },
    )

    assert response.status_code == 200
    assert response.json() == {"data": {"customers": {"totalCount": None}}}


async def test_a_get_changes_nothing(graph: Graph) -> None:
    response = await graph.client.get("/graphql", params={"query": "mutation { anything }"})

    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.json()["errors"][0]["message"] == "mutations are not allowed when using GET"


async def test_a_browser_gets_a_page(graph: Graph) -> None:
    """And its own queries are answered with JSON, though it would take HTML as well."""
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = await graph.client.get("/graphql", headers=browser)
    asked = await graph.client.get("/graphql", headers=browser, params={"query": "{ __typename }"})

    assert page.headers["content-type"].startswith("text/html")
    assert page.text.startswith("<!doctype html>")
    assert asked.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("query", "status"),
    [("{ __typename }", 200), ("{", 400), ("{ unknown }", 400), ('{ node(id: "?") { id } }', 200)],
    ids=["whole", "parse", "validation", "a field that failed"],
)
async def test_the_newer_media_type_says_by_its_status_whether_an_operation_ran(
    graph: Graph, query: str, status: int
) -> None:
    """With `application/json` all of these are 200, as older clients expect."""
    newer = await graph.client.post("/graphql", json={"query": query}, headers={"accept": GRAPHQL_JSON})
    older = await graph.client.post("/graphql", json={"query": query}, headers={"accept": "application/json"})

    assert (newer.status_code, newer.headers["content-type"]) == (status, GRAPHQL_JSON)
    assert (older.status_code, older.headers["content-type"]) == (200, "application/json")
    assert ("data" in newer.json()) is (status == 200)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "X"])
async def test_other_methods_are_refused(graph: Graph, method: str) -> None:
    response = await graph.client.request(method, "/graphql", json={"query": "{ __typename }"})

    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
    assert method == "HEAD" or response.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json, application/graphql-response+json;q=0.9", JSON),
        ("application/graphql-response+json;q=0, application/json", JSON),
        ("application/graphql-response+json, application/json;q=0.9, */*;q=0.1", GRAPHQL_JSON),
        ("application/json;q=0.5, Application/GraphQL-Response+JSON", GRAPHQL_JSON),
        ("application/json;q=0, */*", GRAPHQL_JSON),
        ("text/event-stream, application/graphql-response+json;charset=utf-8", GRAPHQL_JSON),
        ("application/json;q=abc", JSON),
        (",;=,,q", None),
        ("text/html", None),
        ("application/json;q=0", None),
        ("*/*;q=0", None),
    ],
)
async def test_an_answer_has_the_media_type_that_its_client_likes_best(
    graph: Graph, accept: str | None, answered: str | None
) -> None:
    """Who takes neither of the two is told so, before anything runs."""
    request = graph.client.build_request("POST", "/graphql", json={"query": "{ __typename }"})
    del request.headers["accept"]
    if accept is not None:
        request.headers["accept"] = accept
    response = await graph.client.send(request)

    assert response.status_code == (406 if answered is None else 200)
    assert response.headers["content-type"] == (answered or JSON)
    assert ("data" in response.json()) is (answered is not None)


async def test_no_cache_keeps_an_answer(graph: Graph) -> None:
    for query in ("{ __typename }", "mutation { x }", "{ x }"):
        response = await graph.client.get("/graphql", params={"query": query})
        assert (response.headers["cache-control"], response.headers["vary"]) == ("no-store", "accept")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "NOT_FOUND"),
        ("POST", "/graphql/x", 404, "NOT_FOUND"),
        ("DELETE", "/livez", 405, "METHOD_NOT_ALLOWED"),
    ],
)
async def test_what_is_not_here_is_refused_in_the_same_words(
    graph: Graph, method: str, path: str, status: int, code: str
) -> None:
    response = await graph.client.request(method, path)
    (error,) = response.json()["errors"]

    assert (response.status_code, response.headers["content-type"]) == (status, JSON)
    assert error["extensions"] == {"code": code, "requestId": response.headers["x-request-id"]}
