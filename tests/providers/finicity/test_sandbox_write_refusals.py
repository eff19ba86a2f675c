"""Deletions in the sandbox, and every refusal of what changes accounts, in both dialects."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import msgspec
import pytest

from providers.finicity import sandbox
from providers.finicity.sandbox import Dialect
from tests.providers.finicity.conftest import APP_KEY, Clock, Connect, with_token
from tests.providers.finicity.test_sandbox_refresh import (
    FIRST,
    LOGIN,
    PEOPLE,
    SIXTH,
    V1,
    V2,
    accounts,
    exact,
    opened,
    refusal,
)
from tests.providers.vendor import until


async def test_a_deleted_account_is_gone_and_its_siblings_are_not(clock: Clock) -> None:
    async with opened(clock) as (client, _):
        [gone, *others] = await accounts(client)
        answer = await client.delete(f"{V1}/{FIRST}/accounts/{gone['id']}")

        assert (answer.status_code, answer.content) == (204, b"")
        assert await accounts(client) == others
        assert refusal(await client.get(f"{V2}/{FIRST}/accounts/{gone['id']}")) == (404, "38003")
        assert refusal(await client.delete(f"{V1}/{FIRST}/accounts/{gone['id']}")) == (404, "38003")


async def test_a_deleted_login_takes_all_its_accounts_with_it(clock: Clock) -> None:
    async with opened(clock) as (client, _):
        others = [each for each in await accounts(client) if each["institutionLoginId"] != LOGIN]
        answer = await client.delete(f"{V1}/{FIRST}/institutionLogins/{LOGIN}")

        assert (answer.status_code, answer.content) == (204, b"")
        assert others
        assert await accounts(client) == others
        assert refusal(await client.delete(f"{V1}/{FIRST}/institutionLogins/{LOGIN}")) == (404, "38007")


async def test_an_account_may_be_deleted_while_it_is_refreshed(clock: Clock) -> None:
    async with opened(clock, seconds=0.02) as (client, app):
        [gone, *others] = await accounts(client)
        running = asyncio.create_task(client.post(f"{V1}/{FIRST}/accounts"))
        await until(lambda: bool(app.state.refreshes.running))
        await client.delete(f"{V1}/{FIRST}/accounts/{gone['id']}")

        assert [each["id"] for each in exact(await running)] == [each["id"] for each in others]
        assert await accounts(client) == exact(await client.get(f"{V1}/{FIRST}/accounts"))


Ask = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


@pytest.mark.parametrize("dialect", ["1.13", "new"])
@pytest.mark.parametrize(
    ("ask", "status", "code"),
    [
        (lambda c: c.post(f"{V1}/1/accounts"), 404, 14001),
        (lambda c: c.post(f"{V2}/1/accounts"), 404, 14001),
        (lambda c: c.post(f"{V1}/abc/accounts"), 400, 14023),
        (lambda c: c.post(f"{V2}/abc/accounts"), 400, 14023),
        (lambda c: c.post(f"{V1}/{FIRST}/institutionLogins/1/accounts"), 404, "38007"),
        (lambda c: c.post(f"{V2}/{FIRST}/institutionLogins/1/accounts"), 404, "38007"),
        (lambda c: c.post(f"{V1}/1/institutionLogins/{LOGIN}/accounts"), 404, "38007"),
        (lambda c: c.post(f"{V2}/1/institutionLogins/{LOGIN}/accounts"), 404, "38007"),
        (lambda c: c.post(f"{V1}/abc/institutionLogins/{LOGIN}/accounts"), 400, 14023),
        (lambda c: c.post(f"{V1}/{FIRST}/institutionLogins/x/accounts"), 400, 14020),
        (lambda c: c.post(f"{V1}/{FIRST}/accounts", content=b"{"), 400, 14020),
        (lambda c: c.post(f"{V1}/{FIRST}/accounts", json={"credentials": []}), 400, 14020),
        (lambda c: c.delete(f"{V1}/{FIRST}/accounts/1"), 404, 38003),
        (lambda c: c.delete(f"{V1}/1/accounts/5011600000"), 404, 38003),
        (lambda c: c.delete(f"{V1}/{SIXTH}/accounts/5011600000"), 404, 38003),
        (lambda c: c.delete(f"{V1}/abc/accounts/5011600000"), 400, 14023),
        (lambda c: c.delete(f"{V1}/{FIRST}/institutionLogins/1"), 404, "38007"),
        (lambda c: c.delete(f"{V1}/1/institutionLogins/{LOGIN}"), 404, "38007"),
        (lambda c: c.delete(f"{V1}/abc/institutionLogins/{LOGIN}"), 400, 14023),
        (lambda c: c.delete(f"{V1}/{FIRST}/institutionLogins/x"), 400, 14020),
        (lambda c: c.delete(f"{V2}/{FIRST}/accounts/5011600000"), 404, 14001),
    ],
)
async def test_refusals_carry_the_documented_code(
    connect: Connect, dialect: Dialect, ask: Ask, *, status: int, code: int | str
) -> None:
    """The older dialect writes a number, or a string in the long form; the newer one always a string."""
    async with connect(dialect=dialect) as client:
        answer = await ask(await with_token(client))
        everything = len(await accounts(client)), len(await accounts(client, SIXTH))

    assert answer.status_code == status
    assert answer.json()["code"] == (str(code) if dialect == "new" else code)
    assert everything == (4, 2)


@pytest.mark.parametrize("dialect", ["1.13", "new"])
async def test_a_busy_account_is_told_in_the_words_of_each_dialect(clock: Clock, dialect: Dialect) -> None:
    app = sandbox.create(PEOPLE, clock=clock, dialect=dialect, refresh_seconds=0.01)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://f.test", headers=APP_KEY
    ) as client:
        await with_token(client)
        answers = await asyncio.gather(*(client.post(f"{V1}/{FIRST}/accounts") for _ in range(2)))

    body = msgspec.json.decode(answers[1].content)
    assert body == {
        "code": 325 if dialect == "1.13" else "325",
        "message": "The account is currently being aggregated.",
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"{V1}/{FIRST}/accounts"),
        ("POST", f"{V2}/{FIRST}/accounts"),
        ("POST", f"{V1}/{FIRST}/institutionLogins/{LOGIN}/accounts"),
        ("POST", f"{V2}/{FIRST}/institutionLogins/{LOGIN}/accounts"),
        ("DELETE", f"{V1}/{FIRST}/accounts/5011600000"),
        ("DELETE", f"{V1}/{FIRST}/institutionLogins/{LOGIN}"),
    ],
)
@pytest.mark.parametrize("missing", ["Finicity-App-Token", "Finicity-App-Key"])
async def test_nothing_changes_without_credentials(
    vendor: httpx.AsyncClient, method: str, path: str, missing: str
) -> None:
    before = await accounts(vendor)
    held = vendor.headers.pop(missing)
    answer = await vendor.request(method, path)
    vendor.headers[missing] = held

    assert answer.status_code == 401
    assert await accounts(vendor) == before
