"""What becomes of a refresh that is refused, that never left, or whose answer was lost."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Graph
from tests.resolvers.asking import codes, only_error
from tests.resolvers.orders.refreshing import (
    ordered,
    refresh,
)
from tests.resolvers.orders.row import outcome, time_passes, user_errors


@pytest.fixture
def generation() -> str:
    """No matter here."""
    return "v3"


REFUSALS = [
    (400, "10010", "UPSTREAM_REJECTED"),
    (400, "14020", "UPSTREAM_REJECTED"),
    (400, "14023", "NOT_FOUND"),
    (403, "1", "UPSTREAM_REJECTED"),
    (404, "14001", "NOT_FOUND"),
    (404, "38007", "NOT_FOUND"),
    *((500, code, "UPSTREAM_REJECTED") for code in ("102", "103", "108", "109", "169", "185", "187", "331", "400")),
    *((500, code, "UPSTREAM_REJECTED") for code in ("945", "946", "947", "948", "977")),
    *((500, code, "ALREADY_RUNNING") for code in ("325", "5006")),
]


async def test_every_refusal_is_told_and_stays_with_its_key(graph: Graph) -> None:
    """With the vendor's own code, whether that comes as a number or as text."""
    for status, vendor_code, code in REFUSALS:
        for body in (f'{{"code":{vendor_code}}}', f'{{"code":"{vendor_code}","message":"no"}}'):
            await graph.fault("finicity", "*/accounts", method="POST", status=status, body=body)
            told, again = [await refresh(graph, key=body) for _ in range(2)]
            assert user_errors(told) == user_errors(again) == [(code, [], vendor_code)]
    await graph.forget_calls()

    assert outcome(await refresh(graph))["refresh"]["status"] == "SUCCEEDED"
    assert len(await ordered(graph)) == 1


async def test_an_unknown_login_is_the_vendors_refusal(graph: Graph) -> None:
    """The sandbox's own."""
    assert user_errors(await refresh(graph, institutionLoginId="1")) == [("NOT_FOUND", [], "38007")]
    assert user_errors(await refresh(graph, institutionLoginId="x", key="other"))[0][0] == "UPSTREAM_REJECTED"


async def test_what_never_left_is_forgotten(graph: Graph) -> None:
    """A limit, or credentials that the vendor refuses: an error, and the same key may try again."""
    for status, code in ((429, "UPSTREAM_RATE_LIMITED"), (401, "UPSTREAM_UNAUTHORIZED")):
        await graph.fault("finicity", "*/accounts", method="POST", status=status, body="", times=2)
        assert codes(await refresh(graph)) == [code]
        await graph.heal()

    assert outcome(await refresh(graph))["refresh"]["status"] == "SUCCEEDED"


@pytest.mark.parametrize("fault", [{"headers": {"content-encoding": "br"}}, {"drop": "half"}], ids=["garbled", "cut"])
async def test_a_refresh_whose_answer_was_lost_is_found(graph: Graph, fault: dict[str, Any]) -> None:
    """By the accounts' dates."""
    await graph.fault("finicity", "*/accounts", method="POST", **fault)
    found, again = outcome(await refresh(graph)), outcome(await refresh(graph))

    assert found == again
    assert found["refresh"]["status"] == "SUCCEEDED"
    assert len(await ordered(graph)) == 1


@pytest.mark.parametrize("fault", [{"status": 503, "body": ""}, {"drop": "before"}], ids=["failed", "dropped"])
async def test_what_was_not_begun_is_sent_again_only_when_that_is_certain(
    graph: Graph, fault: dict[str, Any], tmp_path: Path
) -> None:
    """Until an attempt would have shown, the outcome is unknown."""
    await graph.fault("finicity", "*/accounts", method="POST", **fault)
    for _ in range(2):
        error = only_error(await refresh(graph))["extensions"]
        assert (error["code"], error["retryable"]) == ("UPSTREAM_UNKNOWN_OUTCOME", True)
        assert 180 <= error["retryAfter"] <= 200
    await time_passes(tmp_path)

    assert outcome(await refresh(graph))["refresh"]["status"] == "SUCCEEDED"
    assert len(await ordered(graph)) == 2
