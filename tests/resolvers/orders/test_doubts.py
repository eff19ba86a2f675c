"""What looks like an order's effect and is not: somebody else's doing is never taken for one's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.orders.row import time_passes
from tests.resolvers.orders.test_connectors import CONFIGS, INSTALL, UPDATE, installed, installing
from tests.resolvers.orders.test_transfers import BETWEEN
from tests.resolvers.orders.transfers import (
    CREATE,
    REVERSE,
    asking,
    code,
    doing,
    done,
    one,
    refused,
    reversing,
    sent,
    state,
    transfer,
)

UNKNOWN = "UPSTREAM_UNKNOWN_OUTCOME"
WAITING = "WAITING_FOR_VALIDATION"
ROOT = "/api/payments/"
CONFLICT: tuple[str, list[str], str | None] = ("UPSTREAM_REJECTED", [], "CONFLICT")
INVALID: tuple[str, list[str], str | None] = ("UPSTREAM_REJECTED", [], "VALIDATION")


@pytest.fixture(params=["v3", "v2"])
async def graph(request: pytest.FixtureRequest, start: Start) -> AsyncIterator[Graph]:
    """Tributary over either generation."""
    async with start(SANDBOX_PAYMENTS=request.param) as graph:
        yield graph


async def lose(graph: Graph, path: str) -> None:
    """The next order is lost before it arrives."""
    await graph.fault("formance", f"{ROOT}{path}", method="POST", drop="before")


async def test_another_transfer_of_the_same_reference_is_not_the_one(graph: Graph, tmp_path: Path) -> None:
    model = await transfer(graph, status=WAITING)
    done(await graph.ask(CREATE, input=asking(model, "theirs")))
    more = asking(model, "mine", money={"amount": "12.51", "asset": "USD/2"})
    await lose(graph, "transfer-initiations")
    assert code(await graph.ask(CREATE, input=more)) == UNKNOWN
    await time_passes(tmp_path)
    assert refused(await graph.ask(CREATE, input=more)) == CONFLICT


@pytest.mark.parametrize("verb", ["validate", "reject"])
async def test_what_was_decided_before_was_decided_by_others(graph: Graph, verb: str, tmp_path: Path) -> None:
    row = await transfer(graph, status="PROCESSED" if verb == "validate" else "REJECTED")
    await lose(graph, "transfer-initiations/*/status")
    assert code(await graph.ask(doing(verb), input=one(row))) == UNKNOWN
    await time_passes(tmp_path)
    assert refused(await graph.ask(doing(verb), input=one(row))) == INVALID


async def test_a_part_that_was_reversed_before_is_another_part(graph: Graph, tmp_path: Path) -> None:
    made = done(await graph.ask(CREATE, input=asking(await transfer(graph, status=WAITING), isValidated=True)))
    done(await graph.ask(REVERSE, input=reversing(made, "2.50", "first")))
    again = reversing(made, "2.50", "second", reference="back-2")
    await lose(graph, "transfer-initiations/*/reverse")
    assert code(await graph.ask(REVERSE, input=again)) == UNKNOWN
    before = await state(graph, made["id"])
    await time_passes(tmp_path)
    after = done(await graph.ask(REVERSE, input=again))
    assert before is not None
    assert len(after["adjustments"]) > len(before["adjustments"])
    await graph.forget_calls()
    done(await graph.ask(REVERSE, input=again))
    assert await sent(graph) == 0


async def test_a_transfer_that_somebody_deleted_cannot_be_validated(graph: Graph, tmp_path: Path) -> None:
    """v3 would fail over it again and again."""
    row = await transfer(graph, status=WAITING)
    await lose(graph, "transfer-initiations/*/status")
    assert code(await graph.ask(doing("validate"), input=one(row))) == UNKNOWN
    await graph.ask(doing("delete"), input=one(row, "theirs"))
    await time_passes(tmp_path)
    assert refused(await graph.ask(doing("validate"), input=one(row)))[0] == "NOT_FOUND"


async def test_what_can_be_looked_up_nowhere_stays_unknown_and_is_not_sent_again(graph: Graph, tmp_path: Path) -> None:
    order = {"providerName": "STRIPE", "money": {"amount": "1", "asset": "USD/2"}, "destinationReference": "acct_1"}
    await graph.forget_calls()
    await lose(graph, "connectors/*/transfers")
    for _ in range(2):
        assert code(await graph.ask(BETWEEN, input={**order, "idempotencyKey": "b"})) == UNKNOWN
        await time_passes(tmp_path)
    assert await sent(graph) == 1


async def test_a_connector_that_had_the_name_before_is_not_the_one(graph: Graph, tmp_path: Path) -> None:
    """Not even with the same settings: its secrets cannot be compared."""
    await graph.ask(INSTALL, input=installing("wise", "theirs"))
    await lose(graph, "connectors/*")
    assert code(await graph.ask(INSTALL, input=installing("wise", "mine"))) == UNKNOWN
    await time_passes(tmp_path)
    assert refused(await graph.ask(INSTALL, input=installing("wise", "mine"))) == CONFLICT


async def test_settings_that_differ_in_a_secret_alone_are_sent_again(graph: Graph, tmp_path: Path) -> None:
    """Nobody can tell whether the new secret has arrived, and twice is as good as once."""
    connector = (await installed(graph))["wise-payouts"]
    order = {"connectorId": connector, "name": "wise-payouts", "config": {"wise": CONFIGS["wise"]}}
    await graph.forget_calls()
    await lose(graph, "connectors/*/config")
    assert code(await graph.ask(UPDATE, input={**order, "idempotencyKey": "u"})) == UNKNOWN
    await time_passes(tmp_path)
    answer = await graph.ask(UPDATE, input={**order, "idempotencyKey": "u"})
    assert answer.data["it"]["connector"]["id"] == connector
    assert await sent(graph) == 2
