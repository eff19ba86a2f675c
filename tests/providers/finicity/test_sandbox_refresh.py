"""Refreshes in the sandbox: what they change, how long they take, and how they meet one another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from providers.finicity import sandbox
from providers.finicity.sandbox.seed import customer_id
from providers.seed import customers
from tests.providers.finicity.conftest import APP_KEY, Clock, with_token
from tests.providers.vendor import listening, until

PEOPLE = customers(25)
FIRST, FIFTH, SIXTH = (customer_id(PEOPLE[index]) for index in (0, 4, 5))
V1, V2 = "/aggregation/v1/customers", "/aggregation/v2/customers"
LOGIN = 6_009_800_000
"""The first login of the first person."""
TROUBLED = LOGIN + 10 * 4 + 1
"""The fifth person's last login: the bank refuses its password."""
Account = dict[str, Any]


@asynccontextmanager
async def opened(clock: Clock, *, seconds: float = 0.0) -> AsyncIterator[tuple[httpx.AsyncClient, Starlette]]:
    app = sandbox.create(PEOPLE, clock=clock, refresh_seconds=seconds)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://finicity.test", headers=APP_KEY) as client:
        yield await with_token(client), app


async def accounts(client: httpx.AsyncClient, person: str = FIRST) -> list[Account]:
    return exact(await client.get(f"{V1}/{person}/accounts"))


def exact(answer: httpx.Response) -> list[Account]:
    assert answer.status_code == 200
    found: list[Account] = answer.json(parse_float=Decimal)["accounts"]
    return found


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["code"])


async def test_a_refresh_answers_with_the_accounts_as_they_are_then(clock: Clock) -> None:
    clock.now += 86_400
    async with opened(clock) as (client, _):
        before = await accounts(client)
        refreshed = exact(await client.post(f"{V1}/{FIRST}/accounts"))

        assert refreshed == await accounts(client)
    now = int(clock.now)
    for old, new in zip(before, refreshed, strict=True):
        dates = {name: new[name] for name in ("aggregationAttemptDate", "aggregationSuccessDate", "balanceDate")}
        assert set(dates.values()) == {now}
        assert new["aggregationStatusCode"] == 0
        assert Decimal(0) < abs(new["balance"] - old["balance"]) <= 5
        assert {key for key in new if new[key] != old[key]} <= {
            *dates,
            *("balance", "detail", "lastUpdatedDate", "lastTransactionDate"),
        }


async def test_a_refresh_moves_the_balances_in_the_detail_alike(clock: Clock) -> None:
    async with opened(clock) as (client, _):
        [before] = [each for each in await accounts(client) if each["type"] == "creditCard"]
        refreshed = exact(await client.post(f"{V1}/{FIRST}/accounts", json={}))
        [after] = [each for each in refreshed if each["type"] == "creditCard"]

    assert after["detail"]["currentBalance"] == after["balance"]
    moved = after["balance"] - before["balance"]
    assert after["detail"]["creditAvailableAmount"] - before["detail"]["creditAvailableAmount"] == moved


async def test_the_same_refreshes_give_the_same_balances(clock: Clock) -> None:
    answers = []
    for _ in range(2):
        async with opened(clock) as (client, _app):
            await client.post(f"{V1}/{FIRST}/accounts")
            answers.append((await client.post(f"{V1}/{FIRST}/accounts")).content)

    assert answers[0] == answers[1]


async def test_each_refresh_moves_the_attempt_date_even_within_a_second(clock: Clock) -> None:
    async with opened(clock) as (client, _):
        answers = [await accounts(client), *[exact(await client.post(f"{V1}/{FIRST}/accounts")) for _ in range(3)]]

    dates = [answer[0]["aggregationAttemptDate"] for answer in answers]
    assert dates == sorted(set(dates))


@pytest.mark.parametrize("path", [f"{V2}/{FIRST}/accounts", f"{V2}/{FIRST}/institutionLogins/{LOGIN}/accounts"])
async def test_the_second_version_does_the_same_and_answers_nothing(clock: Clock, path: str) -> None:
    async with opened(clock) as (client, _):
        before = (await accounts(client))[0]
        answer = await client.post(path)
        after = (await accounts(client))[0]

    assert (answer.status_code, answer.content) == (204, b"")
    assert after["aggregationAttemptDate"] > before["aggregationAttemptDate"]


async def test_a_refresh_of_a_login_leaves_other_logins_alone(clock: Clock) -> None:
    async with opened(clock) as (client, _):
        before = await accounts(client)
        refreshed = exact(await client.post(f"{V1}/{FIRST}/institutionLogins/{LOGIN}/accounts"))
        after = await accounts(client)

    assert {account["institutionLoginId"] for account in refreshed} == {LOGIN}
    assert after[: len(refreshed)] == refreshed
    assert after[len(refreshed) :] == before[len(refreshed) :]


async def test_a_login_in_trouble_keeps_its_balance_and_its_code(clock: Clock) -> None:
    """Asked for by login, the code is the answer; asked for by customer, it shows in the accounts."""
    async with opened(clock) as (client, _):
        before = {each["id"]: each for each in await accounts(client, FIFTH)}
        alone = await client.post(f"{V1}/{FIFTH}/institutionLogins/{TROUBLED}/accounts")
        second = await client.post(f"{V2}/{FIFTH}/institutionLogins/{TROUBLED}/accounts")
        refreshed = exact(await client.post(f"{V1}/{FIFTH}/accounts"))

    assert refusal(alone) == refusal(second) == (500, "103")
    broken = [each for each in refreshed if each["aggregationStatusCode"] == 103]
    assert broken
    for account in broken:
        old = before[account["id"]]
        assert account == {**old, "aggregationAttemptDate": account["aggregationAttemptDate"]}
        assert account["aggregationAttemptDate"] > old["aggregationAttemptDate"]
    assert all(each["aggregationSuccessDate"] == int(clock.now) for each in refreshed if each not in broken)


async def test_a_pending_account_stays_pending(clock: Clock) -> None:
    async with opened(clock) as (client, _):
        refreshed = exact(await client.post(f"{V1}/{SIXTH}/accounts"))
        pending = [each for each in await accounts(client, SIXTH) if each["status"] == "pending"]

    assert {each["status"] for each in refreshed} == {"active"}
    assert len(pending) == 1
    assert "aggregationAttemptDate" not in pending[0]


async def test_a_refresh_takes_its_time_and_dates_its_beginning_and_its_end(clock: Clock) -> None:
    async with opened(clock, seconds=0.05) as (client, app):
        began = int(clock.now)
        running = asyncio.create_task(client.post(f"{V1}/{FIRST}/accounts"))
        await until(lambda: bool(app.state.refreshes.running))
        clock.now += 30
        meanwhile = await accounts(client)
        assert not running.done()
        refreshed = exact(await running)

    assert {each["aggregationAttemptDate"] for each in meanwhile + refreshed} == {began}
    assert all(each["aggregationSuccessDate"] < began for each in meanwhile)
    assert {each["aggregationSuccessDate"] for each in refreshed} == {began + 30}


async def test_a_refresh_goes_on_when_its_client_leaves(clock: Clock) -> None:
    app = sandbox.create(PEOPLE, clock=clock, refresh_seconds=0.1)
    async with listening(app) as server, httpx.AsyncClient(base_url=server.url, headers=APP_KEY) as client:
        await with_token(client)
        before = await accounts(client)
        with pytest.raises(httpx.ReadTimeout):
            await client.post(f"{V1}/{FIRST}/accounts", timeout=0.02)
        assert refusal(await client.post(f"{V1}/{FIRST}/accounts")) == (500, "325")
        await until(lambda: not app.state.refreshes.running)
        after = await accounts(client)

    assert all(new["balance"] != old["balance"] for old, new in zip(before, after, strict=True))


CUSTOMER, FIRST_LOGIN, SECOND_LOGIN = (
    "accounts",
    f"institutionLogins/{LOGIN}/accounts",
    f"institutionLogins/{LOGIN + 1}/accounts",
)


@pytest.mark.parametrize(
    ("running", "asked", "code"),
    [
        (CUSTOMER, CUSTOMER, "325"),
        (FIRST_LOGIN, CUSTOMER, "325"),
        (CUSTOMER, FIRST_LOGIN, "5006"),
        (FIRST_LOGIN, FIRST_LOGIN, "5006"),
        (FIRST_LOGIN, SECOND_LOGIN, None),
    ],
)
@pytest.mark.parametrize("version", [V1, V2])
async def test_no_account_is_refreshed_twice_at_once(
    clock: Clock, version: str, running: str, asked: str, code: str | None
) -> None:
    async with opened(clock, seconds=0.02) as (client, app):
        first = asyncio.create_task(client.post(f"{V1}/{FIRST}/{running}"))
        await until(lambda: bool(app.state.refreshes.running))
        second = await client.post(f"{version}/{FIRST}/{asked}")

        assert (await first).status_code == 200
        assert second.is_success if code is None else refusal(second) == (500, code)
        assert (await client.post(f"{version}/{FIRST}/{asked}")).is_success


async def test_of_refreshes_at_the_same_moment_one_is_done(clock: Clock) -> None:
    async with opened(clock, seconds=0.01) as (client, _):
        answers = await asyncio.gather(*(client.post(f"{V1}/{FIRST}/accounts") for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [200, 500, 500, 500, 500]
