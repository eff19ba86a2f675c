"""Apollo's automatic persisted queries: a hash at first, the text when the server does not know it, then the hash."""

import hashlib
from typing import Any

import pytest
from graphql import parse

from providers.config import Environment
from resolvers.screening import Asked, Refused
from serving.persisted import Persisted
from serving.persisted.automatic import MOST_BYTES_OF_ONE, OVERHEAD, Automatic
from tests.conftest import Graph, Start
from tests.serving.persisted.asking import refusal, send

QUERY = "query Named($first: Int) { customers(first: $first) { nodes { name } } }"
UNKNOWN = (200, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")


def named(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(text.encode()).hexdigest()}}


async def is_known(graph: Graph, text: str) -> bool:
    """Whether the hash alone runs the text."""
    response = await send(graph, "POST", extensions=named(text))
    return "errors" not in response.json() or refusal(response) != UNKNOWN


@pytest.mark.parametrize("first", ["POST", "GET"])
@pytest.mark.parametrize("second", ["POST", "GET"])
async def test_a_text_that_was_sent_once_runs_by_its_hash(graph: Graph, first: str, second: str) -> None:
    unknown = await send(graph, first, extensions=named(QUERY))
    sent = await send(graph, first, query=QUERY, extensions=named(QUERY), variables={"first": 1})
    again = await send(graph, second, extensions=named(QUERY), variables={"first": 1})

    assert refusal(unknown) == UNKNOWN
    assert unknown.headers["cache-control"] == "no-store"
    assert sent.json() == again.json() == {"data": {"customers": {"nodes": [{"name": "Ada Lovelace"}]}}}


async def test_another_text_under_a_hash_is_refused_and_not_kept(graph: Graph) -> None:
    poisoned = await send(graph, "POST", query="{ __typename }", extensions=named(QUERY))

    assert refusal(poisoned) == (400, "BAD_REQUEST", "provided sha does not match query")
    assert not await is_known(graph, QUERY)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "garbage",
        "{ nothing }",
        "query A { a: __typename } query B { b: __typename }",
        "{ __schema { description } }",
    ],
)
async def test_what_is_refused_is_not_kept(start: Start, text: str) -> None:
    async with start(INTROSPECTION="off") as graph:
        answer = (await send(graph, "POST", query=text, extensions=named(text))).json()

        assert answer["errors"]
        assert not await is_known(graph, text)


async def test_a_text_without_its_hash_is_not_kept(graph: Graph) -> None:
    await graph.data("{ __typename }")

    assert not await is_known(graph, "{ __typename }")


async def test_a_mutation_by_its_hash_does_not_run_by_get(graph: Graph) -> None:
    text = "mutation M($i: CreatePoolInput!) { createPool(input: $i) { pool { id } userErrors { code } } }"
    order = {"i": {"name": "", "accountIds": [], "idempotencyKey": "k"}}
    await send(graph, "POST", query=text, extensions=named(text), variables=order)
    response = await send(graph, "GET", extensions=named(text), variables=order)

    assert await is_known(graph, text)
    assert refusal(response)[2] == "mutations are not allowed when using GET"


async def test_turned_off_it_says_so_and_texts_run_as_ever(start: Start) -> None:
    async with start(APQ="off") as graph:
        sent = await send(graph, "POST", query="{ __typename }", extensions=named("{ __typename }"))
        asked = await send(graph, "POST", extensions=named("{ __typename }"))

    assert sent.json() == {"data": {"__typename": "Query"}}
    assert refusal(asked) == (200, "PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")


@pytest.mark.parametrize(
    "extension",
    [
        1,
        "x",
        [],
        {},
        {"version": 2, "sha256Hash": "0" * 64},
        {"version": 1},
        {"version": 1, "sha256Hash": 5},
        {"version": 1, "sha256Hash": None},
    ],
    ids=str,
)
@pytest.mark.parametrize("body", [{}, {"query": "{ __typename }"}], ids=["hash only", "with a text"])
async def test_an_odd_extension_is_refused(graph: Graph, extension: object, body: dict[str, str]) -> None:
    response = await send(graph, "POST", **body, extensions={"persistedQuery": extension})

    assert refusal(response)[:2] == (400, "BAD_REQUEST")


async def test_the_newer_media_type_says_by_its_status_that_nothing_ran(graph: Graph) -> None:
    newer = "application/graphql-response+json"
    response = await graph.client.post("/graphql", json={"extensions": named(QUERY)}, headers={"accept": newer})

    assert response.headers["content-type"] == newer
    assert refusal(response) == (400, *UNKNOWN[1:])


def asked(text: str) -> Asked:
    context: Any = None
    return Asked(document=parse(text), operation_name=None, variables={}, extensions=named(text), context=context)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_only_so_many_bytes_are_kept_and_the_latest_used_stay() -> None:
    texts = [f"{{ a{number}: __typename }}" for number in range(10)]
    automatic = Automatic(most_bytes=4 * (len(texts[0]) + OVERHEAD))
    for text in texts:
        automatic.remember(asked(text))
        automatic.get(digest(texts[0]))

    assert [text for text in texts if automatic.get(digest(text))] == [texts[0], *texts[-3:]]


def test_bytes_are_counted_and_not_characters() -> None:
    text = '{ node(id: "' + "€" * (MOST_BYTES_OF_ONE // 3) + '") { id } }'
    automatic = Automatic()
    automatic.remember(asked(text))

    assert len(text) < MOST_BYTES_OF_ONE - OVERHEAD
    assert automatic.get(digest(text)) is None


def test_half_a_surrogate_pair_is_no_error() -> None:
    """A text frame of a WebSocket can hold one, escaped."""
    Persisted.read(Environment({})).resolve({"query": '{ node(id: "\ud800") { id } }'})
    with pytest.raises(Refused, match="provided sha does not match query"):
        Persisted.read(Environment({})).resolve({"query": "\ud800", "extensions": named("x")})
