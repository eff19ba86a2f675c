"""`X-Upstream-Trace: 1` shows every vendor call of the operation, and nothing without it."""

import pytest

from tests.conftest import Graph

QUERY = "{ payments(first: 1) { nodes { status } } }"
CALL = {
    "provider": str,
    "operation": str,
    "method": str,
    "path": str,
    "status": int,
    "startedMs": float,
    "ms": float,
    "wave": int,
    "coalesced": bool,
    "token": bool,
    "attempts": int,
    "error": type(None),
}


async def test_a_call_is_told_with_all_its_keys(warm: Graph) -> None:
    (call,) = (await warm.ask(QUERY)).extensions["upstream"]["calls"]

    assert {key: type(value) for key, value in call.items()} == CALL
    assert {**call, "startedMs": 0, "ms": 0} == {
        "provider": "FORMANCE",
        "operation": "list_payments",
        "method": "GET",
        "path": "/api/payments/payments",
        "status": 200,
        "startedMs": 0,
        "ms": 0,
        "wave": 1,
        "coalesced": False,
        "token": False,
        "attempts": 1,
        "error": None,
    }


async def test_the_totals_add_the_calls_up(graph: Graph) -> None:
    upstream = (await graph.ask(QUERY)).extensions["upstream"]
    calls, totals = upstream["calls"], upstream["totals"]

    assert set(totals) == {"calls", "coalesced", "attempts", "waves", "ms"}
    assert totals["calls"] == len([call for call in calls if not call["coalesced"]])
    assert totals["coalesced"] == len([call for call in calls if call["coalesced"]])
    assert totals["attempts"] == sum(call["attempts"] for call in calls if not call["coalesced"])
    assert totals["waves"] == max(call["wave"] for call in calls)
    assert totals["ms"] == pytest.approx(max(call["startedMs"] + call["ms"] for call in calls), abs=0.01)
    assert [call["startedMs"] for call in calls] == sorted(call["startedMs"] for call in calls)
    assert any(call["token"] for call in calls)


async def test_a_failed_call_is_told_with_its_class(warm: Graph) -> None:
    await warm.fault("formance", "*/payments", status=500, body="{}")
    answer = await warm.ask(QUERY)

    (call,) = answer.calls
    assert (call["status"], call["error"]) == (500, "Broken")


async def test_an_operation_without_calls_has_empty_totals(graph: Graph) -> None:
    upstream = (await graph.ask("{ __typename }")).extensions["upstream"]

    assert upstream == {"calls": [], "totals": {"calls": 0, "coalesced": 0, "attempts": 0, "waves": 0, "ms": 0.0}}


@pytest.mark.parametrize("headers", [{}, {"x-upstream-trace": "0"}, {"x-upstream-trace": "true"}])
async def test_nothing_is_told_without_the_header(graph: Graph, headers: dict[str, str]) -> None:
    response = await graph.client.post("/graphql", json={"query": QUERY}, headers=headers)

    assert set(response.json()) == {"data"}
