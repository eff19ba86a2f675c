"""Single objects of the sandbox: their shapes in both generations, and how ids that lead nowhere are refused."""

import base64
import json
import uuid
from datetime import datetime

import pytest

from providers.formance.sandbox import Generation
from tests.providers.formance.sandbox_stack import GENERATIONS, opened

ABSENT_KEY = b'{"ConnectorID":{"Provider":"STRIPE","Reference":"x"},"Reference":"y"}'
ABSENT = base64.urlsafe_b64encode(ABSENT_KEY).decode().rstrip("=")
"""Decodes, but names nothing."""
NO_POOL = str(uuid.UUID(int=7))


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("path", ["/accounts", "/payments", "/pools"])
async def test_an_object_read_alone_equals_the_one_in_the_list(generation: Generation, path: str) -> None:
    async with opened(generation, payments_count=40) as stack:
        for row in await stack.data(path):
            assert await stack.data(f"{path}/{row['id']}") == row


@pytest.mark.parametrize("bad", ["x", "%21", "bm90IGpzb24", "WzFd", "e30="])
@pytest.mark.parametrize("path", ["/accounts/{}", "/accounts/{}/balances", "/payments/{}"])
async def test_an_id_that_cannot_be_decoded_is_invalid(path: str, bad: str) -> None:
    async with opened(payments_count=0) as stack:
        assert (await stack.refusal(path.format(bad)))[:2] == (400, "INVALID_ID")


@pytest.mark.parametrize("bad", ["x", "z" * 36])
@pytest.mark.parametrize(
    "path", ["/pools/{}", "/pools/{}/balances/latest", "/pools/{}/balances?at=2026-01-01T00:00:00Z"]
)
async def test_a_pool_id_that_is_no_uuid_is_invalid(path: str, bad: str) -> None:
    async with opened(payments_count=0) as stack:
        assert (await stack.refusal(path.format(bad)))[:2] == (400, "INVALID_ID")


@pytest.mark.parametrize(("generation", "words"), [("v2", "getting"), ("v3", "cannot get")])
@pytest.mark.parametrize(
    ("path", "noun"),
    [
        (f"/accounts/{ABSENT}", "account"),
        (f"/payments/{ABSENT}", "payment"),
        (f"/pools/{NO_POOL}", "pool"),
        (f"/pools/{NO_POOL}/balances/latest", "pool"),
        (f"/pools/{NO_POOL}/balances?at=2026-01-01T00:00:00Z", "pool"),
    ],
)
async def test_an_absent_object_is_not_found_in_the_generations_words(
    generation: Generation, words: str, path: str, noun: str
) -> None:
    async with opened(generation, payments_count=0) as stack:
        assert await stack.refusal(path) == (404, "NOT_FOUND", f"{words} {noun}: not found")


async def test_ids_tell_connector_reference_and_type() -> None:
    async with opened(payments_count=30) as stack:
        for payment in await stack.data("/payments"):
            told = json.loads(base64.urlsafe_b64decode(payment["id"] + "=="))
            connector = json.loads(base64.urlsafe_b64decode(payment["connectorID"] + "=="))

            assert told == {"ConnectorID": connector, "Reference": payment["reference"], "Type": payment["type"]}
            assert list(told) == sorted(told)


async def test_the_accounts_of_the_generations_differ_as_documented() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        ours, theirs = await new.everything("/accounts"), await old.everything("/accounts")
        pools = await old.data("/pools")

        assert all("pools" not in account for account in ours)
        for account in theirs:
            assert account["pools"] == [pool["id"] for pool in pools if account["id"] in pool["accounts"]]
            assert account["defaultCurrency"] == account["defaultAsset"]
        assert any(account["pools"] for account in theirs)
        assert None not in [account["metadata"] for account in theirs]
        assert None in [account["metadata"] for account in ours]
        assert {account["provider"] for account in ours} == {account["provider"] for account in theirs}


async def test_the_payments_of_the_generations_differ_as_documented() -> None:
    async with opened("v2", payments_count=60) as old, opened("v3", payments_count=60) as new:
        ours, theirs = await new.everything("/payments"), await old.everything("/payments")

        assert {json.dumps(payment["raw"]) for payment in ours} == {"null"}
        assert all(payment["raw"]["id"] == payment["reference"] for payment in theirs)
        assert {None} == {payment["metadata"] for payment in ours if not payment["metadata"]}
        assert all(isinstance(payment["metadata"], dict) for payment in theirs)


async def test_connectors_and_pools_say_more_on_v3() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        ours, theirs = await new.data("/connectors"), await old.data("/connectors")

        assert {frozenset(ours[0]) - frozenset(theirs[0])} == {frozenset({"scheduledForDeletion"})}
        assert [connector["name"] for connector in ours] == [connector["name"] for connector in theirs]
        assert [connector["provider"] for connector in ours] == [connector["provider"] for connector in theirs]
        assert {pool["type"] for pool in await new.data("/pools")} == {"STATIC"}
        assert all("type" not in pool for pool in await old.data("/pools"))


async def test_only_connectors_installed_by_v3_write_their_provider_in_lower_case() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:

        def providers(rows: list[dict[str, str]]) -> list[str]:
            return [json.loads(base64.urlsafe_b64decode(row["connectorID"] + "=="))["Provider"] for row in rows]

        ours, theirs = providers(await new.data("/connectors")), providers(await old.data("/connectors"))
        assert ours[:6] == theirs[:6]
        assert ours[6:] == ["stripe", "currencycloud", "bankingcircle", "atlar"]
        assert theirs[6:] == ["STRIPE", "CURRENCY-CLOUD", "BANKING-CIRCLE", "ATLAR"]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_adjustments_are_newest_first_and_tell_the_payments_status(generation: Generation) -> None:
    async with opened(generation, payments_count=300) as stack:
        payments = await stack.everything("/payments")

        for payment in payments:
            steps = payment["adjustments"]
            assert steps[0]["status"] == payment["status"]
            assert steps[-1]["reference"] == payment["reference"]
            assert steps == sorted(steps, key=lambda step: datetime.fromisoformat(step["createdAt"]), reverse=True)
            refunds = sum(step["amount"] for step in steps if step["status"] == "REFUNDED")
            assert payment["amount"] == payment["initialAmount"] - refunds
        assert {len(payment["adjustments"]) for payment in payments} == {1, 2, 3}
