"""A real server with a live vendor, on a real socket: what it tells to whom, and what it runs."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from resolvers.caller import Scope
from tests.process import Process, serving
from tests.serving.persisted.test_manifest import FOLDER, customers
from tests.tokens import SETTINGS, bearer

# Behind this address nobody answers, which hinders no start.
LIVE = {"PLUGGY_CLIENT_ID": "a", "PLUGGY_CLIENT_SECRET": "b", "PLUGGY_BASE_URL": "http://127.0.0.1:9", **SETTINGS}
PLAIN = [scope for scope in Scope if scope not in {Scope.SCHEMA_READ, Scope.TRACES_READ}]
MODES = "{ providers { provider mode } }"
FULL = "{ __schema { types { name fields { name } } } }"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A server with a live vendor and nothing set about what it tells."""
    with serving(tmp_path_factory.mktemp("live"), **LIVE) as process:
        yield process


def ask(process: Process, *, scopes: list[Scope], **body: Any) -> httpx.Response:
    headers = {**bearer(scopes=scopes), "x-upstream-trace": "1"}
    return httpx.post(f"{process.url}/graphql", json=body, headers=headers, timeout=60)


def code(response: httpx.Response) -> tuple[int, str]:
    (error,) = response.json()["errors"]
    return response.status_code, error["extensions"]["code"]


def test_introspection_and_traces_are_for_those_with_their_scopes(live: Process) -> None:
    refused, plain = ask(live, scopes=PLAIN, query=FULL), ask(live, scopes=PLAIN, query=MODES)
    told, traced = ask(live, scopes=list(Scope), query=FULL), ask(live, scopes=list(Scope), query=MODES)

    assert code(refused) == (403, "INTROSPECTION_FORBIDDEN")
    assert set(plain.json()) == {"data"}
    assert len(told.json()["data"]["__schema"]["types"]) > 50
    assert traced.json()["data"] == plain.json()["data"]
    assert "upstream" in traced.json()["extensions"]


def test_names_are_not_suggested_and_no_page_is_shown(live: Process) -> None:
    misspelled = ask(live, scopes=list(Scope), query="{ customerz { id } }")
    page = httpx.get(f"{live.url}/graphql", headers={"accept": "text/html"}, timeout=60)

    assert misspelled.json()["errors"][0]["message"] == "Cannot query field 'customerz' on type 'Query'."
    assert page.status_code == 401
    assert "<" not in page.text
    assert httpx.get(f"{live.url}/explorer/assets/", timeout=60).status_code == 404
    assert httpx.get(f"{live.url}/sandbox/_calls", timeout=60).status_code == 404


def test_the_log_says_at_start_what_is_open(live: Process) -> None:
    (profile,) = [line for line in live.lines if line["message"] == "profile"]

    assert {name: profile[name] for name in ("auth", "introspection", "traces", "explorer", "suggestions")} == {
        "auth": "token",
        "introspection": "scope",
        "traces": "scope",
        "explorer": "off",
        "suggestions": "off",
    }


def test_a_stranger_learns_nothing_of_stored_documents(live: Process) -> None:
    """Without a token the answer is the same for a text that the server keeps and for one that it does not."""
    named = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(MODES.encode()).hexdigest()}}
    unknown = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}
    assert "data" in ask(live, scopes=PLAIN, query=MODES, extensions=named).json()
    assert "data" in ask(live, scopes=PLAIN, extensions=named).json()
    strangers = [httpx.post(f"{live.url}/graphql", json={"extensions": each}, timeout=60) for each in (named, unknown)]

    assert [code(answer) for answer in strangers] == [(401, "UNAUTHENTICATED")] * 2


def test_strictly_only_the_app_s_own_documents_run(tmp_path: Path) -> None:
    manifest = {"PERSISTED_DOCUMENTS": str(FOLDER / "codegen.json"), "PERSISTED_DOCUMENTS_ONLY": "true"}
    id_, text = customers("codegen.json")
    with serving(tmp_path, **SETTINGS, **manifest) as process:
        by_id = ask(process, scopes=PLAIN, documentId=id_, variables={"first": 1})
        by_text = ask(process, scopes=PLAIN, query=text, variables={"first": 1})
        without_scope = ask(process, scopes=[Scope.POOLS_READ], documentId=id_)
        free = ask(process, scopes=list(Scope), query=MODES)

    assert by_id.json()["data"] == by_text.json()["data"]
    assert by_id.json()["data"]["customers"]["nodes"][0]["name"] == "Ada Lovelace"
    assert without_scope.json()["data"] == {"customers": None}
    assert without_scope.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert code(free) == (403, "QUERY_NOT_IN_SAFELIST")
