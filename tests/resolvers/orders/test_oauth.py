"""Clients of the stack: secrets that are shown once and get tokens."""

import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Answer, Graph
from tests.resolvers.orders.row import Row, effects, order, outcome, user_errors
from tests.resolvers.orders.rows_oauth import (
    CREATE,
    DELETE,
    DELETE_SECRET,
    NATIVE,
    NOBODY,
    PATH,
    SEEDED,
    UPDATE,
    client_id,
)
from tests.resolvers.orders.test_matrix import armed

SECRET = Row(
    mutation="createOAuthClientSecret",
    payload="oauthClient { id providerId } secret { providerId name lastDigits metadata } clearSecret",
    input=lambda _: {"oauthClientId": SEEDED, "name": "second"},
    other=lambda _: {},
    calls=("POST", f"{PATH}/*/secrets"),
    holds=lambda _, __: True,
)


async def does(graph: Graph, row: Row, *, key: str = "key", **given: Any) -> Answer:
    return await order(graph, row, {**row.input(None), **given}, key=key)  # type: ignore[arg-type]


async def token(graph: Graph, client: str, secret: str) -> int:
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret, "scope": "ledger:read"}
    return (await graph.client.post("/sandbox/formance/api/auth/oauth/token", data=form)).status_code


async def test_a_secret_is_shown_once_kept_nowhere_and_gets_tokens(graph: Graph, tmp_path: Path) -> None:
    made = outcome(await does(graph, SECRET))
    again = outcome(await does(graph, SECRET))
    client, clear = made["oauthClient"]["providerId"], made["clearSecret"]
    with sqlite3.connect(tmp_path / "directory.sqlite3") as database:
        stored = "\n".join(database.iterdump())
    database.close()

    assert await token(graph, client, clear) == 200
    assert made["secret"]["name"] == "second"
    assert clear.endswith(made["secret"]["lastDigits"])
    assert again == {**made, "clearSecret": None}
    assert clear not in stored
    assert await effects(graph, SECRET) == 1

    deleted = await does(graph, DELETE_SECRET, key="deletion", secretId=made["secret"]["providerId"])
    assert [each["name"] for each in outcome(deleted)["oauthClient"]["secrets"]] == ["first"]
    assert await token(graph, client, clear) == 401


async def test_a_secret_is_in_no_log(graph: Graph, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        made = outcome(await does(graph, SECRET))
    told = [f"{record.getMessage()} {vars(record)}" for record in caplog.records]

    assert told
    assert [text for text in told if made["clearSecret"] in text] == []


async def test_a_secret_whose_answer_was_lost_is_made_but_cannot_be_shown(graph: Graph) -> None:
    await armed(graph, SECRET, drop="half")
    made = outcome(await does(graph, SECRET))

    assert made["clearSecret"] is None
    assert made["secret"]["name"] == "second"
    assert await effects(graph, SECRET) == 1


async def test_two_secrets_of_one_name_are_two(graph: Graph) -> None:
    """Told apart by their keys."""
    first, second = outcome(await does(graph, SECRET)), outcome(await does(graph, SECRET, key="other"))
    again = outcome(await does(graph, SECRET))

    assert first["secret"]["providerId"] == again["secret"]["providerId"] != second["secret"]["providerId"]


async def test_what_is_not_there_is_told(graph: Graph) -> None:
    """The module answers it with an empty body."""
    for row in (UPDATE, DELETE, SECRET, DELETE_SECRET):
        assert user_errors(await does(graph, row, key=row.mutation, oauthClientId=NOBODY)) == [("NOT_FOUND", [], None)]
    assert user_errors(await does(graph, DELETE_SECRET, secretId="nothing")) == [("NOT_FOUND", [], None)]
    assert len(NATIVE.secrets) == 1


async def test_the_servers_own_client_is_not_deleted(graph: Graph) -> None:
    """Nothing could be asked any more."""
    told = user_errors(await does(graph, DELETE, oauthClientId=client_id("sandbox-formance-client")))

    assert told == [("UPSTREAM_REJECTED", [], None)]
    assert await graph.calls() == []


async def test_notes_and_lists_are_checked(graph: Graph) -> None:
    answer = await does(
        graph, CREATE, name="", scopes=["x"] * 101, redirectUris=[""], metadata={"idempotency_hash": "x"}
    )
    assert user_errors(answer) == [
        ("INVALID", ["metadata", "idempotency_hash"], None),
        ("INVALID", ["name"], None),
        ("INVALID", ["redirectUris", "0"], None),
        ("INVALID", ["scopes"], None),
    ]
    assert await graph.calls() == []
