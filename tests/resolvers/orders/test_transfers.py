"""What mutations do to transfer initiations when the vendor answers, on both generations of its server."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.orders.transfers import (
    CREATE,
    GENERATIONS,
    REVERSE,
    asking,
    doing,
    done,
    one,
    refused,
    reversing,
    sent,
    state,
    transfer,
    transfers,
)

WAITING = "WAITING_FOR_VALIDATION"
BETWEEN = """mutation($input: TransferBetweenInput!) { it: transferBetweenConnectorAccounts(input: $input) {
  userErrors { code field vendorCode } moved { id } } }"""


@pytest.fixture(params=GENERATIONS)
async def graph(request: pytest.FixtureRequest, start: Start) -> AsyncIterator[Graph]:
    """Tributary over either generation."""
    async with start(SANDBOX_PAYMENTS=request.param) as graph:
        yield graph


on_one = pytest.mark.parametrize("graph", ["v3"], indirect=True)
"""For what does not hang on the server's generation."""


@pytest.fixture
async def waiting(graph: Graph) -> dict[str, Any]:
    """A transfer that waits for its validation."""
    return await transfer(graph, status=WAITING)


async def test_a_transfer_lives_from_its_order_to_its_reversal(graph: Graph, waiting: dict[str, Any]) -> None:
    made = done(await graph.ask(CREATE, input=asking(waiting)))
    assert (made["status"], made["money"]) == (WAITING, {"amount": "12.50", "asset": "USD/2"})

    validated = done(await graph.ask(doing("validate"), input=one(made, "v")))
    assert (validated["id"], validated["status"]) == (made["id"], "PROCESSED")

    reversed_ = done(await graph.ask(REVERSE, input=reversing(made, "12.50")))
    assert reversed_["status"] == "REVERSED"


async def test_a_validated_transfer_needs_no_second_step(graph: Graph, waiting: dict[str, Any]) -> None:
    made = done(await graph.ask(CREATE, input=asking(waiting, isValidated=True)))
    assert made["status"] == "PROCESSED"


async def test_one_that_is_refused_later_is_shown_as_failed_and_can_be_tried_again(
    graph: Graph, waiting: dict[str, Any]
) -> None:
    """v3 answers with a refusal then, although it has carried the order out."""
    made = done(await graph.ask(CREATE, input=asking(waiting, reference="fail-always-1")))
    for verb in ("validate", "retry"):
        assert done(await graph.ask(doing(verb), input=one(made, verb)))["status"] == "FAILED"
    again = done(await graph.ask(CREATE, input=asking(waiting, "k2", reference="fail-2", isValidated=True)))
    assert again["status"] == "FAILED"
    assert done(await graph.ask(doing("retry"), input=one(again, "r2")))["status"] == "PROCESSED"


async def test_a_reversal_that_is_refused_later_is_shown(graph: Graph, waiting: dict[str, Any]) -> None:
    made = done(await graph.ask(CREATE, input=asking(waiting, isValidated=True)))
    answer = await graph.ask(REVERSE, input=reversing(made, "1", reference="fail-back"))
    assert done(answer)["status"] == "REVERSAL_FAILED"


async def test_one_that_waits_can_be_rejected_or_deleted(graph: Graph) -> None:
    first, second = (await transfers(graph, status=WAITING))[:2]
    assert done(await graph.ask(doing("reject"), input=one(first)))["status"] == "REJECTED"

    answer = await graph.ask(doing("delete"), input=one(second, "d"))
    assert answer.data["it"] == {"userErrors": [], "deletedTransferInitiationId": second["id"]}
    assert await state(graph, second["id"]) is None


@on_one
async def test_the_same_key_moves_money_once(graph: Graph, waiting: dict[str, Any]) -> None:
    order = asking(waiting, isValidated=True)
    await graph.forget_calls()
    at_once = await asyncio.gather(*(graph.ask(CREATE, input=order) for _ in range(3)))
    made = done(await graph.ask(CREATE, input=order))
    assert {done(each)["id"] for each in at_once} == {made["id"]}
    more = asking(waiting, isValidated=True, money={"amount": "12.51", "asset": "USD/2"})
    assert refused(await graph.ask(CREATE, input=more))[:2] == ("IDEMPOTENCY_KEY_REUSED", ["idempotencyKey"])

    back = reversing(made, "0.01")
    both = await asyncio.gather(*(graph.ask(REVERSE, input=back) for _ in range(2)))
    assert [done(each)["id"] for each in both] == [made["id"]] * 2
    assert await sent(graph) == 2


@pytest.mark.parametrize("units", [2**63 + 1, 10**39 + 7])
async def test_amounts_of_any_size_are_exact(graph: Graph, waiting: dict[str, Any], units: int) -> None:
    amount = f"{units // 100}.{units % 100:02}"
    made = done(await graph.ask(CREATE, input=asking(waiting, money={"amount": amount, "asset": "USD/2"})))
    assert made["initialMoney"] == {"amount": amount, "asset": "USD/2", "minorUnits": str(units)}


@on_one
async def test_wrong_input_is_told_whole_and_nothing_is_sent(graph: Graph, waiting: dict[str, Any]) -> None:
    await graph.forget_calls()
    wrong = asking(
        waiting,
        connectorId=waiting["id"],
        reference=" ",
        type="UNKNOWN",
        money={"amount": "1.005", "asset": "USD/2"},
        sourceId="nonsense",
        metadata={"a": 1},
    )
    answer = await graph.ask(CREATE, input=wrong)
    errors = {(*error["field"],): error["code"] for error in answer.data["it"]["userErrors"]}
    assert errors == {
        ("connectorId",): "INVALID",
        ("sourceId",): "INVALID",
        ("money",): "TOO_MANY_DECIMALS",
        ("reference",): "INVALID",
        ("metadata",): "INVALID",
        ("type",): "INVALID",
    }
    for amount in ("0", "-1"):
        answer = await graph.ask(REVERSE, input=reversing(waiting, amount))
        assert refused(answer) == ("INVALID", ["money"], None)
    assert await graph.calls() == []


async def test_what_the_vendor_refuses_has_its_code(graph: Graph, waiting: dict[str, Any]) -> None:
    by_vendor: tuple[str, list[str], str | None] = ("UPSTREAM_REJECTED", [], "VALIDATION")
    processed = await transfer(graph, status="PROCESSED")
    for row in (processed, await transfer(graph, status="REJECTED")):
        for verb in ("validate", "reject", "retry", "delete"):
            key = f"{verb} {row['status']}"
            assert refused(await graph.ask(doing(verb), input=one(row, key))) == by_vendor
    assert refused(await graph.ask(doing("retry"), input=one(waiting, "w"))) == by_vendor
    for row, digits in ((waiting, ""), (processed, "9")):
        money = {**row["money"], "amount": digits + row["money"]["amount"]}
        answer = await graph.ask(REVERSE, input=reversing(row, "", row["status"], money=money))
        assert refused(answer) == by_vendor


async def test_a_reference_that_is_taken_is_a_conflict(graph: Graph, waiting: dict[str, Any]) -> None:
    conflict: tuple[str, list[str], str | None] = ("UPSTREAM_REJECTED", [], "CONFLICT")
    made = done(await graph.ask(CREATE, input=asking(waiting, isValidated=True)))
    assert refused(await graph.ask(CREATE, input=asking(waiting, "k2"))) == conflict
    done(await graph.ask(REVERSE, input=reversing(made, "1")))
    assert refused(await graph.ask(REVERSE, input=reversing(made, "1", "r2"))) == conflict


@pytest.mark.parametrize("verb", ["validate", "reject", "retry", "delete"])
async def test_a_transfer_that_is_not_there_is_not_found(graph: Graph, waiting: dict[str, Any], verb: str) -> None:
    """v3 fails over it: what is not there is noticed before."""
    await graph.ask(doing("delete"), input=one(waiting, "gone"))
    assert refused(await graph.ask(doing(verb), input=one(waiting)))[0] == "NOT_FOUND"
    assert refused(await graph.ask(REVERSE, input=reversing(waiting, "1", "r")))[0] == "NOT_FOUND"


async def test_the_oldest_way_to_move_money_is_refused_by_the_servers_of_today(graph: Graph) -> None:
    order = {"providerName": "STRIPE", "money": {"amount": "1", "asset": "USD/2"}, "destinationReference": "acct_1"}
    answer = await graph.ask(BETWEEN, input={**order, "idempotencyKey": "b"})
    assert refused(answer) == ("UNSUPPORTED", [], None)
    assert answer.by_operation() == {"connectors_transfer": 1}
    wrong = {**order, "money": {"amount": "0.001", "asset": "USD/2"}, "idempotencyKey": "c"}
    assert refused(await graph.ask(BETWEEN, input=wrong)) == ("TOO_MANY_DECIMALS", ["money"], None)


@on_one
async def test_what_was_changed_is_seen_by_the_rest_of_the_operation(graph: Graph, waiting: dict[str, Any]) -> None:
    """The second mutation of one request reads what the first has done."""
    both = """mutation($input: TransferInitiationInput!, $later: TransferInitiationInput!) {
      validateTransferInitiation(input: $input) { transferInitiation { status } }
      rejectTransferInitiation(input: $later) { userErrors { vendorCode } transferInitiation { status } } }"""
    data = await graph.data(both, input=one(waiting, "a"), later=one(waiting, "b"))
    assert data["validateTransferInitiation"]["transferInitiation"]["status"] == "PROCESSED"
    assert data["rejectTransferInitiation"]["userErrors"] == [{"vendorCode": "VALIDATION"}]
