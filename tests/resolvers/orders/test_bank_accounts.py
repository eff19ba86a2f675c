"""What can be refused to those who keep bank accounts, and that none is kept twice."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from providers.formance.sandbox.auth import CREDENTIALS
from resolvers import ids
from tests.conftest import Graph
from tests.resolvers.asking import codes
from tests.resolvers.orders import nobody
from tests.resolvers.orders.refusals import INCAPABLE, INVALID, Case, answers, expected, missing
from tests.resolvers.orders.row import World, effects, order, outcome, time_passes, user_errors
from tests.resolvers.orders.rows_bank_accounts import ANNOTATE, CREATE, CREATE_AND_FORWARD, FORWARD, connectors


def stripe(world: World) -> dict[str, Any]:
    return {"connectorId": world.connectors["stripe-eu"]}


def no_connector(_world: World) -> dict[str, Any]:
    return {"connectorId": nobody.CONNECTOR}


def no_bank_account(_world: World) -> dict[str, Any]:
    return {"bankAccountId": nobody.BANK_ACCOUNT}


CASES = [
    Case("without country", CREATE, lambda _: {"country": None}, v2=INVALID),
    Case("by number", CREATE, lambda _: {"iban": None, "accountNumber": "12345678"}),
    Case("forward to one that takes none", FORWARD, stripe, v3=INCAPABLE, v2=INVALID),
    Case("forward to no connector", FORWARD, no_connector, v3=missing(), v2=INVALID),
    Case("forward nothing", FORWARD, no_bank_account, v3=missing(), v2=missing()),
    Case("notes of nothing", ANNOTATE, no_bank_account, v3=missing("bankAccountId"), v2=missing("bankAccountId")),
]


@pytest.mark.parametrize("generation", ["v3", "v2"])
async def test_a_servers_refusals_are_told_with_their_codes(graph: Graph, here: World, generation: str) -> None:
    """As each generation of servers words them. What it takes for done is done."""
    assert await answers(graph, here, CASES) == expected(CASES, generation)


@pytest.mark.parametrize("change", [stripe, no_connector], ids=["incapable", "unknown"])
async def test_what_is_kept_but_not_forwarded_is_told_as_both(
    graph: Graph, here: World, change: Callable[[World], dict[str, Any]]
) -> None:
    """v3 keeps it before it asks the connector. Each try with the same key says the same, and nothing is made twice."""
    given = {**CREATE.input(here), **change(here)}
    before = await kept(graph)
    answers = [await order(graph, CREATE, given) for _ in range(2)]
    payloads = [answer.data["createBankAccount"] for answer in answers]

    assert [answer.errors for answer in answers] == [[], []]
    assert payloads[0] == payloads[1]
    assert connectors(payloads[0]) == []
    assert [(error["code"], error["field"]) for error in payloads[0]["userErrors"]] == [
        ("NOT_FORWARDED", ["connectorId"])
    ]
    assert await kept(graph) - before == {payloads[0]["bankAccount"]["id"]}


@pytest.mark.parametrize("generation", ["v2"])
@pytest.mark.parametrize("change", [stripe, no_connector], ids=["incapable", "unknown"])
async def test_an_older_server_asks_the_connector_first(
    graph: Graph, here: World, change: Callable[[World], dict[str, Any]]
) -> None:
    """Nothing is kept then."""
    before = await kept(graph)

    assert user_errors(await order(graph, CREATE, {**CREATE.input(here), **change(here)})) == [INVALID]
    assert await kept(graph) == before


@pytest.mark.parametrize("generation", ["v3", "v2"])
async def test_the_same_bank_account_under_two_keys_is_kept_twice(graph: Graph, here: World) -> None:
    """Nothing but the key tells whether one or two are wanted."""
    before = await kept(graph)
    made = [outcome(await order(graph, CREATE, CREATE.input(here), key=key)) for key in ("1", "2")]

    assert len({each["bankAccount"]["metadata"]["idempotency_hash"] for each in made}) == 2
    assert len(await kept(graph) - before) == 2


@pytest.mark.parametrize("generation", ["v3", "v2"])
async def test_one_that_was_made_but_not_forwarded_is_only_forwarded(graph: Graph, here: World, tmp_path: Path) -> None:
    """When the connection is lost in between: by the next try, not made anew."""
    made = outcome(await order(graph, CREATE, CREATE.input(here)))["bankAccount"]
    before = await kept(graph)
    await graph.fault("formance", "/api/payments/bank-accounts", method="POST", status=503, body="")
    given = CREATE_AND_FORWARD.input(here)
    assert codes(await order(graph, CREATE_AND_FORWARD, given, key="b")) == ["UPSTREAM_UNKNOWN_OUTCOME"]
    await note(graph, made["id"], key="b")
    await time_passes(tmp_path)
    found = outcome(await order(graph, CREATE_AND_FORWARD, given, key="b"))["bankAccount"]

    assert (found["id"], await kept(graph)) == (made["id"], before)
    assert connectors({"bankAccount": found}) == [here.generic]
    assert await effects(graph, FORWARD) == 1


async def test_all_that_is_wrong_is_told_at_once(graph: Graph, here: World) -> None:
    """By field; the note of this server's own is nobody else's."""
    given = {"name": "", "connectorId": here.pool, "metadata": {"idempotency_hash": "x"}}
    notes = {"bankAccountId": here.payment, "metadata": {"idempotency_hash": "x"}}

    assert sorted(user_errors(await order(graph, CREATE, given))) == [
        ("INVALID", ["connectorId"], None),
        ("INVALID", ["iban"], None),
        ("INVALID", ["metadata", "idempotency_hash"], None),
        ("INVALID", ["name"], None),
    ]
    assert user_errors(await order(graph, ANNOTATE, notes)) == [
        ("INVALID", ["bankAccountId"], None),
        ("INVALID", ["metadata", "idempotency_hash"], None),
    ]
    assert user_errors(await order(graph, ANNOTATE, {"bankAccountId": here.bank_account, "metadata": {}})) == [
        ("INVALID", ["metadata"], None)
    ]


@pytest.mark.parametrize("generation", ["v3", "v2"])
async def test_numbers_stay_hidden(graph: Graph, here: World, tmp_path: Path) -> None:
    """From answers, and from what this server remembers of the write."""
    given = {**CREATE.input(here), "accountNumber": "0123456789"}
    answer = await order(graph, CREATE, given)

    assert answer.data["createBankAccount"]["bankAccount"]["maskedAccountNumber"] == "01*****789"
    stored = (tmp_path / "directory.sqlite3").read_bytes()
    assert "30006000011234" not in answer.response.text
    assert given["iban"].encode() not in stored
    assert b"0123456789" not in stored


async def note(graph: Graph, bank_account: str, *, key: str) -> None:
    """Make a bank account look as if it had been made under this key."""
    form = {
        "grant_type": "client_credentials",
        "client_id": CREDENTIALS["FORMANCE_CLIENT_ID"],
        "client_secret": CREDENTIALS["FORMANCE_CLIENT_SECRET"],
        "scope": "payments:write",
    }
    token = (await graph.client.post("/sandbox/formance/api/auth/oauth/token", data=form)).json()["access_token"]
    answer = await graph.client.patch(
        f"/sandbox/formance/api/payments/bank-accounts/{ids.decode(bank_account).native_id}/metadata",
        json={"metadata": {"idempotency_hash": hashlib.sha256(json.dumps(["", key]).encode()).hexdigest()}},
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 204


async def kept(graph: Graph) -> set[str]:
    """All bank accounts that there are."""
    data = await graph.data("{ bankAccounts(first: 100) { nodes { id } } }")
    return {each["id"] for each in data["bankAccounts"]["nodes"]}
