"""Accounts and payments made by hand: what is stored, what a second time does, and every refusal."""

from typing import Any

import pytest

from providers.formance.sandbox import Generation
from tests.providers.formance.sandbox_stack import GENERATIONS, opened
from tests.providers.formance.sandbox_writes import CREATED_AT, account, connector, done, made, payment, refused
from tests.providers.formance.test_sandbox_objects import ABSENT

DROP = object()


def changed(body: dict[str, Any], changes: dict[str, object]) -> dict[str, Any]:
    return {name: value for name, value in {**body, **changes}.items() if value is not DROP}


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_created_account_is_there(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        row = await made(stack, "/accounts", await account(stack, metadata={"a": "b"}))

        assert (row["accountName"], row["defaultAsset"], row["createdAt"]) == ("Petty cash", "EUR/2", CREATED_AT)
        assert row["raw"]["reference"] == "hand-1"
        assert row["metadata"] == {"a": "b"}
        assert await stack.data(f"/accounts/{row['id']}") == row
        assert row in await stack.everything("/accounts")


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_created_payment_is_there_digit_for_digit(generation: Generation) -> None:
    async with opened(generation, payments_count=3) as stack:
        row = await made(stack, "/payments", await payment(stack))

        assert row["amount"] == row["initialAmount"] == 2**70 + 1
        assert (row["scheme"], row["status"], row["sourceAccountID"]) == ("sepa credit", "SUCCEEDED", "")
        assert row["metadata"] == ({} if generation == "v2" else None)
        assert await stack.data(f"/payments/{row['id']}") == row
        assert len(await stack.everything("/payments")) == 4


@pytest.mark.parametrize("path", ["/accounts", "/payments"])
@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_second_creation_changes_the_first_on_v2_and_only_seems_to_on_v3(
    generation: Generation, path: str
) -> None:
    async with opened(generation, payments_count=0) as stack:
        body, name = (await account(stack), "accountName") if path == "/accounts" else (await payment(stack), "status")
        first = await made(stack, path, body)
        second = await made(stack, path, {**body, name: "PENDING"})

        assert (second["id"], second[name]) == (first["id"], "PENDING")
        assert (await stack.data(f"{path}/{first['id']}"))[name] == ("PENDING" if generation == "v2" else first[name])


async def test_v3_takes_them_at_few_connectors_and_v2_at_all() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        await made(old, "/accounts", await account(old, connectorID=await connector(old, "STRIPE")))
        await made(old, "/payments", await payment(old, connectorID=await connector(old, "STRIPE")))
        stripe = await connector(new, "STRIPE")
        for path, body in (("/accounts", await account(new)), ("/payments", await payment(new))):
            status, code, message = await refused(new, "POST", path, {**body, "connectorID": stripe})
            assert (status, code) == (400, "CONNECTOR_CAPABILITY_NOT_SUPPORTED")
            assert message == f"connector does not support {path[1:-1]} creation"


ACCOUNT_FAULTS: list[tuple[dict[str, object], str, str]] = [
    ({"reference": ""}, "reference is required", "Reference is a required field"),
    ({"reference": None}, "reference is required", "Reference is a required field"),
    ({"connectorID": DROP}, "connectorID is required", "ConnectorID is a required field"),
    ({"connectorID": "x"}, "invalid connectorID", "ConnectorID invalid connectorID"),
    ({"createdAt": DROP}, "createdAt is empty or in the future", "CreatedAt is a required field"),
    (
        {"createdAt": "2999-01-01T00:00:00Z"},
        "createdAt is empty or in the future",
        "CreatedAt must be less than or equal to the current Date & Time",
    ),
    ({"accountName": ""}, "accountName is required", "AccountName is a required field"),
    ({"type": ""}, "type is required", "Type is a required field"),
    ({"type": "SAVINGS"}, "invalid type", "Type invalid accountType"),
    ({"defaultAsset": "euro"}, "invalid defaultAsset", "DefaultAsset invalid asset"),
]
PAYMENT_FAULTS: list[tuple[dict[str, object], str, str]] = [
    ({"reference": ""}, "reference is required", "Reference is a required field"),
    ({"connectorID": ""}, "connectorID is required", "ConnectorID is a required field"),
    ({"createdAt": DROP}, "createdAt is empty or in the future", "CreatedAt is a required field"),
    ({"type": ""}, "type is required", "Type is a required field"),
    ({"type": "GIFT"}, "invalid type", "Type invalid paymentType"),
    ({"amount": DROP}, "amount is required", "Amount is a required field"),
    ({"asset": DROP}, "asset is required", "Asset is a required field"),
    ({"scheme": DROP}, "scheme is required", "Scheme is a required field"),
    ({"scheme": "cash"}, "invalid scheme", "Scheme invalid paymentScheme"),
    ({"status": DROP}, "status is required", "Status is a required field"),
    ({"status": "FINE"}, "invalid status", "Status invalid paymentStatus"),
    ({"sourceAccountID": "x"}, "invalid sourceAccountID", "SourceAccountID invalid accountID"),
]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_wrong_field_is_refused_in_the_generations_words(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        for path, good, faults in (
            ("/accounts", await account(stack), ACCOUNT_FAULTS),
            ("/payments", await payment(stack), PAYMENT_FAULTS),
        ):
            for changes, old, new in faults:
                expected = (400, "VALIDATION", old if generation == "v2" else new)
                assert await refused(stack, "POST", path, changed(good, changes)) == expected


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("ab", "Reference must be at least 3 characters in length"),
        ("a" * 1001, "Reference must be a maximum of 1000 characters in length"),
    ],
)
async def test_only_v3_minds_how_long_a_reference_is(reference: str, message: str) -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        await made(old, "/accounts", await account(old, reference=reference))
        answer = await refused(new, "POST", "/accounts", await account(new, reference=reference))

        assert answer == (400, "VALIDATION", message)


@pytest.mark.parametrize("body", [None, "", "{", '{"amount": "1"}', '{"amount": 1.5}', '{"createdAt": "yesterday"}'])
@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_body_that_cannot_be_read_is_refused(generation: Generation, body: str | None) -> None:
    async with opened(generation, payments_count=0) as stack:
        assert (await refused(stack, "POST", "/payments", body))[:2] == (400, "MISSING_OR_INVALID_BODY")


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_an_unknown_connector_is_refused(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        body = await account(stack, connectorID="eyJQcm92aWRlciI6IlgiLCJSZWZlcmVuY2UiOiJ5In0")
        expected = {
            "v2": (400, "VALIDATION", "connector is not installed"),
            "v3": (404, "NOT_FOUND", "cannot get connector: not found"),
        }
        assert await refused(stack, "POST", "/accounts", body) == expected[generation]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_payment_metadata_is_merged(generation: Generation) -> None:
    async with opened(generation, payments_count=2) as stack:
        row = (await stack.data("/payments"))[0]
        before = row["metadata"] or {}
        await done(stack, "PATCH", f"/payments/{row['id']}/metadata", {"note": "paid twice", "channel": "phone"})

        after = (await stack.data(f"/payments/{row['id']}"))["metadata"]
        assert after == {**before, "note": "paid twice", "channel": "phone"}


@pytest.mark.parametrize(
    ("generation", "unreadable", "absent"),
    [
        ("v2", "MISSING_OR_INVALID_BODY", "updating payment metadata: not found"),
        ("v3", "VALIDATION", "cannot update payment metadata: not found"),
    ],
)
async def test_payment_metadata_is_refused(generation: Generation, unreadable: str, absent: str) -> None:
    async with opened(generation, payments_count=1) as stack:
        path = f"/payments/{(await stack.data('/payments'))[0]['id']}/metadata"

        assert await refused(stack, "PATCH", path, {}) == (400, "VALIDATION", "metadata must be provided")
        assert (await refused(stack, "PATCH", path, '{"a": 1}'))[:2] == (400, unreadable)
        assert (await refused(stack, "PATCH", "/payments/x/metadata", {"a": "b"}))[:2] == (400, "INVALID_ID")
        assert await refused(stack, "PATCH", f"/payments/{ABSENT}/metadata", {"a": "b"}) == (404, "NOT_FOUND", absent)
