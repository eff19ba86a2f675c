"""Receivers of events: secrets that are shown once, tests whose outcome nobody can look up."""

import base64
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Answer, Graph
from tests.resolvers.asking import only_error
from tests.resolvers.orders.row import Row, effects, order, outcome, time_passes, user_errors
from tests.resolvers.orders.rows_webhooks import ACTIVATE, CHANGE, CONFIG, CREATE, NOBODY, OTHER, PATH, SECRET, SEEDED
from tests.resolvers.orders.test_matrix import armed

MAKE = Row(
    mutation="createWebhookConfig",
    payload="webhookConfig { id } secret",
    input=lambda _: {"endpoint": "https://shop.example/hooks", "eventTypes": ["ledger.x"]},
    other=lambda _: {},
    calls=("POST", PATH),
    holds=lambda _, __: True,
)
TEST = Row(
    mutation="testWebhookConfig",
    payload="webhookConfig { id } attempt { status providerStatus statusCode retryNumber payload }",
    input=lambda _: {"webhookConfigId": SEEDED},
    other=lambda _: {},
    calls=("GET", f"{PATH}/*/test"),
    holds=lambda _, __: True,
)
DEACTIVATE = Row(
    mutation="deactivateWebhookConfig",
    payload="webhookConfig { isActive }",
    input=lambda _: {"webhookConfigId": SEEDED},
    other=lambda _: {},
    calls=("PUT", f"{PATH}/*/deactivate"),
    holds=lambda _, __: True,
)


def stored(folder: Path) -> str:
    """All that is stored of what was written."""
    with sqlite3.connect(folder / "directory.sqlite3") as database:
        text = "\n".join(database.iterdump())
    database.close()
    return text


async def does(graph: Graph, row: Row, *, key: str = "key", **given: Any) -> Answer:
    return await order(graph, row, {**row.input(None), **given}, key=key)  # type: ignore[arg-type]


async def test_the_secret_is_shown_once_and_kept_nowhere(graph: Graph, tmp_path: Path) -> None:
    """One that the stack has made, and one that the caller has given."""
    made = outcome(await does(graph, MAKE))
    again = outcome(await does(graph, MAKE))
    given = outcome(await does(graph, MAKE, key="given", secret=SECRET))
    everything = stored(tmp_path)

    assert len(base64.b64decode(made["secret"], validate=True)) == 24
    assert again == {**made, "secret": None}
    assert given["secret"] == SECRET
    assert made["secret"] not in everything
    assert SECRET not in everything


async def test_the_secret_is_shown_when_the_first_answer_was_lost(graph: Graph) -> None:
    """What was made is found among what looks the same, and is not the receiver that was there before."""
    before = outcome(await does(graph, MAKE, key="before"))
    await armed(graph, MAKE, drop="half")
    found = outcome(await does(graph, MAKE))

    assert found["secret"]
    assert found["secret"] != before["secret"]
    assert found["webhookConfig"] != before["webhookConfig"]
    assert await effects(graph, MAKE) == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"endpoint": " "}, "endpoint"),
        ({"eventTypes": []}, "eventTypes"),
        ({"name": ""}, "name"),
        ({"secret": ""}, "secret"),
    ],
    ids=str,
)
async def test_what_cannot_be_sent_is_told(graph: Graph, change: dict[str, Any], field: str) -> None:
    assert user_errors(await does(graph, MAKE, **change)) == [("INVALID", [field], None)]
    assert await graph.calls() == []


async def test_the_stack_refuses_other_secrets_and_addresses(graph: Graph) -> None:
    refused = [
        await does(graph, MAKE, key="a", endpoint="shop"),
        await does(graph, MAKE, key="b", secret="short"),
        await does(graph, CHANGE, key="c", secret="short"),
    ]
    assert [user_errors(answer) for answer in refused] == [[("UPSTREAM_REJECTED", [], "VALIDATION")]] * 3


async def test_a_receiver_goes_on_and_off(graph: Graph) -> None:
    assert outcome(await does(graph, ACTIVATE, key="on"))["webhookConfig"]["isActive"] is True
    assert outcome(await does(graph, DEACTIVATE, key="off"))["webhookConfig"]["isActive"] is False
    await armed(graph, DEACTIVATE, drop="half")
    assert outcome(await does(graph, DEACTIVATE, key="lost"))["webhookConfig"]["isActive"] is False


async def test_a_changed_secret_is_shown_nowhere(graph: Graph, tmp_path: Path) -> None:
    answers = [await does(graph, CHANGE), await does(graph, CHANGE, key="other", secret=OTHER)]

    assert [outcome(answer)["webhookConfig"]["id"] for answer in answers] == [SEEDED, SEEDED]
    for text in (*(answer.response.text for answer in answers), stored(tmp_path)):
        assert SECRET not in text
        assert OTHER not in text


async def test_a_test_tells_how_the_receiver_took_it(graph: Graph) -> None:
    made = outcome(await does(graph, TEST))
    again = outcome(await does(graph, TEST))
    failing = outcome(await does(graph, CREATE, key="new", endpoint="https://fail.example"))["webhookConfig"]["id"]
    failed = outcome(await does(graph, TEST, key="failing", webhookConfigId=failing))["attempt"]

    attempt = made["attempt"]
    assert made["webhookConfig"] == {"id": SEEDED}
    assert (attempt["status"], attempt["providerStatus"], attempt["statusCode"]) == ("SUCCEEDED", "success", 200)
    assert (attempt["retryNumber"], attempt["payload"]) == (0, '{"data":"test"}')
    assert again == {"webhookConfig": {"id": SEEDED}, "attempt": None}
    assert (failed["status"], failed["statusCode"]) == ("FAILED", 500)
    assert await effects(graph, TEST) == 2


async def test_a_test_whose_answer_is_lost_is_never_sent_again_by_its_key(graph: Graph, tmp_path: Path) -> None:
    """Nobody can look it up. Another key sends another one."""
    await armed(graph, TEST, drop="half")
    for _ in range(2):
        assert only_error(await does(graph, TEST))["extensions"]["code"] == "UPSTREAM_UNKNOWN_OUTCOME"
        await time_passes(tmp_path)
    assert await effects(graph, TEST) == 1

    assert outcome(await does(graph, TEST, key="another"))["attempt"]["status"] == "SUCCEEDED"
    assert await effects(graph, TEST) == 2


@pytest.mark.parametrize("row", [DEACTIVATE, ACTIVATE, CHANGE, TEST], ids=str)
async def test_one_that_is_not_there_is_told(graph: Graph, row: Row) -> None:
    told = user_errors(await does(graph, row, webhookConfigId=NOBODY))
    assert told == [("NOT_FOUND", [], "NOT_FOUND")]


async def test_a_wrong_change_is_told_at_once(graph: Graph) -> None:
    told = user_errors(await does(graph, CHANGE, webhookConfigId="x", secret=" "))
    assert told == [("INVALID", ["webhookConfigId"], None), ("INVALID", ["secret"], None)]
    assert await graph.calls() == []


@pytest.mark.parametrize("row", [ACTIVATE, CHANGE], ids=str)
async def test_what_became_of_a_receiver_that_is_gone_cannot_be_told(graph: Graph, row: Row) -> None:
    await armed(graph, row, drop="before")
    error = only_error(await does(graph, row, webhookConfigId=NOBODY))["extensions"]
    assert error["code"] == "UPSTREAM_UNKNOWN_OUTCOME"


async def test_an_unknown_word_for_a_status_is_no_success(graph: Graph) -> None:
    body = '{"data":{"id":"a","status":"odd","statusCode":200}}'
    await armed(graph, TEST, status=200, headers={"content-type": "application/json"}, body=body)
    attempt = outcome(await does(graph, TEST))["attempt"]

    assert (attempt["status"], attempt["providerStatus"], attempt["retryNumber"]) == ("UNKNOWN", "odd", None)
    assert (await graph.data(f"query($id: ID!) {CONFIG}", id=SEEDED))["node"]["isActive"] is False
