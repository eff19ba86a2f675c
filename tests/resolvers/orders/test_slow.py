"""Orders that take the payment provider longer than a client waits: none holds its client, none is lost or doubled."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.orders.test_connectors import INSTALL, installing
from tests.resolvers.orders.transfers import CREATE, REVERSE, asking, code, doing, done, one, reversing, sent, transfer

WORKFLOW = 0.9
"""Seconds that the payment provider takes."""

DEADLINE = 0.6
"""Seconds that an operation may take: a third of it is waited for an order."""


@pytest.fixture
async def graph(start: Start) -> AsyncIterator[Graph]:
    """Tributary over a server that answers when the payment provider has."""
    async with start(SANDBOX_WORKFLOW_SECONDS=f"{WORKFLOW}", OPERATION_TIMEOUT=f"{DEADLINE}") as graph:
        yield graph


async def test_the_answer_shows_how_far_an_order_has_come_and_later_its_end(graph: Graph) -> None:
    """A transfer that is made and validated at once, one that is validated, one tried again, and a connector."""
    waiting, failed = await transfer(graph, status="WAITING_FOR_VALIDATION"), await transfer(graph, status="FAILED")
    new = asking(waiting, "c", isValidated=True)
    orders = [(CREATE, new), (doing("validate"), one(waiting, "v")), (doing("retry"), one(failed, "r"))]
    await graph.forget_calls()
    started = time.monotonic()
    answers = await asyncio.gather(*(graph.ask(query, input=given) for query, given in orders))
    connector = await graph.ask(INSTALL, input=installing("wise"))

    assert time.monotonic() - started < WORKFLOW
    assert [done(each)["status"] for each in answers] == ["PROCESSING"] * 3
    assert connector.data["it"]["connector"]["name"] == "new-wise"

    await asyncio.sleep(WORKFLOW)
    later = await asyncio.gather(*(graph.ask(query, input=given) for query, given in orders))
    assert [done(each)["status"] for each in later] == ["PROCESSED"] * 3
    assert [done(each)["id"] for each in later] == [done(each)["id"] for each in answers]
    assert (await graph.ask(INSTALL, input=installing("wise"))).data["it"] == connector.data["it"]
    assert await sent(graph) == 4


async def test_a_reversal_and_its_late_refusal_are_told(graph: Graph) -> None:
    """Another one who asks with the same key does not know what was there before, and is told to wait."""
    processed = await transfer(graph, status="PROCESSED")
    back = reversing(processed, "", reference="fail-back", money=processed["money"])
    first, second = await asyncio.gather(*(graph.ask(REVERSE, input=back) for _ in range(2)))
    told = sorted([first, second], key=lambda answer: len(answer.errors))
    assert done(told[0])["status"] == "REVERSAL_PROCESSING"
    assert code(told[1]) == "IN_PROGRESS"

    await asyncio.sleep(WORKFLOW)
    for _ in range(100):
        later = await graph.ask(REVERSE, input=back)
        if later.errors == []:
            break
        assert code(later) == "IN_PROGRESS"
        await asyncio.sleep(0.1)
    assert done(later)["status"] == "REVERSAL_FAILED"


async def test_an_order_of_which_nothing_shows_yet_is_in_progress(graph: Graph) -> None:
    waiting = await transfer(graph, status="WAITING_FOR_VALIDATION")
    path = "/api/payments/transfer-initiations/*/status"
    await graph.fault("formance", path, method="POST", delay_ms=400)
    assert code(await graph.ask(doing("reject"), input=one(waiting))) == "IN_PROGRESS"
    await asyncio.sleep(0.4)
    assert done(await graph.ask(doing("reject"), input=one(waiting)))["status"] == "REJECTED"
