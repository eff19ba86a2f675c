"""Bank accounts: what answers show of their numbers, what becomes of them at connectors, and every refusal."""

import re

import pytest

from providers.formance.sandbox import Generation
from tests.providers.formance.sandbox_stack import GENERATIONS, Stack, opened
from tests.providers.formance.sandbox_writes import connector, done, made, refused, sent
from tests.providers.formance.test_sandbox_objects import NO_POOL

GOOD = {"name": "Landlord", "iban": "FR7630006000011234567890189", "country": "FR", "metadata": {"floor": "3"}}
ABSENT_CONNECTOR = "eyJQcm92aWRlciI6IlgiLCJSZWZlcmVuY2UiOiJ5In0"
HIDDEN = "FR76*******************0189"


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_the_seeded_ones_are_varied(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        rows = await stack.everything("/bank-accounts")
        accounts = {row["id"]: row for row in await stack.everything("/accounts")}

        assert len(rows) == 15
        assert {len(row.get("relatedAccounts", [])) for row in rows} == {0, 1, 2}
        for row in rows:
            assert await stack.data(f"/bank-accounts/{row['id']}") == row
            assert re.fullmatch(r"[A-Z]{2}\d{2}\*+\d{4}", row.get("iban", "XX00*0000"))
            assert re.fullmatch(r"\d{2}\*{5}\d{3}", row.get("accountNumber", "00*****000"))
            assert ("iban" in row) != ("accountNumber" in row)
            for related in row.get("relatedAccounts", []):
                assert accounts[related["accountID"]]["connectorID"] == related["connectorID"]
                assert bool(related["id"]) == (generation == "v2")
        assert rows == sorted(rows, key=lambda row: str(row["createdAt"]), reverse=True)


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_created_one_shows_only_the_ends_of_its_numbers(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        row = await made(stack, "/bank-accounts", {**GOOD, "accountNumber": "0123456789"})

        assert (row["iban"], row["accountNumber"]) == (HIDDEN, "01*****789")
        assert {"swiftBicCode", "relatedAccounts"}.isdisjoint(row)
        assert row["metadata"] == {"floor": "3"}
        assert row.get("connectorID") == ("" if generation == "v2" else None)
        assert await stack.data(f"/bank-accounts/{row['id']}") == row


async def test_of_a_number_too_short_v3_shows_stars_and_v2_fails() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        body = {**GOOD, "iban": "FR1"}
        assert (await made(new, "/bank-accounts", body))["iban"] == "***"
        assert (await refused(old, "POST", "/bank-accounts", body))[:2] == (500, "INTERNAL")


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_forwarding_makes_an_account_at_the_connector(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        target = await connector(stack, "BANKING-CIRCLE")
        row = await made(stack, "/bank-accounts", GOOD)
        path = f"/bank-accounts/{row['id']}/forward"
        forwarded = await made(stack, path, {"connectorID": target})

        (related,) = forwarded["relatedAccounts"]
        assert (related["connectorID"], related["provider"]) == (target, "BANKING-CIRCLE")
        account = await stack.data(f"/accounts/{related['accountID']}")
        assert account["type"] == ("EXTERNAL_FORMANCE" if generation == "v2" else "EXTERNAL")
        assert (account["reference"], account["accountName"]) == (row["id"], "Landlord")
        if generation == "v2":
            assert (forwarded["connectorID"], forwarded["accountID"]) == (target, account["id"])
            message = "bank account already forwarded to connector"
            assert await refused(stack, "POST", path, {"connectorID": target}) == (400, "VALIDATION", message)
        else:
            assert await made(stack, path, {"connectorID": target}) == forwarded


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_creation_forwards_when_it_names_a_connector(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        row = await made(stack, "/bank-accounts", {**GOOD, "connectorID": await connector(stack, "MANGOPAY")})

        assert len(row["relatedAccounts"]) == 1


async def test_a_creation_that_cannot_be_forwarded_leaves_its_bank_account_on_v3_alone() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        for stack, count in ((old, 15), (new, 16)):
            body = {**GOOD, "connectorID": ABSENT_CONNECTOR}
            assert (await sent(stack, "POST", "/bank-accounts", body)).status_code in (400, 404)
            assert len(await stack.everything("/bank-accounts")) == count


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_metadata_is_merged(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        row = await made(stack, "/bank-accounts", GOOD)
        await done(stack, "PATCH", f"/bank-accounts/{row['id']}/metadata", {"metadata": {"floor": "4", "door": "b"}})

        assert (await stack.data(f"/bank-accounts/{row['id']}"))["metadata"] == {"floor": "4", "door": "b"}


async def test_filters_work_on_v3_and_are_ignored_by_v2() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        query = {"$match": {"country": "DE"}}
        assert {row["country"] for row in await new.filtered("/bank-accounts", query)} == {"DE"}
        assert len(await old.filtered("/bank-accounts", query)) == 15
        tagged = await new.filtered("/bank-accounts", {"$match": {"metadata[purpose]": "salaries"}})
        assert {row["metadata"]["purpose"] for row in tagged} == {"salaries"}
        assert (await new.refusal("/bank-accounts", query='{"$match": {"iban": "x"}}'))[2] == (
            "cannot list bank accounts: unknown key 'iban' when building query: validation error"
        )


async def table(stack: Stack, generation: Generation) -> list[tuple[str, str, object, int, str, str | None]]:
    is_old = generation == "v2"
    one = f"/bank-accounts/{(await stack.data('/bank-accounts'))[0]['id']}"
    nowhere, none = ABSENT_CONNECTOR, f"/bank-accounts/{NO_POOL}"
    stripe = await connector(stack, "STRIPE")
    get = "getting" if is_old else "cannot get"
    update = "updating" if is_old else "cannot update"
    numbers = "either accountNumber or iban must be provided"
    no_connector = (400, "VALIDATION", "connector not installed")
    missing = no_connector if is_old else (404, "NOT_FOUND", "cannot get connector: not found")
    cannot = (400, "VALIDATION", "bank account creation not implemented for this connector")
    unable = (400, "CONNECTOR_CAPABILITY_NOT_SUPPORTED", "connector does not support bank account creation")
    wanted = "connectorID is required" if is_old else "ConnectorID is a required field"
    return [
        ("POST", "/bank-accounts", {**GOOD, "iban": None}, 400, "VALIDATION", numbers),
        ("POST", "/bank-accounts", {**GOOD, "name": ""}, 400, "VALIDATION", "name must be provided"),
        ("POST", "/bank-accounts", {**GOOD, "connectorID": "x"}, 400, "VALIDATION", None),
        ("POST", "/bank-accounts", {**GOOD, "connectorID": nowhere}, *missing),
        ("POST", "/bank-accounts", {**GOOD, "connectorID": stripe}, *(cannot if is_old else unable)),
        ("POST", "/bank-accounts", None, 400, "MISSING_OR_INVALID_BODY", None),
        ("GET", "/bank-accounts/x", None, 400, "INVALID_ID", None),
        ("GET", none, None, 404, "NOT_FOUND", f"{get} bank account: not found"),
        ("POST", f"{one}/forward", {}, 400, "VALIDATION", wanted),
        ("POST", f"{one}/forward", None, 400, "MISSING_OR_INVALID_BODY", None),
        ("POST", f"{one}/forward", {"connectorID": nowhere}, *missing),
        ("POST", f"{one}/forward", {"connectorID": stripe}, *(cannot if is_old else unable)),
        ("POST", "/bank-accounts/x/forward", {"connectorID": stripe}, 400, "INVALID_ID", None),
        ("POST", f"{none}/forward", {"connectorID": stripe}, 404, "NOT_FOUND", f"{get} bank account: not found"),
        ("PATCH", f"{one}/metadata", {"metadata": {}}, 400, "VALIDATION", "metadata must be provided"),
        ("PATCH", f"{one}/metadata", "[]", 400, "MISSING_OR_INVALID_BODY", None),
        ("PATCH", "/bank-accounts/x/metadata", {"metadata": {"a": "b"}}, 400, "INVALID_ID", None),
        (
            *("PATCH", f"{none}/metadata", {"metadata": {"a": "b"}}, 404, "NOT_FOUND"),
            f"{update} bank account metadata: not found",
        ),
    ]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_bad_requests_are_refused(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        for method, path, body, status, code, message in await table(stack, generation):
            answer = await refused(stack, method, path, body)
            assert answer[:2] == (status, code), (method, path, body, answer)
            assert message in (None, answer[2])


async def test_only_v2_wants_a_country() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        body = {**GOOD, "country": None}
        assert await refused(old, "POST", "/bank-accounts", body) == (400, "VALIDATION", "country must be provided")
        assert (await made(new, "/bank-accounts", body))["country"] == ""
