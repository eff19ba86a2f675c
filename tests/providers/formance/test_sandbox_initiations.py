"""Transfer initiations as they are read: every status, their steps and payments, filters and refusals."""

import base64
import json
from datetime import datetime

import pytest

from providers.formance.sandbox import Generation
from providers.formance.sandbox.seed_initiations import LIVES
from tests.providers.formance.sandbox_stack import GENERATIONS, opened
from tests.providers.formance.test_sandbox_objects import ABSENT

ROOT = "/transfer-initiations"


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_the_seeded_ones_have_every_status(generation: Generation) -> None:
    async with opened(generation) as stack:
        rows = await stack.everything(ROOT)
        payments = {row["id"]: row for row in await stack.everything("/payments")}

        assert len(rows) == len({row["reference"] for row in rows}) == 40
        assert {row["status"] for row in rows} == {life[-1] for life in LIVES[generation]}
        assert {row["type"] for row in rows} == {"TRANSFER", "PAYOUT"}
        related = 0
        for row in rows:
            whole = await stack.data(f"{ROOT}/{row['id']}")
            steps = whole.pop("relatedAdjustments")
            assert (steps[0]["status"], steps[0]["error"]) == (row["status"], row["error"])
            moments = [datetime.fromisoformat(step["createdAt"]) for step in steps]
            assert moments == sorted(moments, reverse=True)
            for link in whole.pop("relatedPayments"):
                payment = payments[link["paymentID"]]
                related += 1
                assert (payment["sourceAccountID"], payment["asset"]) == (row["sourceAccountID"], row["asset"])
                assert link["status"] == (payment["status"] if generation == "v3" else row["status"])
                assert link.get("error") == (None if generation == "v3" else "")
            assert whole == row
        assert related >= 10


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_the_seeded_ones_need_no_payments_and_no_people(generation: Generation) -> None:
    async with opened(generation, people=[], payments_count=0) as stack:
        rows = await stack.everything(ROOT)

        assert len(rows) == 40
        assert {row["sourceAccountID"] for row in rows} == {""}
        assert {row["scheduledAt"] for row in rows} == {"0001-01-01T00:00:00Z"}


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_ids_tell_connector_and_reference(generation: Generation) -> None:
    async with opened(generation, payments_count=60) as stack:
        for row in await stack.everything(ROOT):
            told = json.loads(base64.urlsafe_b64decode(row["id"] + "=="))
            assert set(told) == {"ConnectorID", "Reference"}
            assert told["Reference"] == row["reference"]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_filters(generation: Generation) -> None:
    async with opened(generation) as stack:
        rows = await stack.everything(ROOT)
        row = rows[3]
        for key, field in (("reference", "reference"), ("source_account_id", "sourceAccountID")):
            found = await stack.filtered(ROOT, {"$match": {key: row[field]}})
            assert [each["id"] for each in found] == [each["id"] for each in rows if each[field] == row[field]]
        if generation == "v3":
            assert [each["id"] for each in await stack.filtered(ROOT, {"$match": {"id": row["id"]}})] == [row["id"]]
            failed = await stack.filtered(ROOT, {"$match": {"status": "FAILED"}})
            assert {each["status"] for each in failed} == {"FAILED"}
            large = await stack.filtered(ROOT, {"$gte": {"amount": row["amount"]}})
            assert len(large) == sum(each["amount"] >= row["amount"] for each in rows)
            assert await stack.filtered(ROOT, {"$match": {"metadata[batch]": "b0"}})


async def test_v2_takes_an_unknown_filter_for_an_error_of_its_own() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        query = '{"$match": {"nothing": "x"}}'
        assert (await old.refusal(ROOT, query=query))[:2] == (500, "INTERNAL")
        assert (await new.refusal(ROOT, query=query))[:2] == (400, "VALIDATION")
        assert (await old.refusal(ROOT, query="{"))[:2] == (400, "VALIDATION")


@pytest.mark.parametrize(
    ("generation", "message"),
    [("v2", "getting transfer initiation: not found"), ("v3", "cannot get payment initiation: not found")],
)
async def test_an_absent_one_is_not_found(generation: Generation, message: str) -> None:
    async with opened(generation, payments_count=0) as stack:
        assert await stack.refusal(f"{ROOT}/{ABSENT}") == (404, "NOT_FOUND", message)
        assert (await stack.refusal(f"{ROOT}/x"))[:2] == (400, "INVALID_ID")
