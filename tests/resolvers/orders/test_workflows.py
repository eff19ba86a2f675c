"""What can be refused to those who run workflows, and how an older server is ordered."""

from typing import Any

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.asking import codes, only_error
from tests.resolvers.orders.refusals import INVALID, missing
from tests.resolvers.orders.row import Row, World, effects, order, outcome, time_passes, user_errors
from tests.resolvers.orders.rows_workflows import (
    CANCEL,
    CANCELLED,
    COLLECTED,
    CREATE,
    PAYOUT,
    ROWS,
    RUN,
    SEND,
    STAGES,
    SWEEPING,
    TRIGGER,
    WAITING_TOO,
)

LARGE = 9_876_543_210_987_654_321_098_765_432_109_876_543_210
NEVER_ORDERED: tuple[str, list[str], str | None] = ("UPSTREAM_REJECTED", [], None)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_an_older_server_takes_the_same_orders(start: Start, here: World, row: Row) -> None:
    """By its own paths, once, and found when the answer is lost."""
    method, path = row.calls[0], row.calls[1].replace("/v2", "")
    async with start(SANDBOX_ORCHESTRATION="v1") as graph:
        await graph.fault("formance", path, method=method, headers={"content-encoding": "br"})
        made = [outcome(await order(graph, row, row.input(here))) for _ in range(2)]
        calls = [call for call in await graph.calls() if call["method"] == method and "orchestration" in call["path"]]

    assert row.holds(here, made[0])
    assert made[0] == made[1]
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("row", "change", "told"),
    [
        (RUN, {"variables": {"amount": 1}}, ("INVALID", ["variables"], None)),
        (RUN, {"variables": {"tributary_run": "x"}}, ("INVALID", ["variables", "tributary_run"], None)),
        (CREATE, {"stages": []}, ("INVALID", ["stages"], None)),
        (CREATE, {"stages": [{"send": {}, "delay": {}}]}, ("INVALID", ["stages"], None)),
        (CREATE, {"stages": [{"send": {"amount": 1.5}}]}, ("INVALID", ["stages"], None)),
        (CREATE, {"name": " "}, ("INVALID", ["name"], None)),
        (TRIGGER, {"filter": "event ==== 1"}, INVALID),
        (TRIGGER, {"variables": {"amount": "event."}}, INVALID),
        (SEND, {"event": "refused"}, NEVER_ORDERED),
        (SEND, {"instanceId": SWEEPING}, NEVER_ORDERED),
        (SEND, {"instanceId": COLLECTED}, NEVER_ORDERED),
        (CANCEL, {"instanceId": COLLECTED}, NEVER_ORDERED),
        (CANCEL, {"instanceId": CANCELLED}, NEVER_ORDERED),
    ],
)
async def test_what_cannot_be_is_refused(
    graph: Graph, here: World, row: Row, change: dict[str, Any], told: tuple[str, list[str], str | None]
) -> None:
    """And has no effect."""
    assert user_errors(await order(graph, row, {**row.input(here), **change})) == [told]
    assert await effects(graph, row) == 0


async def test_what_is_not_there_cannot_be_ordered_about(graph: Graph, here: World) -> None:
    """The service takes some of these for errors of its own; nothing has happened all the same."""
    from providers.domain import Ref
    from resolvers import ids

    for row, field in ((RUN, "workflowId"), (SEND, "instanceId"), (CANCEL, "instanceId"), (TRIGGER, "workflowId")):
        ref = ids.decode(row.input(here)[field])
        nobody = ids.encode(Ref(ref.type, ("00000000-0000-4000-8000-000000000000",), ref.provider))
        [(code, _, _)] = user_errors(await order(graph, row, {**row.input(here), field: nobody}, key=row.mutation))
        assert code == missing()[0]


async def test_an_amount_of_forty_digits_is_moved_to_the_last(graph: Graph, here: World) -> None:
    """From a workflow's stages, given as a number or as a text, to the transaction."""
    for number, amount in enumerate((LARGE, str(LARGE))):
        end = {"account": {"ledger": "orchestration-000-internal", "id": f"large:{number}"}}
        world = {"account": {"ledger": "orchestration-000-internal", "id": "world"}}
        send = {"source": world, "destination": end, "amount": {"amount": amount, "asset": "COIN"}}
        given = {"name": f"large {number}", "stages": [{"send": send}]}
        made = outcome(await order(graph, CREATE, given, key=f"create {number}"))
        run = {"workflowId": made["workflow"]["id"], "wait": True}
        instance = outcome(await order(graph, RUN, run, key=f"run {number}"))["instance"]
        history = await graph.data(
            "query($id: ID!) { workflowInstance(id: $id) { status stages { history { output } } } }", id=instance["id"]
        )
        [activity] = history["workflowInstance"]["stages"][0]["history"]

        assert history["workflowInstance"]["status"] == "TERMINATED"
        assert activity["output"]["data"]["postings"][0]["amount"] == LARGE


async def test_a_run_that_fails_is_told_as_failed(graph: Graph, here: World) -> None:
    given = {**RUN.input(here), "variables": {"customer": "c", "amount": "ten"}}
    instance = outcome(await order(graph, RUN, given))["instance"]

    assert (instance["status"], instance["error"]) == ("FAILED", "unable to parse 'ten' as big int")


async def test_a_lost_run_that_shows_nowhere_stays_unknown(graph: Graph, here: World, tmp_path: Any) -> None:
    """The workflow waits before it names its run, so that nobody can say whose instance the new one is."""
    await graph.fault("formance", RUN.calls[1], method="POST", headers={"content-encoding": "br"})
    given = {"workflowId": PAYOUT}
    for _ in range(2):
        error = only_error(await order(graph, RUN, given))["extensions"]
        assert error["code"] == "UPSTREAM_UNKNOWN_OUTCOME"
        await time_passes(tmp_path)
    assert await effects(graph, RUN) == 1


async def test_a_run_of_a_waiting_workflow_is_told_as_far_as_it_has_come(graph: Graph, here: World) -> None:
    """Without `wait` at once."""
    instance = outcome(await order(graph, RUN, {"workflowId": PAYOUT}))["instance"]
    assert instance["status"] == "RUNNING"

    sent = outcome(await order(graph, SEND, {"instanceId": instance["id"], "event": "approved"}, key="event"))[
        "instance"
    ]
    assert sent["status"] == "TERMINATED"


async def test_an_order_that_took_effect_by_others_is_not_sent_again(graph: Graph, here: World) -> None:
    """The answer to a cancellation is lost before it is carried out, and somebody else cancels."""
    await graph.fault("formance", CANCEL.calls[1], method="PUT", status=503, body="")
    given = {"instanceId": WAITING_TOO}
    assert codes(await order(graph, CANCEL, given, key="first")) == ["UPSTREAM_UNKNOWN_OUTCOME"]
    outcome(await order(graph, CANCEL, given, key="second"))
    assert outcome(await order(graph, CANCEL, given, key="first"))["instance"]["status"] == "FAILED"
    assert await effects(graph, CANCEL) == 1


async def test_two_workflows_that_are_alike_are_two(graph: Graph, here: World) -> None:
    """One that was there before is not taken for the one whose answer was lost."""
    first = outcome(await order(graph, CREATE, CREATE.input(here), key="first"))["workflow"]
    await graph.fault("formance", CREATE.calls[1], method="POST", headers={"content-encoding": "br"})
    second = outcome(await order(graph, CREATE, CREATE.input(here), key="second"))["workflow"]

    assert first["id"] != second["id"]
    assert second["config"] == {"name": "count", "stages": STAGES}


async def test_a_run_that_is_waited_for_is_told_as_far_as_it_has_come(start: Start, here: World) -> None:
    """When the client's patience ends. The order goes on, and the same key has its outcome later."""
    stages = [
        {"update": {"account": {"id": "a", "ledger": "orchestration-000-internal", "metadata": {"run": MARK}}}},
        {"wait_event": {"event": "counted"}},
    ]
    async with start(OPERATION_TIMEOUT="1.5") as graph:
        made = outcome(await order(graph, CREATE, {"name": "slow", "stages": stages}, key="create"))["workflow"]
        run = {"workflowId": made["id"], "wait": True}
        instance = outcome(await order(graph, RUN, run, key="run"))["instance"]
        assert instance["status"] == "RUNNING"
        outcome(await order(graph, SEND, {"instanceId": instance["id"], "event": "counted"}, key="event"))

        assert outcome(await order(graph, RUN, run, key="run"))["instance"] == {**instance, "status": "TERMINATED"}
        assert await effects(graph, RUN) == 1


MARK = "${tributary_run}"
