"""Documents that are made to cost much, sent to the real server: refused in words, and in no other client's way."""

import asyncio
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.hostile.documents import TOO_LARGE, VALID, WRONG
from tests.process import Process, serving

JSON = {"accept": "application/graphql-response+json"}
GOOD = "{ customers(first: 3) { nodes { id name accounts { nodes { id name } } } } }"
ANSWERS = 100
GROWTH = 50_000_000
CACHE = 4_000_000
IDS = '"a" ' * 240


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """As it comes, but with a smaller cache, so that few documents fill it."""
    with serving(tmp_path_factory.mktemp("documents"), DOCUMENT_CACHE_BYTES=str(CACHE)) as process:
        yield process


def asked(server: Process, query: str, **variables: Any) -> httpx.Response:
    """The answer to an operation."""
    body = {"query": query, "variables": variables}
    return httpx.post(f"{server.url}/graphql", json=body, headers=JSON, timeout=60)


def memory(server: Process) -> int:
    """Bytes that the server keeps in memory."""
    pages = Path(f"/proc/{server.process.pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096


@pytest.mark.parametrize(("query", "limit"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_what_is_too_large_is_refused_with_the_limit_and_the_number(server: Process, query: str, limit: str) -> None:
    response = asked(server, query)
    [error] = response.json()["errors"]
    said = error["extensions"]

    assert (response.status_code, said["code"], said["limit"]) == (400, "DOCUMENT_LIMIT_EXCEEDED", limit)
    assert said["value"] > said["maximum"] > 0
    assert str(said["maximum"]) in error["message"]
    assert "data" not in response.json()


@pytest.mark.parametrize("query", WRONG.values(), ids=WRONG)
def test_what_is_wrong_again_and_again_is_refused_with_few_errors(server: Process, query: str) -> None:
    response = asked(server, query)
    errors = response.json()["errors"]

    assert response.status_code == 400
    assert 1 <= len(errors) <= 11
    assert {error["extensions"]["code"] for error in errors} <= {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"}
    assert len(response.content) < 100_000


@pytest.mark.parametrize("query", [VALID["the usual introspection"], VALID["chain of 60 fragments"], GOOD])
def test_what_clients_need_is_answered(server: Process, query: str) -> None:
    response = asked(server, query)

    assert response.status_code == 200
    assert response.json().keys() == {"data"}


async def test_others_are_answered_while_hostile_documents_come(server: Process) -> None:
    """Four clients send one hostile document after another, each a new one. The good one gets more answers."""
    hostile, numbers = cycle([query for query, _ in TOO_LARGE.values()] + list(WRONG.values())), count()
    expected, answers = asked(server, GOOD), list[httpx.Response]()
    refused: list[int] = []
    async with httpx.AsyncClient(base_url=server.url, timeout=60, headers=JSON) as client:

        async def attack() -> None:
            while len(answers) < ANSWERS:
                response = await client.post("/graphql", json={"query": f"{next(hostile)} #{next(numbers)}"})
                refused.append(response.status_code)

        async with asyncio.TaskGroup() as attackers:
            for _ in range(4):
                attackers.create_task(attack())
            while len(answers) < ANSWERS:
                answers.append(await client.post("/graphql", json={"query": GOOD}))

    assert {response.status_code for response in answers} == {200}
    assert all(response.json() == expected.json() and "errors" not in response.json() for response in answers)
    assert set(refused) == {400}
    assert 4 <= len(refused) < 2 * ANSWERS


def test_documents_that_are_never_sent_again_do_not_fill_the_memory(server: Process) -> None:
    """Each is valid and takes about 700 KB once it is parsed."""
    for turn in range(10):
        assert asked(server, once(turn)).status_code == 200
    before = memory(server)
    for turn in range(10, 70):
        assert asked(server, once(turn)).status_code == 200

    assert memory(server) - before < GROWTH / 2


def once(turn: int) -> str:
    """A large document like no other, which asks for next to nothing."""
    lists = (f"a{turn}x{n}:nodes(ids:[{IDS}])@skip(if:true){{id}}" for n in range(5))
    return f"{{__typename {' '.join(lists)}}}"
