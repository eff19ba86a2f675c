"""The sandbox's tokens: who gets one, how long it is good, and what is open without."""

import base64

import httpx
import pytest

from providers.formance.sandbox import CREDENTIALS, Generation
from tests.providers.formance.sandbox_stack import GENERATIONS, TOKEN_FORM, anonymous, opened

TOKEN = "/api/auth/oauth/token"


def basic(client: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client}:{secret}".encode()).decode()}


async def test_the_form_or_a_basic_header_gets_a_bearer_token() -> None:
    async with anonymous() as client:
        by_form = await client.post(TOKEN, data={**TOKEN_FORM, "scope": "auth:read payments:read other"})
        by_header = await client.post(
            TOKEN, data={"grant_type": "client_credentials"}, headers=basic(*CREDENTIALS.values())
        )

        for answer in (by_form, by_header):
            body = answer.json()
            assert answer.status_code == 200
            assert (body.pop("access_token").count("."), body) == (2, {"token_type": "Bearer", "expires_in": 3599})


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        ({**TOKEN_FORM, "client_secret": "wrong"}, {}),
        ({**TOKEN_FORM, "client_id": "wrong"}, {}),
        ({"grant_type": "client_credentials"}, {}),
        ({"grant_type": "client_credentials"}, basic("sandbox-formance-client", "wrong")),
        ({"grant_type": "client_credentials"}, {"Authorization": "Basic %%%"}),
    ],
)
async def test_an_unknown_client_is_refused(form: dict[str, str], headers: dict[str, str]) -> None:
    async with anonymous() as client:
        answer = await client.post(TOKEN, data=form, headers=headers)

        assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize(("grant", "error"), [("", "invalid_request"), ("password", "unsupported_grant_type")])
async def test_other_grants_are_refused(grant: str, error: str) -> None:
    async with anonymous() as client:
        answer = await client.post(TOKEN, data={**TOKEN_FORM, "grant_type": grant})

        assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.parametrize("path", ["accounts", "accounts/x", "accounts/x/balances", "payments", "payments/x"])
@pytest.mark.parametrize("header", [None, "Bearer", "Bearer nonsense", "Basic abc"])
async def test_without_a_token_of_this_stack_the_answer_is_an_empty_401(path: str, header: str | None) -> None:
    async with anonymous(payments_count=0) as client:
        headers = {} if header is None else {"Authorization": header}
        answer = await client.get(f"/api/payments/{path}", headers=headers)

        assert (answer.status_code, answer.content) == (401, b"")
        assert "www-authenticate" not in answer.headers


async def test_a_token_of_another_stack_is_refused() -> None:
    async with opened(payments_count=0) as stack, anonymous(payments_count=0) as other:
        theirs = {"Authorization": stack.client.headers["Authorization"]}

        assert (await stack.get("/pools")).status_code == 200
        assert (await other.get("/api/payments/pools", headers=theirs)).status_code == 401


async def test_a_token_expires_after_its_lifetime() -> None:
    now = [1_000_000.0]
    async with opened(payments_count=0, clock=lambda: now[0]) as stack:
        now[0] += 3598
        assert (await stack.get("/connectors")).status_code == 200

        now[0] += 1
        assert (await stack.get("/connectors")).status_code == 401


async def test_the_bearer_scheme_is_read_in_any_case() -> None:
    async with opened(payments_count=0) as stack:
        token = stack.client.headers["Authorization"].removeprefix("Bearer ")
        answer = await stack.client.get("/api/payments/pools", headers={"Authorization": f"bearer {token}"})

        assert answer.status_code == 200


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_versions_info_and_health_need_no_token(generation: Generation) -> None:
    async with anonymous(generation, payments_count=0) as client:
        versions = (await client.get("/versions")).json()
        info = (await client.get("/api/payments/_info")).json()
        health = await client.get("/api/payments/_healthcheck")

        assert {"name": "payments", "version": info["version"], "health": True} in versions["versions"]
        assert info["version"].startswith(generation)
        assert info.get("debug") == {"v2": None, "v3": False}[generation]
        assert health.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "body", "allow"),
    [
        ("GET", "/api/payments/nothing", 404, "404 page not found\n", None),
        ("GET", "/api/payments/accounts/", 404, "404 page not found\n", None),
        ("PUT", "/api/payments/accounts", 405, "", "GET"),
        ("HEAD", "/api/payments/pools", 405, "", "GET"),
        ("GET", TOKEN, 405, "", "POST"),
    ],
)
async def test_unknown_routes_answer_as_the_router_does(
    method: str, path: str, status: int, body: str, allow: str | None
) -> None:
    async with anonymous(payments_count=0) as client:
        answer: httpx.Response = await client.request(method, path)

        assert (answer.status_code, answer.text, answer.headers.get("allow")) == (status, body, allow)
