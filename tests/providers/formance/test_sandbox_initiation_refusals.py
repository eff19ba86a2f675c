"""Everything that can be wrong with a write to a transfer initiation, in each generation's words."""

from typing import Any

import pytest

from providers.formance.sandbox import Generation
from tests.providers.formance.sandbox_stack import GENERATIONS, opened
from tests.providers.formance.sandbox_writes import ends, made, refused, transfer
from tests.providers.formance.test_sandbox_initiation_writes import BACK, ROOT, settled
from tests.providers.formance.test_sandbox_objects import ABSENT

ABSENT_CONNECTOR = "eyJQcm92aWRlciI6IlgiLCJSZWZlcmVuY2UiOiJ5In0"
FAULTS: list[tuple[dict[str, object], str, str]] = [
    ({"reference": ""}, "reference is required", "Reference is a required field"),
    ({"sourceAccountID": "x"}, "invalid sourceAccountID", "SourceAccountID invalid accountID"),
    ({"destinationAccountID": ""}, "destinationAccountID is required", "DestinationAccountID is a required field"),
    ({"connectorID": "x"}, "invalid connectorID", "ConnectorID invalid connectorID"),
    ({"type": ""}, "type is required", "Type is a required field"),
    ({"type": "GIFT"}, "invalid type", "Type invalid paymentInitiationType"),
    ({"amount": None}, "amount is required", "Amount is a required field"),
    ({"asset": ""}, "asset is required", "Asset is a required field"),
    ({"asset": "euro"}, "invalid asset", "Asset invalid asset"),
    (
        {"connectorID": ABSENT_CONNECTOR},
        f"connector {ABSENT_CONNECTOR} is not installed",
        "cannot create payment initiation: connector not found: validation error",
    ),
]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_bad_request_is_refused(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        good = await transfer(stack)
        for changes, old, new in FAULTS:
            expected = (400, "VALIDATION", old if generation == "v2" else new)
            assert await refused(stack, "POST", ROOT, {**good, **changes}) == expected
        assert (await refused(stack, "POST", ROOT))[:2] == (400, "MISSING_OR_INVALID_BODY")
        assert (await refused(stack, "POST", ROOT, {**good, "amount": "1"}))[1] == "MISSING_OR_INVALID_BODY"
        assert len(await stack.everything(ROOT)) == 40


async def test_v2_looks_at_the_accounts_first() -> None:
    async with opened("v2", payments_count=0) as stack:
        good, outside = await transfer(stack), (await ends(stack, "PAYOUT"))["destinationAccountID"]
        internal = "destination account must be internal when doing a transfer"
        external = "destination account must be external when doing a payout"
        table: list[tuple[dict[str, object], int, str, str]] = [
            ({"sourceAccountID": ABSENT}, 404, "NOT_FOUND", "getting source account: not found"),
            ({"destinationAccountID": ABSENT}, 404, "NOT_FOUND", "getting destination account: not found"),
            ({"destinationAccountID": outside}, 400, "VALIDATION", internal),
            ({"type": "PAYOUT"}, 400, "VALIDATION", external),
        ]
        for changes, *expected in table:
            assert list(await refused(stack, "POST", ROOT, {**good, **changes})) == expected


@pytest.mark.parametrize(
    ("generation", "message"),
    [
        ("v2", "creating transfer initiation: duplicate key value"),
        ("v3", "cannot create payment initiation: object already exists"),
    ],
)
async def test_a_reference_is_its_connectors_only_one(generation: Generation, message: str) -> None:
    async with opened(generation, payments_count=0) as stack:
        body = await transfer(stack, validated=True)
        row = await made(stack, ROOT, body)

        assert await refused(stack, "POST", ROOT, body) == (400, "CONFLICT", message)
        assert len((await settled(stack, row["id"]))["relatedPayments"]) == 1


WRONG_STATE: dict[Generation, dict[str, str]] = {
    "v2": {
        "approve": "only waiting for validation transfer initiation can be updated",
        "reject": "only waiting for validation transfer initiation can be updated",
        "delete": "only waiting for validation transfer initiation can be deleted",
        "retry": "only failed transfer initiation can be retried",
    },
    "v3": {
        "approve": "cannot approve an already approved payment initiation: validation error",
        "reject": "cannot reject an already approved payment initiation: validation error",
        "delete": "cannot delete an already approved payment initiation: validation error",
        "retry": "cannot retry an already processed payment initiation: validation error",
    },
}


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_what_has_been_processed_cannot_be_decided_deleted_or_retried(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        row = await made(stack, ROOT, await transfer(stack, validated=True))
        await settled(stack, row["id"])
        path, words = f"{ROOT}/{row['id']}", WRONG_STATE[generation]
        for verb, status in (("approve", "VALIDATED"), ("reject", "REJECTED")):
            expected = (400, "VALIDATION", words[verb])
            assert await refused(stack, "POST", f"{path}/status", {"status": status}) == expected
        assert await refused(stack, "DELETE", path) == (400, "VALIDATION", words["delete"])
        assert await refused(stack, "POST", f"{path}/retry") == (400, "VALIDATION", words["retry"])


@pytest.mark.parametrize(
    ("status", "old"),
    [
        ("", "status is required"),
        ("WAITING_FOR_VALIDATION", "cannot set back transfer initiation status to waiting for validation"),
        ("PROCESSED", "either VALIDATED or REJECTED status can be set"),
        ("FAILED", "either VALIDATED or REJECTED status can be set"),
    ],
)
@pytest.mark.parametrize("generation", GENERATIONS)
async def test_only_two_statuses_can_be_set(generation: Generation, status: str, old: str) -> None:
    async with opened(generation, payments_count=0) as stack:
        path = f"{ROOT}/{(await made(stack, ROOT, await transfer(stack)))['id']}/status"
        expected = (400, "VALIDATION", old if generation == "v2" else "invalid status")

        assert await refused(stack, "POST", path, {"status": status}) == expected
        assert (await refused(stack, "POST", path))[:2] == (400, "MISSING_OR_INVALID_BODY")


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_an_absent_one_is_refused(generation: Generation) -> None:
    """v3 looks for its steps first, and finds nothing to say but that something is wrong inside."""
    old = (404, "NOT_FOUND", "reading transfer initiation: not found")
    new = (500, "INTERNAL", "Internal error. Consult logs/traces to have more details.")
    reversal = {
        "v2": (404, "NOT_FOUND", "fetching transfer initiation: not found"),
        "v3": (404, "NOT_FOUND", "cannot create payment initiation reversal: not found"),
    }
    calls: list[tuple[str, str, Any]] = [
        ("POST", "/status", {"status": "VALIDATED"}),
        ("POST", "/retry", None),
        ("DELETE", "", None),
        ("POST", "/reverse", BACK),
    ]
    async with opened(generation, payments_count=0) as stack:
        for method, tail, body in calls:
            expected = old if generation == "v2" else new
            if tail == "/reverse":
                expected = reversal[generation]
            assert await refused(stack, method, f"{ROOT}/{ABSENT}{tail}", body) == expected
            assert (await refused(stack, method, f"{ROOT}/x{tail}", body))[:2] == (400, "INVALID_ID")


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_bad_reversal_is_refused(generation: Generation) -> None:
    is_old = generation == "v2"
    async with opened(generation, payments_count=0) as stack:
        waiting = f"{ROOT}/{(await made(stack, ROOT, await transfer(stack, reference='order-0')))['id']}/reverse"
        row = await made(stack, ROOT, await transfer(stack, validated=True))
        await settled(stack, row["id"])
        path = f"{ROOT}/{row['id']}/reverse"
        too_much = "reversed amount is greater than the transfer amount"
        table: list[tuple[str, dict[str, object], str]] = [
            (path, {"reference": ""}, "reference is required" if is_old else "Reference is a required field"),
            (path, {"amount": None}, "amount is required" if is_old else "Amount is a required field"),
            (path, {"asset": ""}, "asset is required" if is_old else "Asset is a required field"),
            (path, {"asset": "USD/2"}, "the reversal's asset is not the transfer's"),
            (path, {"amount": 1501}, too_much),
            (waiting, {}, "transfer was never processed"),
        ]
        for where, changes, message in table:
            assert await refused(stack, "POST", where, {**BACK, **changes}) == (400, "VALIDATION", message)
        assert (await refused(stack, "POST", path))[:2] == (400, "MISSING_OR_INVALID_BODY")
        await stack.client.post(f"/api/payments{path}", json=BACK)
        conflict = "creating transfer reversal: duplicate key value"
        if not is_old:
            conflict = "cannot create payment initiation reversal: object already exists"
        assert await refused(stack, "POST", path, BACK) == (400, "CONFLICT", conflict)


async def test_only_v3_reverses_payouts() -> None:
    async with opened("v2", payments_count=0) as old, opened("v3", payments_count=0) as new:
        for stack in (old, new):
            row = await made(stack, ROOT, await transfer(stack, "PAYOUT", validated=True))
            await settled(stack, row["id"])
            path = f"/api/payments{ROOT}/{row['id']}/reverse"
            answer = await stack.client.post(path, json=BACK)
            assert answer.status_code == (400 if stack is old else 204)
            if stack is old:
                assert answer.json()["errorMessage"] == "payouts cannot be reversed"
