"""Reads of the sandbox's ledger by its second API, and what its versions differ in."""

import json
from typing import Any

import pytest

from providers.formance.sandbox.ids import encode
from providers.formance.sandbox.ledger.seed import HUGE
from tests.providers.formance.sandbox_ledger import V1, V2, VERSIONS, Ledger, ledger, sending

MAIN = f"{V2}/main"


def q(expression: Any) -> dict[str, str]:
    return {"query": json.dumps(expression)}


@pytest.mark.parametrize("version", VERSIONS)
async def test_lists_page_through_all_rows_once(version: str) -> None:
    async with ledger(version) as server:
        for noun, key in (("accounts", "address"), ("transactions", "id"), ("logs", "id")):
            rows = [row[key] for row in await server.rows(f"{MAIN}/{noun}", pageSize=37)]

            assert len(rows) == len(set(rows)) > 37
            assert rows == sorted(rows, reverse=noun != "accounts")
        assert {row["name"] for row in await server.rows(V2)} >= {"main", "audit"}


async def test_pages_stay_put_when_transactions_come() -> None:
    async with ledger() as server:
        first = (await server.get(f"{MAIN}/transactions", pageSize=5))["cursor"]
        await server.made(f"{MAIN}/transactions", sending(5))
        second = (await server.get(f"{MAIN}/transactions", cursor=first["next"]))["cursor"]

        assert second["data"][0]["id"] == first["data"][-1]["id"] - 1
        back = (await server.get(f"{MAIN}/transactions", cursor=second["previous"]))["cursor"]
        assert back["data"] == first["data"]


async def test_forty_digits_are_kept() -> None:
    async with ledger() as server:
        found = (await server.rows(f"{MAIN}/transactions", **q({"$match": {"reference": "treasury-funding"}})))[0]
        response = await server.client.get(f"{MAIN}/transactions/{found['id']}?expand=volumes")

        assert f'"amount":{HUGE},' in response.text
        assert response.json()["data"]["postCommitVolumes"]["treasury:vault"]["ETH/18"]["input"] == HUGE
        many = await server.rows(f"{MAIN}/accounts", **q({"$gte": {"balance[ETH/18]": 10**38}}), pageSize=1)
        assert [row["address"] for row in many] == ["treasury:vault"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ({"$match": {"address": "customers::wallet"}}, 22),
        ({"$match": {"address": "customers:cus_0001:"}}, 2),
        ({"$match": {"address": "customers:..."}}, 44),
        ({"$match": {"metadata[customer_id]": "cus_0001"}}, 2),
        ({"$and": [{"$exists": {"metadata": "purpose"}}, {"$not": {"$match": {"metadata[purpose]": "wallet"}}}]}, 22),
        ({"$in": {"address": ["fees", "customers:cus_0001:wallet", "nobody"]}}, 2),
        ({"$or": [{"$match": {"address": "fees"}}, {"$match": {"address": "platform:cash"}}]}, 2),
        ({"$lt": {"balance[EUR/2]": 0}}, 3),
        ({"$like": {"address": "merchants:b%"}}, 2),
        ({"$lte": {"first_usage": "2026-01-01T00:00:00Z"}}, 0),
        ({}, 57),
    ],
)
async def test_accounts_are_filtered(expression: Any, expected: int) -> None:
    async with ledger() as server:
        assert await server.count(f"{MAIN}/accounts", **q(expression)) == expected
        by_body = await server.client.request("GET", f"{MAIN}/accounts", content=json.dumps(expression))
        assert len(by_body.json()["cursor"]["data"]) == min(15, expected)


@pytest.mark.parametrize(
    "expression",
    [
        {"$in": {"account": ["fees"]}},
        {"$match": {"source": "customers:cus_0001:wallet"}},
        {"$match": {"destination": "merchants:"}},
        {"$match": {"reverted": True}},
        {"$gte": {"timestamp": "2026-10-01T00:00:00Z"}},
        {"$match": {"id": 12}},
        {"$like": {"reference": "order-00%"}},
        {"$in": {"reference": ["order-0003", "order-0006"]}},
        {"$match": {"metadata[kind]": "settlement"}},
        {"$exists": {"metadata[customer_id]": True}},
    ],
)
async def test_transactions_are_filtered(expression: Any) -> None:
    async with ledger() as server:
        found = await server.count(f"{MAIN}/transactions", **q(expression))

        assert 0 < found < await server.count(f"{MAIN}/transactions")


@pytest.mark.parametrize(
    ("noun", "expression"),
    [
        ("transactions", {"$match": {"id": 12}}),
        ("transactions", {"$in": {"account": ["fees"]}}),
        ("logs", {"$match": {"type": "SET_METADATA"}}),
        ("accounts", {"$gte": {"first_usage": "2026-01-07T00:00:00Z"}}),
    ],
)
async def test_older_servers_know_fewer_filters(noun: str, expression: Any) -> None:
    async with ledger("v2.1") as old, ledger("v2.4") as new:
        assert await old.refused("GET", f"{MAIN}/{noun}", params=q(expression)) == (400, "VALIDATION")
        assert await new.rows(f"{MAIN}/{noun}", **q(expression))


def nested(depth: int) -> Any:
    """A condition that is denied so many times."""
    return {"$not": nested(depth - 1)} if depth else {"$match": {"address": "fees"}}


@pytest.mark.parametrize(
    "params",
    [
        {"pageSize": "many"},
        {"cursor": "?"},
        {"query": "{"},
        {"pit": "yesterday"},
        q({"$match": {"colour": "red"}}),
        q({"$near": {"address": "fees"}}),
        q({"$gt": {"address": "fees"}}),
        q({"$or": {}}),
        q({"$match": {"balance": "1"}}),
        q({"$match": {"balance": True}}),
        q({"$gt": {"metadata[x]": "1"}}),
        q({"$match": {"metadata": "1"}}),
        q({"$like": {"balance": 1}}),
        q({"$and": [{}]}),
        q({"$match": {}}),
        q(nested(70)),
        {"cursor": encode({"query": "", "options": {}, "pageSize": 1000})},
        q({"$in": {"address": "fees"}}),
        q([]),
    ],
)
async def test_what_cannot_be_asked_is_refused(params: dict[str, str]) -> None:
    async with ledger() as server:
        assert await server.refused("GET", f"{MAIN}/accounts", params=params) == (400, "VALIDATION")


async def test_a_point_in_time_hides_what_came_later() -> None:
    async with ledger() as server:
        cut = (await server.get(f"{MAIN}/transactions", pageSize=1))["cursor"]["data"][0]["timestamp"]
        await server.made(f"{MAIN}/transactions", sending(5, destination="late"))
        await server.made(f"{MAIN}/transactions", {**sending(9, destination="early"), "timestamp": cut})
        await server.send("POST", f"{MAIN}/accounts/fees/metadata", {"colour": "red"})
        await server.send("DELETE", f"{MAIN}/accounts/fees/metadata/colour")

        assert (await server.client.get(f"{MAIN}/accounts/late", params={"pit": cut})).status_code == 404
        early = await server.get(f"{MAIN}/accounts/early", expand="volumes,effectiveVolumes")
        assert early["data"]["volumes"] == early["data"]["effectiveVolumes"]
        sums = await server.get(f"{MAIN}/aggregate/balances", pit=cut, **q({"$match": {"address": "early"}}))
        assert sums == {"data": {"USD/2": 9}}
        inserted = await server.get(
            f"{MAIN}/aggregate/balances", pit=cut, useInsertionDate="true", **q({"$match": {"address": "early"}})
        )
        assert inserted == {"data": {}}
        fees = await server.get(f"{MAIN}/accounts/fees", pit=cut)
        assert fees["data"]["metadata"] == {}
        reverted = (await server.rows(f"{MAIN}/transactions", **q({"$match": {"reverted": True}})))[0]
        before = await server.get(f"{MAIN}/transactions/{reverted['id']}", pit=reverted["timestamp"])
        assert not before["data"]["reverted"]
        past = {"pit": "2025-01-01T00:00:00Z"}
        assert (await server.client.get(f"{MAIN}/transactions/{reverted['id']}", params=past)).status_code == 404
        newest = await server.rows(f"{MAIN}/transactions", pit=cut, pageSize=100, order="effective")
        assert newest[0]["postings"][0]["destination"] == "early"


async def test_volumes_fold_and_end() -> None:
    async with ledger() as server:
        rows = await server.rows(f"{MAIN}/volumes", pageSize=100)
        folded = await server.rows(f"{MAIN}/volumes", groupBy=1)

        assert sum(row["balance"] for row in rows if row["asset"] == "USD/2") == 0
        merchants = [row for row in rows if row["account"].startswith("merchants:") and row["asset"] == "USD/2"]
        total = next(row for row in folded if (row["account"], row["asset"]) == ("merchants", "USD/2"))
        assert total["input"] == sum(row["input"] for row in merchants)
        past = await server.rows(f"{MAIN}/volumes", endTime="2026-02-01T00:00:00Z", pageSize=100)
        assert 0 < len(past) < len(rows)
        assert await server.rows(f"{MAIN}/volumes", startTime="2027-02-01T00:00:00Z") == []
        assert await server.refused("GET", f"{MAIN}/volumes", params={"groupBy": "x"}) == (400, "VALIDATION")


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_server_and_its_ledgers_tell_of_themselves(version: str) -> None:
    async with ledger(version) as server:
        info = await server.get(f"{V2}/_info")
        assert info.get("data", info)["version"].startswith(version)
        assert ("data" in info) == (version == "v2.4")
        assert (await server.get(f"{V1}/_info"))["data"]["config"]["storage"]["ledgers"][:2] == ["main", "audit"]
        assert (await server.get(f"{MAIN}/_info"))["data"]["storage"]["migrations"][0]["state"] == "DONE"
        assert (await server.get(MAIN))["data"]["bucket"] == "_default"
        stats = (await server.get(f"{MAIN}/stats"))["data"]
        assert stats["transactions"] == await server.count(f"{MAIN}/transactions")
        assert await server.refused("GET", f"{V2}/nowhere/accounts") == (404, "LEDGER_NOT_FOUND")
        assert await server.refused("GET", f"{MAIN}/accounts/nobody") == (404, "NOT_FOUND")
        assert await server.refused("GET", f"{MAIN}/transactions/99999") == (404, "NOT_FOUND")
        assert await server.refused("GET", f"{MAIN}/transactions/x") == (400, "VALIDATION")


async def test_volumes_of_transactions_follow_from_one_another() -> None:
    async with ledger() as server:
        rows = await server.rows(f"{MAIN}/transactions", expand=["volumes", "effectiveVolumes"], pageSize=100)
        fees = [row for row in rows if "fees" in row["postCommitVolumes"] and row["postings"][-1]["asset"] == "EUR/2"]

        newer, older = fees[0], fees[1]
        assert newer["preCommitVolumes"]["fees"]["EUR/2"] == older["postCommitVolumes"]["fees"]["EUR/2"]
        assert newer["postCommitEffectiveVolumes"]["fees"]["EUR/2"]["input"] > 0
        oldest = await server.rows(f"{MAIN}/transactions", reverse="true", pageSize=100)
        assert [row["id"] for row in oldest] == [row["id"] for row in reversed(rows)]


async def test_some_references_are_payments_ones() -> None:
    async with ledger() as server:
        settled = await server.rows(f"{MAIN}/transactions", **q({"$match": {"metadata[kind]": "settlement"}}))
        payments = (await server.get("/api/payments/payments", pageSize=100))["cursor"]["data"]

        assert {row["reference"] for row in settled} <= {row["reference"] for row in payments}
        assert len(settled) > 5


async def test_no_token_no_ledger() -> None:
    async with ledger() as server:
        server.client.headers.pop("Authorization")

        assert (await server.client.get(f"{MAIN}/accounts")).status_code == 401
        assert (await server.client.get(f"{V2}/_info")).status_code == 200
        await _no_body(server)


async def _no_body(server: Ledger) -> None:
    assert (await server.client.get(f"{MAIN}/accounts")).content == b""
