"""The Pluggy sandbox's door: client keys, API keys and their end, rate limits."""

import base64
from typing import Any

import httpx
import msgspec
import pytest
from starlette.applications import Starlette

from providers.pluggy import sandbox
from providers.seed import customers
from tests.providers.pluggy.conftest import Clock

KEYS = {
    "clientId": sandbox.CREDENTIALS["PLUGGY_CLIENT_ID"],
    "clientSecret": sandbox.CREDENTIALS["PLUGGY_CLIENT_SECRET"],
}
LIST = "/payments/smart-accounts"


def calling(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pluggy.test")


def claims(api_key: str) -> Any:
    payload = api_key.split(".")[1]
    return msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


async def test_an_api_key_is_a_jwt_that_ends_after_two_hours() -> None:
    clock = Clock()
    async with calling(sandbox.create(customers(1), clock=clock)) as client:
        answer = await client.post("/auth", json=KEYS | {"nonExpiring": False})

    assert answer.status_code == 200
    assert claims(answer.json()["apiKey"])["exp"] == clock.now + 7200


async def test_every_sign_in_gives_another_key_and_the_former_stays_good() -> None:
    async with calling(sandbox.create(customers(1), clock=Clock())) as client:
        first, second = [(await client.post("/auth", json=KEYS)).json()["apiKey"] for _ in range(2)]
        answers = [await client.get(LIST, headers={"X-API-KEY": key}) for key in (first, second)]

    assert first != second
    assert [answer.status_code for answer in answers] == [200, 200]


async def test_wrong_client_keys_are_refused() -> None:
    async with calling(sandbox.create(customers(1))) as client:
        answer = await client.post("/auth", json=KEYS | {"clientSecret": "wrong"})

    assert answer.status_code == 401
    assert answer.json() == {
        "code": 401,
        "codeDescription": "CLIENT_KEYS_UNAUTHORIZED",
        "message": "Client keys are invalid",
    }


async def test_a_disabled_client_is_refused_by_its_own_code() -> None:
    app = sandbox.create(customers(1))
    app.state.vendor.client_enabled = False
    async with calling(app) as client:
        answer = await client.post("/auth", json=KEYS)

    assert (answer.status_code, answer.json()["codeDescription"]) == (401, "CLIENT_DISABLED")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"clientId":"x"}', b'{"clientId":1,"clientSecret":"x"}'])
async def test_a_sign_in_that_is_no_sign_in_is_a_bad_request(body: bytes) -> None:
    async with calling(sandbox.create(customers(1))) as client:
        answer = await client.post("/auth", content=body)

    assert answer.status_code == 400
    assert "codeDescription" not in answer.json()


@pytest.mark.parametrize("headers", [{}, {"X-API-KEY": "wrong"}, {"Authorization": "Bearer x"}])
@pytest.mark.parametrize("path", [LIST, f"{LIST}/no-uuid", f"{LIST}/no-uuid/balance"])
async def test_calls_without_a_key_in_force_are_refused_with_403(path: str, headers: dict[str, str]) -> None:
    async with calling(sandbox.create(customers(1))) as client:
        answer = await client.get(path, headers=headers)

    assert answer.status_code == 403
    assert answer.json() == {"code": 403, "message": "Missing or invalid authorization token"}


async def test_an_expired_key_is_refused_and_forgotten() -> None:
    clock = Clock()
    app = sandbox.create(customers(1), clock=clock)
    async with calling(app) as client:
        key = (await client.post("/auth", json=KEYS)).json()["apiKey"]
        clock.now += 7200
        late = await client.get(LIST, headers={"X-API-KEY": key})
        await client.post("/auth", json=KEYS)

    assert late.status_code == 403
    assert key not in app.state.vendor.api_keys


async def test_sign_ins_are_limited_to_360_a_minute() -> None:
    clock = Clock()
    async with calling(sandbox.create(customers(1), clock=clock)) as client:
        statuses = {(await client.post("/auth", json=KEYS)).status_code for _ in range(360)}
        clock.now += 20
        refused = await client.post("/auth", json=KEYS)
        clock.now += 40
        again = await client.post("/auth", json=KEYS)

    assert statuses == {200}
    assert (refused.status_code, refused.json()["code"]) == (429, 429)
    limit = {name: refused.headers[f"ratelimit-{name}"] for name in ("limit", "remaining", "reset")}
    assert limit == {"limit": "360", "remaining": "0", "reset": "40"}
    assert refused.headers["retry-after"] == "60"
    assert again.status_code == 200


async def test_other_endpoints_are_limited_on_request_each_by_itself() -> None:
    limited = {"GET /payments/smart-accounts": 2}
    async with calling(sandbox.create(customers(1), per_minute=limited)) as client:
        client.headers["X-API-KEY"] = (await client.post("/auth", json=KEYS)).json()["apiKey"]
        listed = [(await client.get(LIST)).status_code for _ in range(3)]
        account_id = sandbox.links(customers(1))[0].external_id
        alone = [(await client.get(f"{LIST}/{account_id}")).status_code for _ in range(3)]

    assert listed == [200, 200, 429]
    assert alone == [200, 200, 200]
