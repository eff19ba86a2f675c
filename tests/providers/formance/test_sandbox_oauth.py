"""The sandbox's auth module: clients that can fetch tokens, users, scopes that are checked."""

from typing import Any

import httpx
import pytest

from tests.providers.formance.sandbox_stack import TOKEN_FORM, anonymous, opened

CLIENTS = "/api/auth/clients"
TOKEN = "/api/auth/oauth/token"


async def made(client: httpx.AsyncClient, **fields: Any) -> Any:
    answer = await client.post(CLIENTS, json={"name": "reports", **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


async def token(client: httpx.AsyncClient, name: str, secret: str, scope: str = "") -> httpx.Response:
    form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret, "scope": scope}
    return await client.post(TOKEN, data=form)


async def test_a_client_is_made_read_replaced_and_deleted() -> None:
    async with opened(payments_count=0) as stack:
        client = await made(stack.client, scopes=["ledger:read"], metadata={"team": "a"}, redirectUris=["https://a"])
        place = f"{CLIENTS}/{client['id']}"
        read = (await stack.client.get(place)).json()["data"]
        listed = (await stack.client.get(CLIENTS)).json()["data"]
        replaced = (await stack.client.put(place, json={"name": "other", "public": True})).json()["data"]
        deleted = await stack.client.delete(place)
        gone = [await stack.client.request(method, place) for method in ("GET", "PUT", "DELETE")]

    assert client == read == listed[-1]
    assert {**client, "id": ""} == {
        "id": "",
        "name": "reports",
        "public": False,
        "redirectUris": ["https://a"],
        "description": "",
        "trusted": False,
        "postLogoutRedirectUris": [],
        "metadata": {"team": "a"},
        "scopes": ["ledger:read"],
        "secrets": [],
    }
    assert (replaced["name"], replaced["public"], replaced["scopes"], replaced["metadata"]) == ("other", True, [], {})
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert [(answer.status_code, answer.content) for answer in gone] == [(404, b"")] * 3


async def test_a_secret_is_shown_once_and_gets_tokens_until_it_is_deleted() -> None:
    async with opened(payments_count=0) as stack:
        client = await made(stack.client, scopes=["ledger:read"])
        place = f"{CLIENTS}/{client['id']}"
        secret = (await stack.client.post(f"{place}/secrets", json={"name": "one"})).json()["data"]
        read = (await stack.client.get(place)).json()["data"]["secrets"]
        good = await token(stack.client, client["id"], secret["clear"], "ledger:read ledger:write")
        bad = await token(stack.client, client["id"], "wrong")
        deleted = await stack.client.delete(f"{place}/secrets/{secret['id']}")
        late = await token(stack.client, client["id"], secret["clear"])
        again = await stack.client.delete(f"{place}/secrets/{secret['id']}")

    assert read == [{name: secret[name] for name in ("id", "name", "lastDigits", "metadata")}]
    assert secret["clear"].endswith(secret["lastDigits"])
    assert (good.status_code, bad.status_code, deleted.status_code, late.status_code) == (200, 401, 204, 401)
    assert (again.status_code, again.content) == (404, b"")


@pytest.mark.parametrize(
    ("asked", "method", "path", "status"),
    [
        ("ledger:read", "GET", "/api/payments/pools", 401),
        ("payments:read", "GET", "/api/payments/pools", 200),
        ("payments:write", "GET", "/api/payments/pools", 200),
        ("payments:read", "POST", "/api/payments/pools", 401),
        ("payments:write", "POST", "/api/payments/pools", 400),
        ("auth:read", "DELETE", f"{CLIENTS}/x", 401),
        ("", "GET", CLIENTS, 401),
    ],
)
async def test_a_scope_must_allow_the_call(asked: str, method: str, path: str, status: int) -> None:
    async with anonymous(payments_count=0) as client:
        form = {**TOKEN_FORM, "scope": asked}
        bearer = (await client.post(TOKEN, data=form)).json()["access_token"]
        answer = await client.request(method, path, headers={"Authorization": f"Bearer {bearer}"})

    assert answer.status_code == status
    assert status != 401 or answer.content == b""


async def test_a_scope_that_a_client_may_not_have_is_dropped() -> None:
    async with opened(payments_count=0) as stack:
        for is_trusted, status in ((False, 401), (True, 200)):
            client = await made(stack.client, scopes=["ledger:read"], trusted=is_trusted)
            place = f"{CLIENTS}/{client['id']}/secrets"
            secret = (await stack.client.post(place, json={"name": "one"})).json()["data"]["clear"]
            bearer = (await token(stack.client, client["id"], secret, "payments:read")).json()["access_token"]
            answer = await stack.client.get("/api/payments/pools", headers={"Authorization": f"Bearer {bearer}"})
            assert answer.status_code == status


async def test_a_server_can_be_set_up_without_the_check() -> None:
    async with anonymous(payments_count=0, check_scopes=False) as client:
        bearer = (await client.post(TOKEN, data={**TOKEN_FORM, "scope": ""})).json()["access_token"]
        answer = await client.get("/api/payments/pools", headers={"Authorization": f"Bearer {bearer}"})

    assert answer.status_code == 200


async def test_users_are_listed_and_read() -> None:
    async with opened(payments_count=0) as stack:
        users = (await stack.client.get("/api/auth/users")).json()["data"]
        one = await stack.client.get(f"/api/auth/users/{users[0]['id']}")
        nobody = await stack.client.get("/api/auth/users/x")

    assert one.json()["data"] == users[0]
    assert {user["email"] for user in users} == {"noor@example.com", "tomas@example.com"}
    assert (nobody.status_code, nobody.content) == (404, b"")


async def test_the_discovery_names_the_token_endpoint() -> None:
    async with anonymous(payments_count=0) as client:
        told = (await client.get("/api/auth/.well-known/openid-configuration")).json()
        answer = await client.post(told["token_endpoint"], data=TOKEN_FORM)

    assert told["issuer"] == "http://stack.test/api/auth"
    assert answer.status_code == 200


async def test_a_body_that_is_none_is_refused() -> None:
    async with opened(payments_count=0) as stack:
        answer = await stack.client.post(CLIENTS, content=b"[]")

    assert (answer.status_code, answer.json()["errorCode"]) == (400, "VALIDATION")
