"""API keys: one for all, renewed in time or on refusal, and no hammering with keys that were refused."""

import asyncio
import base64

import msgspec
import pytest

from providers.config import Secret
from providers.errors import Broken, Rejected, Unauthorized
from providers.operation import Operation
from providers.pluggy import Config
from providers.pluggy.auth import lifetime
from tests.providers.pluggy.conftest import IDS, NewRig, Rig

LIST = "/payments/smart-accounts"
FORBIDDEN = '{"code":403,"message":"Missing or invalid authorization token"}'


async def test_many_calls_at_once_share_one_sign_in(rig: Rig, operation: Operation) -> None:
    await asyncio.gather(*(rig.client.smart_account_retrieve(native_id, operation) for native_id in IDS))

    assert rig.sign_ins() == 1
    assert rig.calls().count("POST /auth") == 1


async def test_a_key_is_used_until_shortly_before_it_ends(rig: Rig, operation: Operation) -> None:
    await rig.client.smart_accounts_list(operation)
    rig.clock.now += 6800
    await rig.client.smart_accounts_list(operation)
    before = rig.sign_ins()
    rig.clock.now += 200
    await rig.client.smart_accounts_list(operation)

    assert (before, rig.sign_ins()) == (1, 2)
    assert {call.error for call in operation.calls} == {None}


async def test_a_refused_key_is_renewed_once_and_the_call_replayed_once(rig: Rig, operation: Operation) -> None:
    await rig.client.smart_accounts_list(operation)
    rig.app.state.vendor.api_keys.clear()
    rig.calls()

    page = await rig.client.smart_accounts_list(operation, page_size=3)

    assert len(page.results) == 3
    assert [call.partition("?")[0] for call in rig.calls()] == [f"GET {LIST}", "POST /auth", f"GET {LIST}"]


async def test_a_refusal_by_401_is_answered_by_renewal_too(rig: Rig, operation: Operation) -> None:
    rig.fault(LIST, status=401, body="Unauthorized", headers={"content-type": "text/plain"})

    await rig.client.smart_accounts_list(operation)

    assert rig.sign_ins() == 2


async def test_a_key_that_is_refused_again_is_an_error(rig: Rig, operation: Operation) -> None:
    rig.fault(LIST, status=403, body=FORBIDDEN, times=2)

    with pytest.raises(Unauthorized) as caught:
        await rig.client.smart_accounts_list(operation)

    assert (caught.value.operation, caught.value.status) == ("smart_accounts_list", 403)
    assert len(rig.calls()) == 4


async def test_a_403_with_a_description_is_about_permission_and_renews_nothing(rig: Rig, operation: Operation) -> None:
    rig.fault(LIST, status=403, body='{"code":403,"codeDescription":"BALANCE_CONSENT_ERROR","message":"no"}')

    with pytest.raises(Rejected) as caught:
        await rig.client.smart_accounts_list(operation)

    assert caught.value.vendor_code == "BALANCE_CONSENT_ERROR"
    assert rig.sign_ins() == 1


async def test_refused_client_keys_are_not_tried_again_for_a_while(new_rig: NewRig, operation: Operation) -> None:
    config = msgspec.structs.replace(Config.for_sandbox(), client_secret=Secret("wrong"))
    rig = new_rig(config=config)
    refusals: list[Unauthorized] = []
    for _ in range(3):
        with pytest.raises(Unauthorized) as caught:
            await rig.client.smart_accounts_list(operation)
        refusals.append(caught.value)
    first_calls = rig.calls()
    rig.clock.now += 61
    with pytest.raises(Unauthorized):
        await rig.client.smart_accounts_list(operation)

    assert first_calls == ["POST /auth"]
    assert {refusal.vendor_code for refusal in refusals} == {"CLIENT_KEYS_UNAUTHORIZED"}
    assert rig.calls() == ["POST /auth"]


async def test_a_disabled_client_is_told_by_its_code(rig: Rig, operation: Operation) -> None:
    rig.app.state.vendor.client_enabled = False

    with pytest.raises(Unauthorized) as caught:
        await rig.client.smart_accounts_list(operation)

    assert caught.value.vendor_code == "CLIENT_DISABLED"


async def test_a_sign_in_that_breaks_is_tried_by_the_next_call(rig: Rig, operation: Operation) -> None:
    rig.fault("/auth", status=500, body='{"code":500,"codeDescription":"INTERNAL_SERVER_ERROR","message":"x"}')
    with pytest.raises(Broken) as caught:
        await rig.client.smart_accounts_list(operation)

    assert caught.value.vendor_code == "INTERNAL_SERVER_ERROR"
    assert (await rig.client.smart_accounts_list(operation)).results


async def test_secrets_show_in_no_error(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig(config=msgspec.structs.replace(Config.for_sandbox(), client_secret=Secret("top-secret")))

    with pytest.raises(Unauthorized) as caught:
        await rig.client.smart_accounts_list(operation)

    assert "top-secret" not in f"{caught.value!r} {caught.value} {operation.calls}"


def jwt(claims: bytes) -> str:
    return "e30." + base64.urlsafe_b64encode(claims).rstrip(b"=").decode() + ".c2ln"


@pytest.mark.parametrize(
    ("api_key", "seconds"),
    [
        (jwt(b'{"iat":1000,"exp":4600}'), 3600),
        (jwt(b'{"iat":99999,"exp":103599}'), 3600),
        (jwt(b'{"exp":1900}'), 900),
        (jwt(b'{"iat":1000,"exp":999999}'), 7200),
        (jwt(b'{"exp":10}'), 7200),
        (jwt(b'{"sub":"no times"}'), 7200),
        (jwt(b"not json"), 7200),
        (jwt(b"\xff\xfe"), 7200),
        ("a.b.c", 7200),
        ("a.\u00e9.c", 7200),
        ("opaque", 7200),
        ("", 7200),
    ],
)
def test_a_keys_life_is_read_from_its_claims(api_key: str, seconds: float) -> None:
    """`iat` and `exp` need no clock; `exp` alone is compared to ours (1000 here); anything else means two hours."""
    assert lifetime(api_key, now=1000) == seconds
