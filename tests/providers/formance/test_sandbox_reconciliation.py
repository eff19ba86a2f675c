"""The sandbox's reconciliation service: what it compares, what it refuses, and what its lists know."""

import json
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from providers.formance.sandbox import CREDENTIALS, create
from providers.formance.sandbox.draw import name_uuid
from providers.formance.sandbox.ledger.book import Book, Posting
from providers.formance.sandbox.stack import Stack
from providers.seed import NOW, customers

POLICIES, ROWS = "/api/reconciliation/policies", "/api/reconciliation/reconciliations"
AGREES, DRIFTS, FAILS = (name_uuid("policy", number) for number in range(3))
THEN = {"reconciledAtLedger": "2026-11-01T11:30:00Z", "reconciledAtPayments": "2026-11-01T11:30:00Z"}
HUGE = 9_876_543_210_987_654_321_098_765_432_109_876_543_210


@pytest.fixture
def app() -> Starlette:
    return create(customers(3), payments_count=0)


@pytest.fixture
def stack(app: Starlette) -> Stack:
    return app.state.stack  # type: ignore[no-any-return]


@pytest.fixture
async def client(app: Starlette) -> httpx.AsyncClient:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://stack")
    given = {
        "grant_type": "client_credentials",
        "client_id": CREDENTIALS["FORMANCE_CLIENT_ID"],
        "client_secret": CREDENTIALS["FORMANCE_CLIENT_SECRET"],
        "scope": "reconciliation:read reconciliation:write",
    }
    token = (await client.post("/api/auth/oauth/token", data=given)).json()["access_token"]
    client.headers["authorization"] = f"Bearer {token}"
    return client


async def compared(client: httpx.AsyncClient, policy: str, **times: str) -> httpx.Response:
    return await client.post(f"{POLICIES}/{policy}/reconciliation", json={**THEN, **times})


async def rows(client: httpx.AsyncClient, path: str, query: object = None) -> Any:
    """Asked for in the body, as the vendor's own clients do."""
    response = await client.request("GET", path, content=json.dumps(query) if query else None)
    assert response.status_code == 200, response.text
    return response.json()["cursor"]["data"]


async def test_a_pool_that_the_ledger_mirrors_has_no_drift(client: httpx.AsyncClient) -> None:
    row = (await compared(client, AGREES)).json()["data"]

    assert (row["status"], row["error"], row["policyID"]) == ("OK", "", AGREES)
    assert row["paymentsBalances"]
    assert row["ledgerBalances"] == {asset: -amount for asset, amount in row["paymentsBalances"].items()}
    assert set(row["driftBalances"].values()) == {0}
    assert (await client.get(f"{ROWS}/{row['id']}")).json()["data"] == row


async def test_what_the_pool_lacks_is_a_drift_without_a_sign(client: httpx.AsyncClient) -> None:
    row = (await compared(client, DRIFTS)).json()["data"]

    assert row["status"] == "NOT_OK"
    assert row["error"].startswith("balance drift for asset ")
    assert set(row["driftBalances"].values()) == {12_345}


async def test_more_than_the_ledger_says_is_no_fault(client: httpx.AsyncClient) -> None:
    """Before the ledger was filled it lacked every asset, which counts as zero."""
    row = (await compared(client, AGREES, reconciledAtLedger="2026-10-31T00:00:00Z")).json()["data"]

    assert (row["status"], set(row["ledgerBalances"].values())) == ("OK", {0})
    assert row["driftBalances"] == row["paymentsBalances"] != {}


async def test_amounts_of_forty_digits_are_compared_to_the_last_one(client: httpx.AsyncClient, stack: Stack) -> None:
    stack.books["huge"] = book = Book("huge", NOW)
    book.post([Posting("a:b", "world", HUGE, "COIN")], now=NOW, unlimited=["a:b"])
    pool = next(iter(stack.payments.pools.values()))
    balances = stack.payments.balances[pool.accounts[0]]
    balances[0].asset, balances[0].amount = "COIN", HUGE - 1
    given = {"name": "huge", "ledgerName": "huge", "ledgerQuery": {"$match": {"address": "a:"}}}
    made = await client.post(POLICIES, json={**given, "paymentsPoolID": pool.id})
    assert made.status_code == 201

    row = json.loads(
        (await compared(client, made.json()["data"]["id"], reconciledAtLedger="2026-11-01T12:00:00Z")).text
    )

    assert row["data"]["paymentsBalances"]["COIN"] == HUGE - 1
    assert row["data"]["ledgerBalances"]["COIN"] == -HUGE
    assert row["data"]["driftBalances"]["COIN"] == 1


async def test_what_another_service_refuses_is_a_failure(client: httpx.AsyncClient, stack: Stack) -> None:
    """A filter that the ledger does not take, a ledger and a pool that are not there."""
    before = len(stack.reconciliation.rows)
    broken = await compared(client, FAILS)
    stack.books.clear()
    lost = await compared(client, AGREES)
    stack.payments.pools.clear()
    gone = await compared(client, AGREES)

    for response in (broken, lost, gone):
        assert (response.status_code, response.json()["errorCode"]) == (500, "INTERNAL")
    assert len(stack.reconciliation.rows) == before


@pytest.mark.parametrize("field", ["reconciledAtLedger", "reconciledAtPayments"])
async def test_both_times_must_have_passed(client: httpx.AsyncClient, field: str) -> None:
    ahead = await compared(client, AGREES, **{field: "2999-01-01T00:00:00Z"})
    missing = await client.post(
        f"{POLICIES}/{AGREES}/reconciliation", json={name: time for name, time in THEN.items() if name != field}
    )

    for response in (ahead, missing):
        assert (response.status_code, response.json()["errorCode"]) == (400, "VALIDATION")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (None, 400, "MISSING_OR_INVALID_BODY"),
        ({"ledgerName": "l", "paymentsPoolID": AGREES}, 400, "VALIDATION"),
        ({"name": "n", "paymentsPoolID": AGREES}, 400, "VALIDATION"),
        ({"name": "n", "ledgerName": "l"}, 400, "VALIDATION"),
        ({"name": "n", "ledgerName": "l", "paymentsPoolID": "x"}, 400, "INVALID_ID"),
        ({"name": 1, "ledgerName": "l", "paymentsPoolID": AGREES}, 400, "MISSING_OR_INVALID_BODY"),
    ],
)
async def test_a_policy_that_is_not_whole_is_refused(
    client: httpx.AsyncClient, body: object, status: int, code: str
) -> None:
    response = await client.post(POLICIES, content=json.dumps(body) if body else b"")

    assert (response.status_code, response.json()["errorCode"]) == (status, code)


async def test_lists_are_newest_first_and_know_their_filters(client: httpx.AsyncClient) -> None:
    every, of_one = await rows(client, ROWS), await rows(client, ROWS, {"$match": {"policyID": DRIFTS}})
    policies = await rows(client, POLICIES)
    [alone] = await rows(client, POLICIES, {"$match": {"paymentsPoolID": policies[-1]["paymentsPoolID"]}})

    assert [row["createdAt"] for row in every] == sorted((row["createdAt"] for row in every), reverse=True)
    assert of_one == [row for row in every if row["policyID"] == DRIFTS]
    assert 0 < len(of_one) < len(every)
    assert alone == policies[-1]
    for query in ({"$match": {"name": "x"}}, {"$gt": {"policyID": DRIFTS}}):
        refused = await client.request("GET", ROWS, content=json.dumps(query))
        assert (refused.status_code, refused.json()["errorCode"]) == (400, "VALIDATION")


async def test_a_deleted_policy_takes_its_reconciliations_with_it(client: httpx.AsyncClient) -> None:
    [row, *_] = await rows(client, ROWS, {"$match": {"policyID": DRIFTS}})
    for _ in range(2):
        assert (await client.delete(f"{POLICIES}/{DRIFTS}")).status_code == 204

    for path in (f"{POLICIES}/{DRIFTS}", f"{ROWS}/{row['id']}"):
        response = await client.get(path)
        assert (response.status_code, response.json()["errorCode"]) == (404, "NOT_FOUND")
    assert await rows(client, ROWS, {"$match": {"policyID": DRIFTS}}) == []
    assert (await compared(client, DRIFTS)).status_code == 404
    assert (await client.get(f"{POLICIES}/x")).json()["errorCode"] == "INVALID_ID"


async def test_nothing_is_told_without_a_token(client: httpx.AsyncClient) -> None:
    del client.headers["authorization"]
    response = await client.get(POLICIES)

    assert (response.status_code, response.content) == (401, b"")
