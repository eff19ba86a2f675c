"""Over HTTP: an operation is for callers, the page for everybody, a trace for those who may see it."""

import httpx
import pytest

from tests.conftest import Graph, Start
from tests.tokens import SETTINGS, bearer, token

ASKED = {"query": "{ providers { provider } }"}


async def post(
    graph: Graph, *, body: bytes | None = None, headers: list[tuple[str, str]] | None = None
) -> httpx.Response:
    """The answer to an operation, or to whatever the body is."""
    given = [("content-type", "application/json"), *(headers or [])]
    content = body if body is not None else b'{"query": "{ providers { provider } }"}'
    return await graph.client.post("/graphql", content=content, headers=given)


async def test_an_operation_with_a_valid_token_is_answered(start: Start) -> None:
    async with start(**SETTINGS) as graph:
        answer = await graph.client.post("/graphql", json=ASKED, headers=bearer())

    assert answer.status_code == 200
    assert len(answer.json()["data"]["providers"]) == 3


async def test_an_operation_without_a_token_is_refused_in_the_words_of_both_standards(start: Start) -> None:
    """RFC 6750: who sent no token is not told of an error. GraphQL: `errors` with a code."""
    async with start(**SETTINGS) as graph:
        answer = await post(graph, headers=[("x-request-id", "r-1")])

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="tributary"')
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "errors": [
            {
                "message": "This needs a bearer token.",
                "extensions": {"code": "UNAUTHENTICATED", "requestId": "r-1"},
            }
        ]
    }


async def test_an_invalid_token_is_refused_as_one(start: Start) -> None:
    async with start(**SETTINGS) as graph:
        answer = await post(graph, headers=list(bearer(ttl=-60).items()))

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="tributary", error="invalid_token"'
    assert answer.json()["errors"][0]["message"] == "The bearer token is not valid."


@pytest.mark.parametrize("body", [b"", b"null", b"{", b'{"query": "{{{{"}', b"\xff", b"[" * 10_000], ids=repr)
async def test_nothing_of_a_stranger_s_body_is_looked_at(start: Start, body: bytes) -> None:
    async with start(**SETTINGS) as graph:
        answer = await post(graph, body=body)

    assert answer.status_code == 401


async def test_a_stranger_s_get_is_refused_too(start: Start) -> None:
    async with start(**SETTINGS) as graph:
        refused = await graph.client.get("/graphql", params=ASKED)
        answered = await graph.client.get("/graphql", params=ASKED, headers=bearer())

    assert (refused.status_code, answered.status_code) == (401, 200)


async def test_a_token_is_read_from_its_header_alone(start: Start) -> None:
    """Addresses are written into logs, bodies into records."""
    async with start(**SETTINGS) as graph:
        in_address = await graph.client.get("/graphql", params={**ASKED, "access_token": token()})
        in_body = await graph.client.post("/graphql", json={**ASKED, "access_token": token()})
        in_cookie = await graph.client.post(
            "/graphql", json=ASKED, headers={"cookie": f"authorization=Bearer {token()}"}
        )

    assert [answer.status_code for answer in (in_address, in_body, in_cookie)] == [401] * 3


async def test_two_authorizations_are_refused_even_when_both_are_valid(start: Start) -> None:
    """A proxy in front may have looked at the other one."""
    one, two = (("authorization", f"Bearer {token(sub=name)}") for name in ("user-1", "user-2"))
    async with start(**SETTINGS) as graph:
        answers = [await post(graph, headers=[one, two]), await post(graph, headers=[one, one])]

    assert [answer.status_code for answer in answers] == [401, 401]


async def test_the_page_and_the_probes_are_for_everybody(start: Start) -> None:
    async with start(**SETTINGS) as graph:
        page = await graph.client.get("/graphql", headers={"accept": "text/html"})
        probes = [await graph.client.get(path) for path in ("/livez", "/readyz")]

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert [probe.status_code for probe in probes] == [200, 200]


async def test_a_trace_is_for_callers_who_may_see_traces(start: Start) -> None:
    traced = {"x-upstream-trace": "1"}
    async with start(TRACES="scope", **SETTINGS) as graph:
        shown = await graph.client.post("/graphql", json=ASKED, headers={**bearer(), **traced})
        hidden = await graph.client.post(
            "/graphql", json=ASKED, headers={**bearer(scopes=["providers:read"]), **traced}
        )

    assert "upstream" in shown.json()["extensions"]
    assert "upstream" not in hidden.json().get("extensions", {})


async def test_without_settings_nobody_has_to_say_who_they_are(graph: Graph) -> None:
    """And a token that nobody can check says nothing."""
    assert (await graph.client.post("/graphql", json=ASKED, headers={"authorization": "Bearer x"})).status_code == 200
