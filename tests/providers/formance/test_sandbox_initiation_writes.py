"""A transfer initiation's life: validation, processing, failure, retry, reversal, deletion, and every refusal."""

import asyncio
from typing import Any

import pytest

from providers.formance.sandbox import Generation
from tests.providers.formance.sandbox_stack import GENERATIONS, Stack, opened
from tests.providers.formance.sandbox_writes import done, made, refused, sent, transfer
from tests.providers.formance.test_sandbox_objects import ABSENT

ROOT = "/transfer-initiations"
BACK = {"reference": "back-1", "description": "", "amount": 500, "asset": "EUR/2", "metadata": {}}
REFUSAL = "the provider refused: insufficient funds"


async def settled(stack: Stack, identifier: str) -> Any:
    """The initiation once the work in the background is done."""
    for _ in range(5):
        await asyncio.sleep(0)
    return await stack.data(f"{ROOT}/{identifier}")


def statuses(row: Any) -> list[str]:
    return [step["status"] for step in row["relatedAdjustments"]]


async def balance(stack: Stack, account: str) -> int:
    rows = await stack.data(f"/accounts/{account}/balances", asset="EUR/2")
    return int(rows[0]["balance"]) if rows else 0


@pytest.mark.parametrize("kind", ["TRANSFER", "PAYOUT"])
@pytest.mark.parametrize("generation", GENERATIONS)
async def test_one_that_is_validated_later_makes_its_payment_then(generation: Generation, kind: str) -> None:
    async with opened(generation, payments_count=0) as stack:
        row = await made(stack, ROOT, await transfer(stack, kind, amount=2**70))
        assert (row["status"], row["amount"]) == ("WAITING_FOR_VALIDATION", 2**70)
        assert await stack.data("/payments") == []
        await done(stack, "POST", f"{ROOT}/{row['id']}/status", {"status": "VALIDATED"})
        whole = await settled(stack, row["id"])

        middle = ["VALIDATED"] if generation == "v2" else []
        assert statuses(whole) == ["PROCESSED", "PROCESSING", *middle, "WAITING_FOR_VALIDATION"]
        (payment,) = await stack.data("/payments")
        assert [link["paymentID"] for link in whole["relatedPayments"]] == [payment["id"]]
        assert (payment["amount"], payment["type"], payment["status"]) == (2**70, kind, "SUCCEEDED")
        assert payment["destinationAccountID"] == row["destinationAccountID"]


async def test_v2_answers_at_once_and_v3_when_the_provider_has() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        row = await made(old, ROOT, await transfer(old, validated=True))
        assert row["status"] == "VALIDATED"
        assert statuses(await settled(old, row["id"])) == ["PROCESSED", "PROCESSING", "VALIDATED"]
        row = await made(new, ROOT, await transfer(new, validated=True))
        assert row["status"] == "PROCESSED"


async def test_only_v3_moves_the_balances_at_once() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        for stack, amount in ((old, 0), (new, 1500)):
            body = await transfer(stack, validated=True)
            source, target = str(body["sourceAccountID"]), str(body["destinationAccountID"])
            before = await balance(stack, source), await balance(stack, target)
            await settled(stack, (await made(stack, ROOT, body))["id"])
            assert await balance(stack, source) == before[0] - amount
            assert await balance(stack, target) == before[1] + amount


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_one_that_its_provider_refuses_is_failed_and_can_be_retried(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        body = await transfer(stack, reference="fail-1", validated=True)
        answer = await sent(stack, "POST", ROOT, body)
        (row,) = [each for each in await stack.everything(ROOT) if each["reference"] == "fail-1"]
        whole = await settled(stack, row["id"])

        assert answer.status_code == (200 if generation == "v2" else 400)
        if generation == "v3":
            assert answer.json() == {"errorCode": "VALIDATION", "errorMessage": REFUSAL}
        assert (whole["status"], whole["error"], whole["relatedPayments"]) == ("FAILED", REFUSAL, [])
        await done(stack, "POST", f"{ROOT}/{row['id']}/retry")
        whole = await settled(stack, row["id"])
        assert (whole["status"], whole["error"], len(whole["relatedPayments"])) == ("PROCESSED", "", 1)
        assert ("ASK_RETRIED" in statuses(whole)) == (generation == "v2")


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_stubborn_failure_stays_one(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        row = await made(stack, ROOT, await transfer(stack, description="fail-always, please"))
        await sent(stack, "POST", f"{ROOT}/{row['id']}/status", {"status": "VALIDATED"})
        await settled(stack, row["id"])
        await sent(stack, "POST", f"{ROOT}/{row['id']}/retry")

        assert statuses(await settled(stack, row["id"])).count("FAILED") == 2


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_one_can_be_rejected(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        row = await made(stack, ROOT, await transfer(stack))
        await done(stack, "POST", f"{ROOT}/{row['id']}/status", {"status": "REJECTED"})

        assert (await stack.data(f"{ROOT}/{row['id']}"))["status"] == "REJECTED"


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_one_that_waits_can_be_deleted(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        row = await made(stack, ROOT, await transfer(stack))
        await done(stack, "DELETE", f"{ROOT}/{row['id']}")

        assert (await stack.get(f"{ROOT}/{row['id']}")).status_code == 404
        assert len(await stack.everything(ROOT)) == 40


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_what_was_processed_can_be_sent_back(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        body = await transfer(stack, validated=True)
        source = str(body["sourceAccountID"])
        before = await balance(stack, source)
        row = await made(stack, ROOT, body)
        await settled(stack, row["id"])
        await done(stack, "POST", f"{ROOT}/{row['id']}/reverse", BACK)
        whole = await settled(stack, row["id"])

        is_old = generation == "v2"
        assert whole["status"] == ("PARTIALLY_REVERSED" if is_old else "REVERSED")
        assert (whole["amount"], whole["initialAmount"]) == (1000 if is_old else 1500, 1500)
        back = await stack.data(f"/payments/{whole['relatedPayments'][0]['paymentID']}")
        assert (back["amount"], back["reference"]) == (500, "back-1")
        assert (back["sourceAccountID"], back["destinationAccountID"]) == (row["destinationAccountID"], source)
        assert await balance(stack, source) == (before if is_old else before - 1000)
        await done(stack, "POST", f"{ROOT}/{row['id']}/reverse", {**BACK, "reference": "back-2", "amount": 1000})
        assert (await settled(stack, row["id"]))["status"] == "REVERSED"


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_reversal_can_fail(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        row = await made(stack, ROOT, await transfer(stack, validated=True))
        await settled(stack, row["id"])
        answer = await sent(stack, "POST", f"{ROOT}/{row['id']}/reverse", {**BACK, "reference": "fail-back"})

        assert answer.status_code == (204 if generation == "v2" else 400)
        whole = await settled(stack, row["id"])
        assert (whole["status"], whole["error"]) == ("REVERSE_FAILED", REFUSAL)
        assert len(whole["relatedPayments"]) == 1


async def test_one_for_later_waits() -> None:
    """v3 says PROCESSING in the list and the raw word alone; v2 leaves it validated."""
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        for stack, raw, listed in ((old, "VALIDATED", "VALIDATED"), (new, "SCHEDULED_FOR_PROCESSING", "PROCESSING")):
            body = await transfer(stack, validated=True, scheduledAt="2999-01-01T00:00:00Z")
            row = await made(stack, ROOT, body)
            assert row["scheduledAt"] == "2999-01-01T00:00:00Z"
            assert (await settled(stack, row["id"]))["status"] == raw
            assert (await stack.everything(ROOT))[0]["status"] == listed


async def test_v2_finds_the_only_connector_of_a_provider() -> None:
    async with opened("v2", payments_count=0) as stack:
        body = await transfer(stack, connectorID="", provider="ADYEN")
        row = await made(stack, ROOT, body)

        assert row["provider"] == "ADYEN"
        for provider, count in (("STRIPE", "multiple connectors"), ("MONEYCORP", "no connector")):
            expected = (400, "VALIDATION", f"{count} found for provider {provider}")
            assert await refused(stack, "POST", ROOT, {**body, "provider": provider}) == expected
        expected = (400, "VALIDATION", "unknown connector provider: BANK")
        assert await refused(stack, "POST", ROOT, {**body, "provider": "BANK"}) == expected


async def test_v3_looks_for_the_accounts_only_when_it_works() -> None:
    async with opened("v3", payments_count=0) as stack:
        row = await made(stack, ROOT, await transfer(stack, destinationAccountID=ABSENT))
        answer = await refused(stack, "POST", f"{ROOT}/{row['id']}/status", {"status": "VALIDATED"})

        assert answer[:2] == (500, "INTERNAL")
        assert (await stack.data(f"{ROOT}/{row['id']}"))["status"] == "WAITING_FOR_VALIDATION"
