"""Orders about holds whose answers were lost, after which somebody else has done something to the same hold."""

from pathlib import Path
from typing import Any

from tests.conftest import Answer, Graph
from tests.resolvers.asking import codes
from tests.resolvers.orders.row import effects, order, outcome, time_passes, user_errors
from tests.resolvers.orders.rows_wallets import CONFIRM, HOLD, OPEN, VOID, WALLET, money


async def lost(graph: Graph, row: Any, given: dict[str, object]) -> None:
    """An order that never arrived, as is not known here."""
    method, path = row.calls
    await graph.fault("formance", path, method=method, status=503, body="")
    assert codes(await order(graph, row, given)) == ["UPSTREAM_UNKNOWN_OUTCOME"]


async def confirmed(graph: Graph, **given: object) -> Answer:
    """By another key."""
    return await order(graph, CONFIRM, {"holdId": OPEN, **given}, key="other")


async def test_a_part_stays_unknown_when_another_was_taken_meanwhile(graph: Graph, tmp_path: Path) -> None:
    """Both would look alike: nothing is sent for the second time."""
    given = {"holdId": OPEN, "money": money("10.00")}
    await lost(graph, CONFIRM, given)
    outcome(await confirmed(graph, money=money("3.00")))
    await time_passes(tmp_path)

    assert codes(await order(graph, CONFIRM, given)) == ["UPSTREAM_UNKNOWN_OUTCOME"]
    assert await effects(graph, CONFIRM) == 1


async def test_a_hold_that_was_taken_meanwhile_does_not_pass_for_given_back(graph: Graph, tmp_path: Path) -> None:
    await lost(graph, VOID, {"holdId": OPEN})
    outcome(await confirmed(graph))
    await time_passes(tmp_path)

    assert user_errors(await order(graph, VOID, {"holdId": OPEN})) == [("UPSTREAM_REJECTED", [], "HOLD_CLOSED")]
    assert await effects(graph, VOID) == 0


async def test_what_was_held_before_does_not_pass_for_what_was_lost(graph: Graph, tmp_path: Path) -> None:
    """The same amount on the same wallet by another key is another hold."""
    given = {"walletId": WALLET, "money": money("1.00"), "isPending": True}
    first = outcome(await order(graph, HOLD, given, key="first"))
    await lost(graph, HOLD, given)
    await time_passes(tmp_path)
    second = outcome(await order(graph, HOLD, given))

    assert first["hold"]["id"] != second["hold"]["id"]
    assert await effects(graph, HOLD) == 2
