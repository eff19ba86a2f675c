"""The manifests that client tools write, as they wrote them: each of their documents runs by its id."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from providers.config import ConfigurationError, Environment
from serving.app import create
from serving.persisted.manifest import MOST_BYTES, read
from serving.settings import Settings
from tests.conftest import Start
from tests.serving.persisted.asking import refusal, send

FOLDER = Path(__file__).with_name("manifests")
MANIFESTS = sorted(path.name for path in FOLDER.glob("*.json"))
ADA = "WzEsIkN1c3RvbWVyIixudWxsLFsiY3VzXzAwMDEiXV0"
GOOD = "{ __typename }"


def customers(manifest: str) -> tuple[str, str]:
    """Id and text of the document that lists customers."""
    texts = read(FOLDER / manifest, setting="X")
    (found,) = [(id_, text) for id_, text in texts.items() if "customers(first: $first)" in text]
    return found


def spoken(path: Path) -> str:
    """Why the server does not start with this manifest."""
    environment = Environment({"PERSISTED_DOCUMENTS": str(path)})
    with pytest.raises(ConfigurationError) as caught:
        create(environment, Settings.read(environment))
    return str(caught.value)


def test_the_manifests_are_those_of_three_tools() -> None:
    assert {name.partition("-")[0].removesuffix(".json") for name in MANIFESTS} == {"apollo", "codegen", "relay"}


@pytest.mark.parametrize("manifest", MANIFESTS)
async def test_a_document_runs_by_the_id_that_its_tool_gave_it(start: Start, manifest: str) -> None:
    """By either method, under each name that clients have for it."""
    id_, _ = customers(manifest)
    ways: list[dict[str, Any]] = [{"documentId": id_}, {"id": id_}, {"doc_id": id_}]
    ways.append({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": id_}}})
    async with start(PERSISTED_DOCUMENTS=str(FOLDER / manifest)) as graph:
        responses = [
            await send(graph, method, **way, variables={"first": 1}) for way in ways for method in ("POST", "GET")
        ]

    names = [response.json()["data"]["customers"]["nodes"][0]["name"] for response in responses]
    assert names == ["Ada Lovelace"] * 8


@pytest.mark.parametrize("manifest", MANIFESTS)
async def test_every_text_is_also_found_by_its_sha256(start: Start, manifest: str) -> None:
    """With the prefix of GraphQL over HTTP and without, whatever the tool's own ids are."""
    _, text = customers(manifest)
    digest = hashlib.sha256(text.encode()).hexdigest()
    async with start(PERSISTED_DOCUMENTS=str(FOLDER / manifest), PERSISTED_DOCUMENTS_ONLY="true") as graph:
        answers = [(await send(graph, "POST", documentId=id_)).json() for id_ in (digest, f"sha256:{digest}")]

    assert answers[0] == answers[1]
    assert len(answers[0]["data"]["customers"]["nodes"]) == 2


async def test_a_fragment_and_variables_go_with_the_document(start: Start) -> None:
    (id_,) = [id_ for id_, text in read(FOLDER / "relay.json", setting="X").items() if "fragment" in text]
    async with start(PERSISTED_DOCUMENTS=str(FOLDER / "relay.json")) as graph:
        response = await send(graph, "POST", id=id_, variables={"id": ADA}, operationName="AppAccountsQuery")

    assert response.json()["data"]["customer"]["name"] == "Ada Lovelace"
    assert len(response.json()["data"]["customer"]["accounts"]["nodes"]) == 5


async def test_a_listed_mutation_does_not_run_by_get(start: Start) -> None:
    (id_,) = [id_ for id_, text in read(FOLDER / "codegen.json", setting="X").items() if "mutation" in text]
    async with start(PERSISTED_DOCUMENTS=str(FOLDER / "codegen.json")) as graph:
        response = await send(graph, "GET", documentId=id_, variables={"input": {}})

    assert refusal(response)[2] == "mutations are not allowed when using GET"
    assert 400 <= response.status_code < 500


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"good": GOOD, "bad-17": "{ nothing }"}, "'bad-17' is not valid here: Cannot query field 'nothing'"),
        ({"cut": "{ customers"}, "'cut' is not valid here: Syntax Error"),
        ({"long": '{ customers(first: """1\n2""") { totalCount } }'}, "'long' is not valid here: Int cannot"),
        (
            {"deep": "{ " + "customers { nodes { accounts { nodes { customer { " * 9 + "id" + " }" * 46},
            "'deep' is not valid here: This is too large to run: `depth`",
        ),
        ({"large": "{ __typename } #" + "x" * 65_536}, "'large' is not valid here: This is too large to run"),
        ({"empty": ""}, "'empty' is not valid here"),
        ({"sha256:" + "0" * 64: GOOD}, "the id is not the hash of the text"),
        ({"fine\nINFO": "{ nothing }"}, "'fine\\nINFO'"),
        ({}, "lists no document"),
        ({"format": "apollo-persisted-query-manifest", "version": 1, "operations": []}, "lists no document"),
        ({"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}, "another version"),
        ({"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a"}]}, "is no manifest"),
        (
            {
                "format": "apollo-persisted-query-manifest",
                "version": 1,
                "operations": [{"id": "a", "body": GOOD}, {"id": "a", "body": "{ x: __typename }"}],
            },
            "lists 'a' with two texts",
        ),
        ({"a": 1}, "is no manifest"),
        ([["a", GOOD]], "is no manifest"),
        (None, "is no manifest"),
    ],
)
def test_a_manifest_that_would_fail_its_users_stops_the_start(tmp_path: Path, content: object, named: str) -> None:
    """It names the setting and the document, in one line."""
    path = tmp_path / "documents.json"
    path.write_text(json.dumps(content))
    said = spoken(path)

    assert said.startswith("PERSISTED_DOCUMENTS")
    assert named in said
    assert "\n" not in said
    assert str(tmp_path) not in said


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000], ids=["nothing", "cut", "no text", "deep"])
def test_a_file_that_is_no_json_stops_the_start(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "documents.json").write_bytes(content)

    assert "is no manifest" in spoken(tmp_path / "documents.json")


def test_a_file_that_is_not_there_or_too_large_stops_the_start(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(MOST_BYTES + 1)

    assert spoken(tmp_path / "absent") == "PERSISTED_DOCUMENTS cannot be read: No such file or directory"
    assert spoken(tmp_path) == "PERSISTED_DOCUMENTS cannot be read: Is a directory"
    assert f"more than {MOST_BYTES} bytes" in spoken(tmp_path / "large")
