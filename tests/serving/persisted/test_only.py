"""`PERSISTED_DOCUMENTS_ONLY=true`: the documents of the manifest run, by id or in full, and nothing else does."""

import hashlib

import pytest

from providers.config import ConfigurationError, Environment
from serving.persisted import Persisted
from tests.conftest import Graph, Start
from tests.serving.persisted.asking import refusal, send
from tests.serving.persisted.test_manifest import FOLDER, customers

STRICT = {"PERSISTED_DOCUMENTS": str(FOLDER / "codegen.json"), "PERSISTED_DOCUMENTS_ONLY": "true"}
UNLISTED = "{ customers(first: 100) { nodes { id links { externalId } } } }"


def named(text: str) -> dict[str, object]:
    return {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(text.encode()).hexdigest()}}


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_the_full_text_of_a_listed_document_runs(start: Start, method: str) -> None:
    _, text = customers("codegen.json")
    async with start(**STRICT) as graph:
        response = await send(graph, method, query=text)

    assert len(response.json()["data"]["customers"]["nodes"]) == 2


@pytest.mark.parametrize("query", [UNLISTED, "{ __typename }", "{", "{ __schema { description } }"])
async def test_a_text_that_is_not_listed_does_not_run(start: Start, query: str) -> None:
    """Not even with a listed document's id beside it, and not when it differs from one by a blank."""
    id_, text = customers("codegen.json")
    bodies = [{}, {"documentId": id_}, {"extensions": named(query)}]
    async with start(**STRICT) as graph:
        await graph.forget_calls()
        responses = [await send(graph, "POST", query=text + " ")]
        responses += [await send(graph, method, query=query, **body) for body in bodies for method in ("POST", "GET")]
        calls = await graph.calls()

    assert {refusal(response)[:2] for response in responses} == {(403, "QUERY_NOT_IN_SAFELIST")}
    assert calls == []


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_an_id_that_is_not_listed_does_not_run(start: Start, method: str) -> None:
    async with start(**STRICT) as graph:
        responses = [
            await send(graph, method, documentId="sha256:" + "0" * 64),
            await send(graph, method, id=""),
            await send(graph, method, extensions=named(UNLISTED)),
        ]

    assert {refusal(response)[:2] for response in responses} == {(404, "PERSISTED_QUERY_NOT_IN_LIST")}


async def test_nobody_adds_a_document_while_it_runs(start: Start) -> None:
    """Automatic persisted queries are off, whatever `APQ` says."""
    async with start(**STRICT, APQ="on") as graph:
        await send(graph, "POST", query=UNLISTED, extensions=named(UNLISTED))
        response = await send(graph, "POST", extensions=named(UNLISTED))

    assert refusal(response)[1] == "PERSISTED_QUERY_NOT_IN_LIST"


async def test_without_strictness_other_texts_run_beside_the_manifest(start: Start) -> None:
    id_, _ = customers("codegen.json")
    async with start(PERSISTED_DOCUMENTS=str(FOLDER / "codegen.json")) as graph:
        free, listed = await send(graph, "POST", query="{ __typename }"), await send(graph, "POST", documentId=id_)

    assert free.json() == {"data": {"__typename": "Query"}}
    assert len(listed.json()["data"]["customers"]["nodes"]) == 2


@pytest.mark.parametrize("id_", [5, True, ["x"], {"a": 1}], ids=str)
async def test_an_id_that_is_no_text_is_refused(graph: Graph, id_: object) -> None:
    response = await send(graph, "POST", documentId=id_)

    assert refusal(response) == (400, "BAD_REQUEST", "The id of a document must be a string.")


def test_strictness_without_a_manifest_does_not_start() -> None:
    with pytest.raises(ConfigurationError, match="PERSISTED_DOCUMENTS_ONLY needs PERSISTED_DOCUMENTS"):
        Persisted.read(Environment({"PERSISTED_DOCUMENTS_ONLY": "true"}))
