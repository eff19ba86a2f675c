"""Documents that are new here are read away from the event loop, in turns, and a bounded number of them waits."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import graphql
import httpx
import pytest

from resolvers.screening import Refused
from serving.screening import documents
from serving.screening.turns import Turns
from tests.conftest import Graph, Start
from tests.process import serving
from tests.websocket.client import ready

PATIENCE = 60.0
LARGE = "{ customers(first: 1) { nodes { " + " ".join(f"name{n}: name" for n in range(40)) + " } } }"
HUGE = "{ customers(first: 1) { nodes { " + "id name " * 40 + " } } } # "


@contextmanager
def held() -> Iterator[Callable[[], None]]:
    """Work that takes as long as the block, or until it is let go by somebody else."""
    free = threading.Event()
    try:
        yield lambda: assert_waited(free)
    finally:
        free.set()


def assert_waited(free: threading.Event) -> None:
    """Wait in another thread than the tests'."""
    assert free.wait(PATIENCE)


async def test_a_caller_with_much_work_holds_up_no_other() -> None:
    turns, done = Turns(10), list[str]()
    with held() as wait:
        first = asyncio.create_task(turns.take("greedy", wait))
        others = [
            asyncio.create_task(turns.take(who, lambda who=who, n=n: done.append(f"{who} {n}")))  # type: ignore[misc]
            for n, who in enumerate(["greedy", "greedy", "greedy", "modest", "late"])
        ]
        await asyncio.sleep(0)
    await asyncio.gather(first, *others)

    assert done == ["greedy 0", "modest 3", "late 4", "greedy 1", "greedy 2"]


async def test_only_so_much_of_one_caller_waits_and_others_still_may() -> None:
    turns = Turns(2)
    with held() as wait:
        waiting = [asyncio.create_task(turns.take("greedy", wait)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Refused) as refusal:
            await turns.take("greedy", wait)
        waiting.append(asyncio.create_task(turns.take("modest", wait)))
        await asyncio.sleep(0)
        assert (refusal.value.status, refusal.value.headers) == (503, {"retry-after": "1"})
    await asyncio.gather(*waiting)


async def test_work_of_those_who_have_left_is_not_begun_and_takes_no_room() -> None:
    turns, done = Turns(1), list[str]()
    with held() as wait:
        first = asyncio.create_task(turns.take("one", wait))
        left = asyncio.create_task(turns.take("one", lambda: done.append("left")))
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.wait([left])
        next_ = asyncio.create_task(turns.take("one", lambda: done.append("next")))
        await asyncio.sleep(0)
    await asyncio.gather(first, next_)

    assert done == ["next"]


async def test_one_who_leaves_while_its_work_is_done_ends_nothing() -> None:
    turns = Turns(1)
    with held() as wait:
        first = asyncio.create_task(turns.take("one", wait))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait([first])

    assert await turns.take("one", lambda: "next") == "next"


async def test_others_are_answered_while_a_document_is_read(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()
    async with start(MAX_UNREAD_DOCUMENTS="1") as graph:
        with held() as wait:
            hold_parsing(monkeypatch, lambda: (loop.call_soon_threadsafe(begun.set), wait()))
            reading = asyncio.create_task(asked(graph, LARGE))
            await asyncio.wait_for(begun.wait(), PATIENCE)
            more = [asyncio.create_task(asked(graph, f"{LARGE} # {n}")) for n in range(2)]
            [early], [late] = await asyncio.wait(more, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            refused = await early
            small = await asked(graph, "{ __typename }")
        answers = [await reading, await late]

    [error] = refused.json()["errors"]
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert (error["extensions"]["code"], error["extensions"]["retryable"]) == ("OVERLOADED", True)
    assert small.json() == {"data": {"__typename": "Query"}}
    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ customers(" + " " * 300, "GRAPHQL_PARSE_FAILED"),
        (HUGE.replace("name", "nam"), "GRAPHQL_VALIDATION_FAILED"),
        ("{ customers { nodes { " + "id " * 300 + "} } }", "DOCUMENT_LIMIT_EXCEEDED"),
    ],
)
async def test_what_is_refused_once_is_refused_again(graph: Graph, query: str, code: str) -> None:
    answers = [await asked(graph, query) for _ in range(3)]
    assert [answer.json()["errors"][0]["extensions"]["code"] for answer in answers] == [code] * 3
    assert [answer.status_code for answer in answers] == [400] * 3


async def test_documents_of_sockets_wait_their_turn_too(tmp_path: Path) -> None:
    with serving(tmp_path, MAX_UNREAD_DOCUMENTS="1") as server:
        async with ready(server.url) as client:
            for n in range(30):
                await client.subscribe(str(n), HUGE + str(n))
            ends = [await client.next() for _ in range(30)]
    told = {each["payload"][0]["extensions"]["code"] for each in ends if each["type"] == "error"}
    assert told == {"OVERLOADED"}


def hold_parsing(monkeypatch: pytest.MonkeyPatch, wait: Callable[[], object]) -> None:
    """Let every document that is parsed wait."""

    def parse(*asked: Any, **more: Any) -> graphql.DocumentNode:
        if threading.current_thread() is not threading.main_thread():
            wait()
        return graphql.parse(*asked, **more)

    monkeypatch.setattr(documents, "parse", parse)


async def asked(graph: Graph, query: str) -> httpx.Response:
    """The answer to an operation."""
    headers = {"accept": "application/graphql-response+json"}
    return await graph.client.post("/graphql", json={"query": query}, headers=headers)
