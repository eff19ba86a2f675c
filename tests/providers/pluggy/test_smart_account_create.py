"""Opening a smart account: in the sandbox as a REST client meets it, and through the project's own client."""

import re
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID, uuid4

import httpx
import pytest

from providers.errors import (
    Broken,
    ProviderError,
    RateLimited,
    Rejected,
    Unauthorized,
    UnknownOutcome,
    Unsupported,
)
from providers.operation import Operation
from providers.pluggy import sandbox
from providers.pluggy.models import CreateSmartAccountRequest, SmartAccountAddress
from tests.providers.pluggy.conftest import IDS, PEOPLE, NewRig, Rig
from tests.providers.pluggy.test_sandbox import LIST, exact, opened, signed_in

ADDRESS: dict[str, Any] = {
    "addressType": "residential",
    "postalCode": "05404",
    "streetName": "Rua do Ouvidor",
    "streetNumber": "50",
    "city": "Rio de Janeiro",
    "state": "RJ",
    "isPrimaryAddress": True,
    "isMailingAddress": True,
}
CONTACT: dict[str, Any] = {"email": "ana@example.com", "phoneNumber": "+5521999999999", "address": ADDRESS}
OLDER: dict[str, Any] = {**CONTACT, "name": "Ana Souza", "taxNumber": "12345678900"}
NEWER: dict[str, Any] = {**CONTACT, "itemId": "71996b6d-8991-450c-8542-ae59069d1a9d"}
REQUEST = CreateSmartAccountRequest(
    name="Ana Souza",
    tax_number="12345678900",
    email="ana@example.com",
    phone_number="+5521999999999",
    is_sandbox=True,
    address=SmartAccountAddress(city="Rio de Janeiro"),
)


@pytest.mark.parametrize(
    ("body", "is_sandbox"),
    [
        (OLDER, False),
        ({**OLDER, "id": "71996b6d-8991-450c-8542-ae59069d1a9d", "isSandbox": False}, False),
        ({**OLDER, "isSandbox": True}, True),
        ({**OLDER, "taxNumber": "12345678000190"}, False),
        ({**OLDER, "itemId": None, "address": {"city": "Recife"}}, False),
        (NEWER, False),
        ({**NEWER, "isSandbox": False, "somethingNew": 1}, False),
        ({**NEWER, **OLDER, "isSandbox": True}, True),
    ],
)
async def test_each_published_shape_opens_an_account_without_money(body: dict[str, Any], is_sandbox: bool) -> None:  # noqa: FBT001
    async with opened() as client:
        made = exact(await client.post(LIST, json=body))
        alone = exact(await client.get(f"{LIST}/{made['id']}"))
        balance = exact(await client.get(f"{LIST}/{made['id']}/balance"))
        listed = exact(await client.get(LIST, params={"pageSize": 500}))["results"]

    assert made == alone == listed[-1]
    assert len(listed) == len(IDS) + 1
    assert str(UUID(made["id"])) == made["id"]
    assert set(made) == {"id", "agency", "number", "verifyingDigit", "type", "ispb", "isSandbox", "pixKey"}
    assert (made["type"], made["isSandbox"]) == ("CHECKING_ACCOUNT", is_sandbox)
    assert (balance["balance"], balance["blockedBalance"], balance["scheduledBalance"]) == (0, 0, 0)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", balance["lastUpdatedAt"])


async def test_the_same_body_twice_is_two_accounts() -> None:
    """The vendor has no idempotency: once is for us to see to."""
    async with opened() as client:
        first, second = [exact(await client.post(LIST, json=OLDER)) for _ in range(2)]
        total = exact(await client.get(LIST))["total"]

    assert first["id"] != second["id"]
    assert first["number"] + first["verifyingDigit"] != second["number"] + second["verifyingDigit"]
    assert total == len(IDS) + 2


def without(*names: str, of: dict[str, Any] = OLDER) -> dict[str, Any]:
    return {name: value for name, value in of.items() if name not in names}


REFUSALS: list[tuple[Any, str]] = [
    ({}, "taxNumber is required"),
    (without("taxNumber"), "taxNumber is required"),
    ({**OLDER, "taxNumber": ""}, "taxNumber is required"),
    ({**OLDER, "taxNumber": None}, "taxNumber is required"),
    ({**CONTACT, "isSandbox": True}, "taxNumber is required"),
    ({**NEWER, "isSandbox": True}, "taxNumber is required"),
    (without("name"), "name is required"),
    (without("email"), "email is required"),
    (without("phoneNumber"), "phoneNumber is required"),
    (without("address"), "address is required"),
    (without("email", of=NEWER), "email is required"),
    (without("phoneNumber", of=NEWER), "phoneNumber is required"),
    (without("address", of=NEWER), "address is required"),
    ({**OLDER, "address": {}}, "address.city is required"),
    ({**NEWER, "address": {"state": "RJ"}}, "address.city is required"),
    ({**OLDER, "taxNumber": 12345678900}, "taxNumber must be a string"),
    ({**OLDER, "taxNumber": "123.456.789-00"}, "taxNumber must be a CPF or CNPJ"),
    ({**OLDER, "name": ["Ana"]}, "name must be a string"),
    ({**OLDER, "isSandbox": "yes"}, "isSandbox must be a boolean value"),
    ({**NEWER, "itemId": "12"}, "itemId must be a UUID"),
    ({**OLDER, "address": "Recife"}, "address must be an object"),
    ({**OLDER, "address": {**ADDRESS, "state": 7}}, "address.state must be a string"),
    ({**OLDER, "address": {**ADDRESS, "isPrimaryAddress": 1}}, "address.isPrimaryAddress must be a boolean value"),
    (
        {**OLDER, "address": {**ADDRESS, "addressType": "boat"}},
        "address.addressType must be one of the following values: residential, commercial",
    ),
    ([OLDER], "Body must be a JSON object"),
]


@pytest.mark.parametrize(("body", "message"), REFUSALS)
async def test_an_invalid_body_is_refused_and_opens_nothing(body: Any, message: str) -> None:
    async with opened() as client:
        answer = await client.post(LIST, json=body)
        total = exact(await client.get(LIST))["total"]

    assert answer.status_code == 400
    assert answer.json() == {"code": 400, "message": message}
    assert total == len(IDS)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff"])
async def test_a_body_that_is_no_json_is_refused(content: bytes) -> None:
    async with opened() as client:
        assert (await client.post(LIST, content=content)).json()["message"] == "Body must be a JSON object"


async def test_without_a_key_nothing_is_opened() -> None:
    app = sandbox.create(PEOPLE)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pluggy.test") as client:
        assert (await client.post(LIST, json=OLDER)).status_code == 403
    assert len(app.state.vendor.holdings) == len(IDS)


async def test_a_limit_on_creation_counts_creations_alone() -> None:
    async with signed_in(sandbox.create(PEOPLE, per_minute={"POST /payments/smart-accounts": 1})) as client:
        statuses = [(await client.post(LIST, json=OLDER)).status_code for _ in range(2)]
        statuses += [(await client.get(LIST)).status_code for _ in range(2)]

    assert statuses == [200, 429, 200, 200]


def creations(rig: Rig) -> int:
    return rig.calls().count(f"POST {LIST}")


async def failure(rig: Rig, operation: Operation) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await rig.client.smart_account_create(REQUEST, operation)
    return caught.value


async def test_the_client_opens_an_account_by_one_call(rig: Rig, operation: Operation) -> None:
    account = await rig.client.smart_account_create(REQUEST, operation)

    assert creations(rig) == 1
    assert (account.is_sandbox, account.type) == (True, "CHECKING_ACCOUNT")
    assert await rig.client.smart_account_retrieve(account.id, operation) == account
    assert (await rig.client.smart_account_balance_retrieve(account.id, operation)).balance == Decimal(0)
    calls = [(call.operation, call.method, call.path) for call in operation.calls if not call.is_token]
    assert calls[0] == ("smart_account_create", "POST", LIST)


async def test_the_client_sends_the_newer_shape_too(rig: Rig, operation: Operation) -> None:
    request = CreateSmartAccountRequest(
        item_id=str(uuid4()), email="a@example.com", phone_number="+55", address=SmartAccountAddress(city="Recife")
    )

    assert (await rig.client.smart_account_create(request, operation)).is_sandbox is False


async def test_the_vendors_refusal_is_typed(rig: Rig, operation: Operation) -> None:
    request = CreateSmartAccountRequest(email="a@b.c", phone_number="+55", address=SmartAccountAddress(city="Recife"))
    with pytest.raises(Rejected) as caught:
        await rig.client.smart_account_create(request, operation)

    assert (caught.value.status, caught.value.vendor_code, caught.value.retryable) == (400, None, False)
    assert "taxNumber" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, '{"code":400,"codeDescription":"SMART_ACCOUNT_INVALID"}', Rejected, "SMART_ACCOUNT_INVALID"),
        (403, '{"code":403,"codeDescription":"NOT_ALLOWED"}', Rejected, "NOT_ALLOWED"),
        (404, '{"code":404,"message":"Not Found"}', Unsupported, None),
        (429, '{"code":429}', RateLimited, None),
        (500, '{"code":500,"codeDescription":"INTERNAL_SERVER_ERROR"}', Broken, "INTERNAL_SERVER_ERROR"),
        (502, "", Broken, None),
        (503, "", Broken, None),
        (504, "", Broken, None),
        (408, "", UnknownOutcome, None),
    ],
)
async def test_no_answer_has_a_creation_sent_again(
    rig: Rig, operation: Operation, *, status: int, body: str, kind: type, code: str | None
) -> None:
    rig.fault(LIST, status=status, body=body, times=9)
    error = await failure(rig, operation)

    assert (type(error), error.vendor_code) == (kind, code)
    assert creations(rig) == 1


@pytest.mark.parametrize(("drop", "made"), [("before", 0), ("half", 1)])
async def test_a_lost_answer_leaves_open_whether_an_account_was_opened(
    rig: Rig, operation: Operation, drop: Literal["before", "half"], made: int
) -> None:
    rig.fault(LIST, drop=drop)

    assert type(await failure(rig, operation)) is UnknownOutcome
    assert len(rig.app.state.vendor.holdings) == len(IDS) + made


async def test_a_key_that_was_revoked_is_renewed_and_one_account_opened(rig: Rig, operation: Operation) -> None:
    await rig.client.smart_accounts_list(operation)
    rig.app.state.vendor.api_keys.clear()
    await rig.client.smart_account_create(REQUEST, operation)

    assert (rig.sign_ins(), creations(rig)) == (2, 2)
    assert len(rig.app.state.vendor.holdings) == len(IDS) + 1


async def test_keys_that_are_refused_twice_end_it(rig: Rig, operation: Operation) -> None:
    rig.fault(LIST, status=403, body='{"code":403}', times=9)

    assert type(await failure(rig, operation)) is Unauthorized
    assert creations(rig) == 2


async def test_without_a_key_nothing_is_sent(rig: Rig, operation: Operation) -> None:
    """A sign-in that fails is no refusal of the creation."""
    rig.fault("/auth", status=404, body="{}", times=9)

    assert type(await failure(rig, operation)) is Unauthorized
    assert creations(rig) == 0


async def test_a_family_that_is_not_served_is_unsupported(new_rig: NewRig, operation: Operation) -> None:
    assert type(await failure(new_rig(smart_accounts=False), operation)) is Unsupported
