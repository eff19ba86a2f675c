"""Partner authentication in the sandbox: what the vendor documents of keys, tokens and the lock."""

import httpx
import pytest

from tests.providers.finicity.conftest import AUTHENTICATION, LOGIN, Clock, Connect, with_token

CUSTOMERS = "/aggregation/v1/customers"


async def test_a_token_opens_the_reads_for_two_hours(vendor: httpx.AsyncClient, clock: Clock) -> None:
    clock.now += 2 * 60 * 60 - 1
    young = await vendor.get(CUSTOMERS)
    clock.now += 1
    old = await vendor.get(CUSTOMERS)

    assert (young.status_code, old.status_code) == (200, 401)
    assert old.json() == {
        "code": "10022",
        "status": "401",
        "message": "Invalid authorization credentials",
        "user_message": "The session has expired or is invalid",
        "tags": "",
    }


@pytest.mark.parametrize(
    ("token", "code", "message"),
    [
        (None, "10024", "Missing parameter (Finicity-App-Token)"),
        ("wrong", "10022", "Invalid (Finicity-App-Token)"),
        ("old", "10023", "Expired (Finicity-App-Token)"),
    ],
)
async def test_the_newer_dialect_tells_tokens_apart(
    connect: Connect, clock: Clock, token: str | None, code: str, message: str
) -> None:
    async with connect(dialect="new") as client:
        await with_token(client)
        if token == "old":
            clock.now += 7200
        elif token is None:
            del client.headers["Finicity-App-Token"]
        else:
            client.headers["Finicity-App-Token"] = token
        answer = await client.get(CUSTOMERS)

    assert answer.status_code == 401
    assert answer.json() == {"code": code, "message": message}


async def test_earlier_tokens_stay_valid(vendor: httpx.AsyncClient) -> None:
    await vendor.post(AUTHENTICATION, json=LOGIN)

    assert (await vendor.get(CUSTOMERS)).status_code == 200


@pytest.mark.parametrize("path", [AUTHENTICATION, CUSTOMERS])
async def test_a_missing_app_key_is_named(vendor: httpx.AsyncClient, path: str) -> None:
    del vendor.headers["Finicity-App-Key"]
    answer = await vendor.request("POST" if path == AUTHENTICATION else "GET", path, json=LOGIN)

    assert answer.status_code == 401
    assert answer.json() == {"code": 10026, "message": "Missing parameter (Finicity-App-Key)"}


async def test_a_wrong_app_key_is_refused_in_plain_text_by_the_newer_dialect(connect: Connect) -> None:
    async with connect(dialect="new") as client:
        client.headers["Finicity-App-Key"] = "wrong"
        answer = await client.post(AUTHENTICATION, json=LOGIN)

    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == "Invalid (Finicity-App-Key)"


async def test_a_wrong_app_key_is_refused_in_json_by_the_older_dialect(connect: Connect) -> None:
    async with connect() as client:
        client.headers["Finicity-App-Key"] = "wrong"
        answer = await client.post(AUTHENTICATION, json=LOGIN)

    assert (answer.status_code, answer.json()["code"]) == (401, 10001)


async def test_five_refused_secrets_lock_the_partner(connect: Connect) -> None:
    async with connect() as client:
        for _ in range(5):
            refused = await client.post(AUTHENTICATION, json={**LOGIN, "partnerSecret": "wrong"})
            assert (refused.status_code, refused.json()) == (401, {"code": 10001, "message": "Invalid credentials"})
        locked = await client.post(AUTHENTICATION, json=LOGIN)

    assert (locked.status_code, locked.json()["code"]) == (401, 10001)


async def test_a_right_secret_forgives_earlier_failures(connect: Connect) -> None:
    async with connect() as client:
        for secret in ["wrong"] * 4 + [LOGIN["partnerSecret"]] + ["wrong"] * 4:
            await client.post(AUTHENTICATION, json={**LOGIN, "partnerSecret": secret})

        assert (await client.post(AUTHENTICATION, json=LOGIN)).status_code == 200


async def test_a_changed_secret_is_the_only_one_that_works(connect: Connect) -> None:
    async with connect() as client:
        changed = await client.put(AUTHENTICATION, json={**LOGIN, "newPartnerSecret": "fresh"})
        old = await client.post(AUTHENTICATION, json=LOGIN)
        new = await client.post(AUTHENTICATION, json={**LOGIN, "partnerSecret": "fresh"})

    assert (changed.status_code, changed.content) == (204, b"")
    assert (old.status_code, new.status_code) == (401, 200)


@pytest.mark.parametrize(("dialect", "code"), [("1.13", "10010"), ("new", "10005")])
async def test_a_missing_field_is_named(connect: Connect, dialect: str, code: str) -> None:
    async with connect(dialect=dialect) as client:
        answer = await client.post(AUTHENTICATION, json={"partnerId": LOGIN["partnerId"]})

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert "partnerSecret" in answer.json()["message"]


async def test_a_body_that_is_no_json_is_a_bad_request(connect: Connect) -> None:
    async with connect() as client:
        answer = await client.post(AUTHENTICATION, content=b"partnerId=1")

    assert (answer.status_code, answer.json()) == (400, {"code": 14020, "message": "Bad request."})
