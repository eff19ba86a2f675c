"""The sandbox's filters: which keys each list of each generation takes, and what the operators select."""

import json
import time
from typing import Any

import pytest

from providers.formance.sandbox import Generation
from tests.providers.formance.sandbox_stack import GENERATIONS, opened

TAKEN: list[tuple[Generation, str, str, str]] = [
    # generation, list, filter key, field of the answer
    ("v2", "/payments", "reference", "reference"),
    ("v2", "/payments", "type", "type"),
    ("v2", "/payments", "status", "status"),
    ("v2", "/payments", "asset", "asset"),
    ("v2", "/payments", "connectorID", "connectorID"),
    ("v2", "/payments", "amount", "amount"),
    ("v2", "/payments", "initialAmount", "initialAmount"),
    ("v2", "/accounts", "reference", "reference"),
    ("v3", "/payments", "id", "id"),
    ("v3", "/payments", "reference", "reference"),
    ("v3", "/payments", "connector_id", "connectorID"),
    ("v3", "/payments", "type", "type"),
    ("v3", "/payments", "asset", "asset"),
    ("v3", "/payments", "status", "status"),
    ("v3", "/payments", "source_account_id", "sourceAccountID"),
    ("v3", "/payments", "destination_account_id", "destinationAccountID"),
    ("v3", "/payments", "amount", "amount"),
    ("v3", "/payments", "initial_amount", "initialAmount"),
    ("v3", "/accounts", "id", "id"),
    ("v3", "/accounts", "reference", "reference"),
    ("v3", "/accounts", "connector_id", "connectorID"),
    ("v3", "/accounts", "type", "type"),
    ("v3", "/accounts", "default_asset", "defaultAsset"),
    ("v3", "/accounts", "name", "accountName"),
    ("v3", "/pools", "id", "id"),
    ("v3", "/pools", "name", "name"),
]

REFUSED: list[tuple[Generation, str, str]] = [
    *[("v2", "/payments", key) for key in ("id", "scheme", "source_account_id", "connector_id", "initial_amount")],
    *[("v2", "/accounts", key) for key in ("id", "name", "type", "connector_id", "default_asset")],
    *[("v3", "/payments", key) for key in ("connectorID", "initialAmount", "createdAt", "metadata")],
    *[("v3", "/accounts", key) for key in ("accountName", "defaultAsset", "metadata[]")],
    *[("v3", "/pools", key) for key in ("type", "metadata[a]")],
]


def match(key: str, value: object) -> dict[str, dict[str, object]]:
    return {"$match": {key: value}}


@pytest.mark.parametrize(("generation", "path", "key", "field"), TAKEN)
async def test_a_match_selects_exactly_the_rows_that_have_the_value(
    generation: Generation, path: str, key: str, field: str
) -> None:
    async with opened(generation, payments_count=200) as stack:
        rows = await stack.everything(path)
        value = rows[len(rows) // 2][field] or rows[0][field]

        assert await stack.filtered(path, match(key, value)) == [row for row in rows if row[field] == value]


@pytest.mark.parametrize(("generation", "path", "key"), REFUSED)
async def test_an_unknown_key_is_refused_in_the_generations_words(generation: Generation, path: str, key: str) -> None:
    async with opened(generation, payments_count=0) as stack:
        verb = {"v2": "listing", "v3": "cannot list"}[generation]
        message = f"{verb} {path[1:]}: unknown key '{key}' when building query: validation error"

        assert await stack.refusal(path, query=json.dumps(match(key, "x"))) == (400, "VALIDATION", message)


async def test_v2_ignores_filters_on_pools() -> None:
    async with opened("v2", payments_count=0) as stack:
        assert len(await stack.filtered("/pools", match("id", "x"))) == 12


@pytest.mark.parametrize("key", ["psu_id", "open_banking_connection_id"])
@pytest.mark.parametrize("path", ["/payments", "/accounts"])
async def test_columns_that_nothing_fills_match_nothing(path: str, key: str) -> None:
    async with opened(payments_count=50) as stack:
        assert await stack.filtered(path, match(key, "x")) == []


async def test_v3_filters_schemes_by_the_stored_word() -> None:
    async with opened(payments_count=200) as stack:
        rows = await stack.everything("/payments")
        for scheme, word in (("visa", "CARD_VISA"), ("sepa debit", "SEPA_DEBIT"), ("molpay", "MOL_PAY")):
            expected = [row for row in rows if row["scheme"] == scheme]

            assert await stack.filtered("/payments", match("scheme", word)) == expected != []
        assert await stack.filtered("/payments", match("scheme", "visa")) == []


async def test_pools_are_found_by_the_accounts_that_they_hold() -> None:
    async with opened(payments_count=0) as stack:
        pools = await stack.data("/pools")
        account = pools[1]["accounts"][0]
        expected = [pool for pool in pools if account in pool["accounts"]]

        assert await stack.filtered("/pools", match("account_id", account)) == expected
        both = {"$or": [match("account_id", account), match("account_id", pools[0]["accounts"][0])]}
        assert pools[0] in await stack.filtered("/pools", both)


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_amounts_compare_as_integers_of_any_size(generation: Generation) -> None:
    async with opened(generation) as stack:
        huge = await stack.filtered("/payments", {"$gt": {"amount": 2**63}})
        between = {"$and": [{"$gte": {"amount": 2**53}}, {"$not": {"$gt": {"amount": 2**63}}}]}

        assert len(huge) >= 3
        assert min(row["amount"] for row in huge) > 2**63
        assert {row["asset"] for row in huge} == {"BTC/8", "JPY"}
        assert all(2**53 <= row["amount"] <= 2**63 for row in await stack.filtered("/payments", between))
        assert {row["amount"] for row in await stack.filtered("/payments", {"$lte": {"amount": 1}})} <= {0, 1}
        assert await stack.filtered("/payments", match("amount", huge[0]["amount"])) == [huge[0]]
        assert await stack.filtered("/payments", {"$lt": {"amount": "x"}}) == []


async def test_accounts_compare_on_v3() -> None:
    async with opened(payments_count=0) as stack:
        rows = await stack.everything("/accounts")

        expected = [row for row in rows if row["accountName"] >= "M"]
        assert await stack.filtered("/accounts", {"$gte": {"name": "M"}}) == expected


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_and_or_and_not_combine(generation: Generation) -> None:
    async with opened(generation, payments_count=300) as stack:
        rows = await stack.everything("/payments")
        failed, pending = match("status", "FAILED"), match("status", "PENDING")
        either = {"$or": [failed, pending, {"$gt": {"amount": 2**53}}]}
        neither = {"$not": either}
        both = {"$and": [failed, match("type", "PAYOUT")]}

        def is_either(row: dict[str, Any]) -> bool:
            return row["status"] in {"FAILED", "PENDING"} or row["amount"] > 2**53

        assert await stack.filtered("/payments", either) == [row for row in rows if is_either(row)]
        assert await stack.filtered("/payments", neither) == [row for row in rows if not is_either(row)]
        assert await stack.filtered("/payments", both) == [
            row for row in rows if (row["status"], row["type"]) == ("FAILED", "PAYOUT")
        ]


async def test_v2_lifts_metadata_out_of_or_and_not() -> None:
    async with opened("v2", payments_count=300) as old, opened("v3", payments_count=300) as new:
        web, failed = match("metadata[channel]", "web"), match("status", "FAILED")
        lifted = await old.filtered("/payments", {"$or": [web, failed]})
        plain = await new.filtered("/payments", {"$or": [web, failed]})

        assert {(row["metadata"]["channel"], row["status"]) for row in lifted} == {("web", "FAILED")}
        assert len(plain) > len(lifted)
        assert {(row["metadata"] or {}).get("channel") for row in plain} == {"web", "shop", None}
        assert await old.filtered("/payments", {"$not": web}) == await old.filtered("/payments", web)


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_accounts_of_several_customers_come_by_metadata(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        people = ("cus_0003", "cus_0011")
        rows = await stack.filtered("/accounts", {"$or": [match("metadata[customer_id]", who) for who in people]})

        assert {row["metadata"]["customer_id"] for row in rows} == set(people)


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_filter_in_the_body_wins(generation: Generation) -> None:
    async with opened(generation, payments_count=300) as stack:
        answer = await stack.client.request(
            "GET",
            "/api/payments/payments",
            params={"query": json.dumps(match("status", "PENDING")), "pageSize": 100},
            content=json.dumps(match("status", "FAILED")),
        )

        assert {row["status"] for row in answer.json()["cursor"]["data"]} == {"FAILED"}


async def test_an_empty_filter_selects_everything() -> None:
    async with opened(payments_count=20) as stack:
        assert len(await stack.filtered("/payments", {})) == 20


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize(
    "text",
    [
        *('{"$match"', "[]", "1", '{"$match": {"amount": 1.5}}', '{"$match": {"amount": NaN}}', '{"$match": "x"}'),
        *('{"$match": {}}', '{"$match": {"type": "a", "status": "b"}}', '{"$or": {}}', '{"$near": {"type": "x"}}'),
        *('{"$lt": {"type": "x"}}', '{"$exists": {"type": true}}', '{"$lt": {"metadata[order]": "x"}}'),
    ],
)
async def test_what_the_grammar_does_not_have_is_refused(generation: Generation, text: str) -> None:
    async with opened(generation, payments_count=0) as stack:
        assert (await stack.refusal("/payments", query=text))[:2] == (400, "VALIDATION")


async def test_in_is_refused_in_a_different_way_by_each_list() -> None:
    text = json.dumps({"$in": {"id": ["x"]}})
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        assert await old.refusal("/payments", query=text) == (400, "VALIDATION", "unexpected operator $in")
        for path in ("/payments", "/pools"):
            status, code, message = await new.refusal(path, query=text)
            assert (status, code) == (400, "VALIDATION")
            assert "'id' column can only be used with $match" in message
        status, code, message = await new.refusal("/accounts", query=text)
        assert (status, code) == (500, "INTERNAL")
        assert message == "Internal error. Consult logs/traces to have more details."


async def test_a_long_filter_over_all_payments_is_quick() -> None:
    async with opened() as stack:
        ids = [row["id"] for row in await stack.data("/payments", pageSize=100)]
        query = {"$or": [match(f"{end}_account_id", each) for each in ids for end in ("source", "destination")]}
        started = time.perf_counter()
        await stack.client.request("GET", "/api/payments/payments", content=json.dumps(query))

        assert time.perf_counter() - started < 0.1  # some 5 ms when nothing else runs
