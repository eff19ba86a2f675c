"""The token: one for all, renewed in time or on refusal, and no hammering with a secret that was refused."""

import asyncio
from urllib.parse import parse_qs

import msgspec
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from providers.config import Secret
from providers.domain import PageRequest
from providers.errors import Broken, Garbled, Unauthorized
from providers.formance import Config
from providers.formance.auth import SCOPES
from providers.formance.sandbox import create
from providers.operation import Operation
from tests.providers.formance.conftest import ACCOUNTS, PEOPLE, TOKEN, NewRig, Rig

CANNED = '{"access_token":"t","token_type":"%s"%s}'


def wrong_secret() -> Config:
    return msgspec.structs.replace(Config.for_sandbox(), client_secret=Secret("wrong"))


async def test_fifty_reads_at_once_on_a_cold_start_share_one_token(rig: Rig, operation: Operation) -> None:
    reads = (rig.provider.balances_by_account([ref], operation) for ref in rig.accounts(50))
    answers = await asyncio.gather(*reads)

    assert not any(isinstance(each, Exception) for answer in answers for each in answer.values())
    assert rig.paths().count(TOKEN) == 1


async def test_a_token_is_renewed_a_minute_before_it_expires(rig: Rig, operation: Operation) -> None:
    await rig.provider.list_accounts(PageRequest(), operation)
    rig.clock.now += 3599 - 61
    await rig.provider.list_accounts(PageRequest(), operation)
    assert rig.paths().count(TOKEN) == 1

    rig.clock.now += 2
    await rig.provider.list_accounts(PageRequest(), operation)
    assert rig.paths().count(TOKEN) == 1


async def test_a_refused_token_is_renewed_once_and_the_call_replayed_once(rig: Rig, operation: Operation) -> None:
    await rig.provider.list_accounts(PageRequest(), operation)
    rig.paths()
    rig.fault(ACCOUNTS, status=401)

    page = await rig.provider.list_accounts(PageRequest(), operation)

    assert page.items
    assert rig.paths() == [ACCOUNTS, TOKEN, ACCOUNTS]


async def test_a_call_that_is_refused_with_a_new_token_too_is_refused(rig: Rig, operation: Operation) -> None:
    """Also where the client lacks a scope: the server says no more than 401."""
    rig.fault(ACCOUNTS, status=401, times=2)
    with pytest.raises(Unauthorized):
        await rig.provider.list_accounts(PageRequest(), operation)
    assert rig.paths() == [TOKEN, ACCOUNTS, TOKEN, ACCOUNTS]


async def test_a_wrong_secret_is_tried_once_and_then_fails_at_once(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig("v3", config=wrong_secret())
    refs = rig.accounts(50)

    first = await rig.provider.accounts_by_ref(refs, operation)
    second = await rig.provider.balances_by_account(refs, operation)

    assert {type(each) for each in [*first.values(), *second.values()]} == {Unauthorized}
    assert {each.vendor_code for each in first.values() if isinstance(each, Unauthorized)} == {"invalid_client"}
    assert rig.paths().count(TOKEN) == 1

    rig.clock.now += 61
    await rig.provider.balances_by_account(refs, operation)
    assert rig.paths() == [TOKEN]


async def test_the_secret_is_in_no_error_and_no_record(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig("v3", config=wrong_secret())
    with pytest.raises(Unauthorized) as refusal:
        await rig.provider.list_accounts(PageRequest(), operation)
    told = f"{refusal.value!r} {refusal.value.message} {operation.calls!r} {wrong_secret()!r}"
    assert "wrong" not in told


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"body": CANNED % ("bearer", "")}, Garbled),
        ({"body": CANNED % ("mac", ',"expires_in":3599')}, Garbled),
        ({"body": "{}"}, Garbled),
        ({"status": 500}, Broken),
        ({"status": 400, "body": '{"error":"invalid_request"}'}, Unauthorized),
        ({"status": 404}, Unauthorized),
        ({"status": 400, "body": '{"error":"unauthorized_client"}'}, Unauthorized),
    ],
)
async def test_an_answer_that_is_no_token_fails_the_call(
    rig: Rig, operation: Operation, fault: dict[str, object], kind: type[Exception]
) -> None:
    rig.fault(TOKEN, **fault)
    with pytest.raises(kind):
        await rig.provider.list_accounts(PageRequest(), operation)
    assert rig.paths() == [TOKEN]


@pytest.mark.parametrize(("expiry", "good_for"), [("", 240), (',"expires_in":40', 20), (',"expires_in":7200', 7140)])
async def test_a_token_of_any_life_is_used_for_most_of_it(
    rig: Rig, operation: Operation, expiry: str, good_for: int
) -> None:
    rig.fault(TOKEN, times=2, body=CANNED % ("Bearer", expiry))
    await rig.auth.headers(operation)
    rig.clock.now += good_for - 1
    await rig.auth.headers(operation)
    assert rig.paths() == [TOKEN]

    rig.clock.now += 2
    await rig.auth.headers(operation)
    assert rig.paths() == [TOKEN]


async def test_the_token_is_asked_for_in_the_vendors_form(new_rig: NewRig, operation: Operation) -> None:
    forms: list[dict[str, list[str]]] = []
    sandbox = create(PEOPLE, payments_count=0)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != TOKEN:
            await sandbox(scope, receive, send)
            return
        request = Request(scope, receive)
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        assert "authorization" not in request.headers
        forms.append(parse_qs((await request.body()).decode(), strict_parsing=True))
        body = b'{"access_token":"t","token_type":"Bearer","expires_in":3599}'
        await Response(body, media_type="application/json")(scope, receive, send)

    rig = new_rig(app=app)
    assert await rig.auth.headers(operation) == {"authorization": "Bearer t"}
    assert forms == [
        {
            "grant_type": ["client_credentials"],
            "client_id": ["sandbox-formance-client"],
            "client_secret": ["sandbox-formance-secret"],
            "scope": [" ".join(SCOPES)],
        }
    ]
