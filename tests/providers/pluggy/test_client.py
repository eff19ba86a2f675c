"""Pluggy's operations over the one HTTP caller, against the sandbox; and what its refusals become."""

from decimal import Decimal
from uuid import uuid4

import msgspec
import pytest

from providers.answers import Answer, Explanation
from providers.errors import (
    Broken,
    Garbled,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unsupported,
)
from providers.operation import Operation
from providers.pluggy.refusals import explain
from tests.providers.pluggy.conftest import IDS, NewRig, Rig

LIST = "/payments/smart-accounts"


async def test_the_list_is_asked_for_by_page(rig: Rig, operation: Operation) -> None:
    page = await rig.client.smart_accounts_list(operation, page=2, page_size=10)

    assert [account.id for account in page.results] == IDS[10:20]
    assert (page.total, page.total_pages) == (len(IDS), 3)
    assert rig.calls()[-1] == f"GET {LIST}?pageSize=10&page=2"


async def test_one_smart_account_is_retrieved(rig: Rig, operation: Operation) -> None:
    account = await rig.client.smart_account_retrieve(IDS[0], operation)

    assert (account.id, account.type, account.ispb) == (IDS[0], "CHECKING_ACCOUNT", "0001020")


async def test_a_balance_is_exact(rig: Rig, operation: Operation) -> None:
    held = rig.app.state.vendor.holdings[IDS[0]]
    held.balance = msgspec.structs.replace(held.balance, balance=Decimal("12345678901234567890.12"))

    balance = await rig.client.smart_account_balance_retrieve(IDS[0], operation)

    assert balance.balance == Decimal("12345678901234567890.12")


async def test_calls_are_recorded_by_the_vendors_names_and_without_ids(rig: Rig, operation: Operation) -> None:
    await rig.client.smart_account_balance_retrieve(IDS[0], operation)

    assert [(call.operation, call.method, call.path) for call in operation.calls] == [
        ("auth_create", "POST", "/auth"),
        ("smart_account_balance_retrieve", "GET", "/payments/smart-accounts/{id}/balance"),
    ]


async def test_an_unknown_smart_account_is_not_found(rig: Rig, operation: Operation) -> None:
    with pytest.raises(NotFound) as caught:
        await rig.client.smart_account_retrieve(str(uuid4()), operation)

    assert caught.value.vendor_code == "SMART_ACCOUNT_NOT_FOUND"


async def test_an_id_that_is_none_is_rejected_and_stays_one_part_of_the_path(rig: Rig, operation: Operation) -> None:
    with pytest.raises(Rejected):
        await rig.client.smart_account_retrieve("..?pageSize=1", operation)

    assert rig.bench.calls[-1].query == ""


async def test_a_family_that_is_not_served_is_unsupported(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig(smart_accounts=False)

    with pytest.raises(Unsupported):
        await rig.client.smart_account_retrieve(IDS[0], operation)


async def test_a_rate_limit_says_when_to_come_back(rig: Rig, operation: Operation) -> None:
    rig.fault(LIST, status=429, headers={"Retry-After": "60"}, body='{"code":429,"message":"Too many requests."}')

    with pytest.raises(RateLimited) as caught:
        await rig.client.smart_accounts_list(operation)

    assert caught.value.retry_after == 60


@pytest.mark.parametrize("body", ["", "{", '{"results":{}}', '{"results":[{"agency":"1"}]}', '{"total":NaN}', "[]"])
async def test_an_answer_of_another_shape_is_garbled(rig: Rig, operation: Operation, body: str) -> None:
    rig.fault(LIST, status=200, body=body)

    with pytest.raises(Garbled):
        await rig.client.smart_accounts_list(operation)


async def test_counts_may_be_written_as_doubles(rig: Rig, operation: Operation) -> None:
    rig.fault(LIST, status=200, body='{"page":1.0,"total":2.0,"totalPages":1.0,"results":[]}')

    assert (await rig.client.smart_accounts_list(operation)).total == 2


async def test_a_failing_vendor_is_asked_again(rig: Rig, operation: Operation) -> None:
    rig.fault(LIST, status=502, body="<html>", headers={"content-type": "text/html"})

    await rig.client.smart_accounts_list(operation)

    assert operation.calls[-1].attempts == 2


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "CLIENT_KEYS_UNAUTHORIZED", Unauthorized),
        (401, "CLIENT_DISABLED", Unauthorized),
        (404, "SMART_ACCOUNT_NOT_FOUND", NotFound),
        (404, "ITEM_NOT_FOUND", NotFound),
        (400, "BALANCE_INVALID_REQUEST", Rejected),
        (403, "BALANCE_CONSENT_ERROR", Rejected),
        (409, "FROM_THE_FUTURE", Rejected),
        (429, "BALANCE_OPEN_FINANCE_RATE_LIMIT", RateLimited),
        (500, "INTERNAL_SERVER_ERROR", Broken),
        (502, "BALANCE_CONNECTOR_UNAVAILABLE", Broken),
    ],
)
def test_a_described_refusal_keeps_its_code(status: int, code: str, kind: type[ProviderError]) -> None:
    body = f'{{"code":{status},"codeDescription":"{code}","message":"account 123456"}}'.encode()

    assert explain(Answer(status, {}, body)) == Explanation(kind, code)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"\xff", b"[1]", b'{"code":403}', b'{"codeDescription":7}', b'{"codeDescription":"acc 123456"}'],
)
def test_a_refusal_without_a_code_is_left_to_its_status(body: bytes) -> None:
    assert explain(Answer(403, {}, body)) is None


def test_a_404_without_a_code_is_a_path_that_is_not_served() -> None:
    explanation = explain(Answer(404, {}, b'{"code":404,"message":"Not Found"}'))

    assert explanation is not None
    assert explanation.kind is Unsupported
