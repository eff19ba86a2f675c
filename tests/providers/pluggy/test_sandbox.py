"""The Pluggy sandbox as a REST client meets it: smart accounts, paging, balances, refusals."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from starlette.applications import Starlette

from providers.pluggy import sandbox
from providers.seed import customers

PEOPLE = customers(25)
KEYS = {
    "clientId": sandbox.CREDENTIALS["PLUGGY_CLIENT_ID"],
    "clientSecret": sandbox.CREDENTIALS["PLUGGY_CLIENT_SECRET"],
}
LIST = "/payments/smart-accounts"


@asynccontextmanager
async def signed_in(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://pluggy.test") as client:
        answer = await client.post("/auth", json=KEYS)
        client.headers["X-API-KEY"] = answer.json()["apiKey"]
        yield client


def opened() -> AbstractAsyncContextManager[httpx.AsyncClient]:
    return signed_in(sandbox.create(PEOPLE))


def exact(answer: httpx.Response) -> Any:
    assert answer.status_code == 200
    return answer.json(parse_float=Decimal)


async def test_list_pages_by_twenty_and_counts_all() -> None:
    async with opened() as client:
        first = exact(await client.get(LIST))
        second = exact(await client.get(LIST, params={"page": 2}))

    total = len(sandbox.links(PEOPLE))
    assert (first["page"], first["total"], first["totalPages"], len(first["results"])) == (1, total, 2, 20)
    assert (second["page"], len(second["results"])) == (2, total - 20)
    listed = [account["id"] for account in first["results"] + second["results"]]
    assert listed == [link.external_id for link in sandbox.links(PEOPLE)]


async def test_a_page_past_the_end_is_empty() -> None:
    async with opened() as client:
        page = exact(await client.get(LIST, params={"page": 9, "pageSize": 5}))

    assert (page["page"], page["results"]) == (9, [])


async def test_pages_are_cut_to_five_hundred() -> None:
    async with signed_in(sandbox.create(customers(800))) as client:
        page = exact(await client.get(LIST, params={"pageSize": 5000}))

    assert (len(page["results"]), page["totalPages"]) == (500, 2)


async def test_paging_numbers_may_be_written_as_doubles() -> None:
    async with opened() as client:
        page = exact(await client.get(LIST, params={"page": "2.0", "pageSize": "3.0"}))

    assert (page["page"], len(page["results"])) == (2, 3)


@pytest.mark.parametrize(("name", "value"), [("page", "0"), ("pageSize", "-1"), ("pageSize", "many"), ("page", "1.5")])
async def test_a_paging_number_that_is_none_is_refused(name: str, value: str) -> None:
    async with opened() as client:
        answer = await client.get(LIST, params={name: value})

    assert answer.status_code == 400
    assert answer.json() == {"code": 400, "message": f"{name} must be a positive number"}


async def test_retrieve_gives_the_listed_account() -> None:
    async with opened() as client:
        listed = exact(await client.get(LIST))["results"][0]
        alone = exact(await client.get(f"{LIST}/{listed['id']}"))

    assert alone == listed
    assert alone["type"] == "CHECKING_ACCOUNT"
    assert alone["ispb"] == "0001020"


async def test_an_account_without_a_pix_key_omits_the_field() -> None:
    async with opened() as client:
        results = exact(await client.get(LIST, params={"pageSize": 500}))["results"]

    assert any("pixKey" in account for account in results)
    assert any("pixKey" not in account for account in results)
    assert all(None not in account.values() for account in results)


async def test_sparse_lists_leave_out_what_the_vendors_example_leaves_out() -> None:
    app = sandbox.create(PEOPLE)
    app.state.vendor.sparse_lists = True
    async with signed_in(app) as client:
        listed = exact(await client.get(LIST))["results"][0]
        alone = exact(await client.get(f"{LIST}/{listed['id']}"))

    assert set(listed) == {"id", "agency", "number", "verifyingDigit", "type"}
    assert alone["isSandbox"] is True


async def test_balances_arrive_digit_for_digit_as_json_numbers() -> None:
    huge = [link for link in sandbox.links(PEOPLE) if link.customer_id == PEOPLE[6].id][1]
    async with opened() as client:
        answer = await client.get(f"{LIST}/{huge.external_id}/balance")

    assert b'"balance":9007199254740993.07,' in answer.content
    assert exact(answer)["balance"] == Decimal("9007199254740993.07")


async def test_every_account_has_a_balance_with_its_time() -> None:
    async with opened() as client:
        for link in sandbox.links(PEOPLE):
            balance = exact(await client.get(f"{LIST}/{link.external_id}/balance"))

            assert set(balance) == {"lastUpdatedAt", "balance", "blockedBalance", "scheduledBalance"}
            assert balance["lastUpdatedAt"].startswith(("2026-10-31T", "2026-11-01T"))
            assert balance["lastUpdatedAt"].endswith("Z")


@pytest.mark.parametrize("suffix", ["", "/balance"])
async def test_an_unknown_account_is_not_found(suffix: str) -> None:
    async with opened() as client:
        answer = await client.get(f"{LIST}/{uuid4()}{suffix}")

    assert answer.status_code == 404
    assert answer.json() == {
        "code": 404,
        "codeDescription": "SMART_ACCOUNT_NOT_FOUND",
        "message": "Smart account not found",
    }


@pytest.mark.parametrize("suffix", ["", "/balance"])
async def test_an_id_that_is_no_uuid_is_refused_without_a_description(suffix: str) -> None:
    async with opened() as client:
        answer = await client.get(f"{LIST}/12345{suffix}")

    assert answer.status_code == 400
    assert answer.json() == {"code": 400, "message": "id must be a UUID"}


async def test_the_family_can_be_taken_away() -> None:
    async with signed_in(sandbox.create(PEOPLE, smart_accounts=False)) as client:
        answer = await client.get(LIST)

    assert answer.status_code == 404
    assert answer.json() == {"code": 404, "message": "Not Found"}


async def test_a_method_that_is_not_served_is_refused_in_json() -> None:
    async with opened() as client:
        answer = await client.delete(LIST)

    assert answer.status_code == 405
    assert answer.json() == {"code": 405, "message": "Method Not Allowed"}


async def test_two_sandboxes_share_no_state() -> None:
    changed, untouched = sandbox.create(PEOPLE), sandbox.create(PEOPLE)
    account_id = sandbox.links(PEOPLE)[0].external_id
    held = changed.state.vendor.holdings[account_id]
    held.balance = msgspec.structs.replace(held.balance, balance=Decimal("0.01"))
    async with signed_in(changed) as one, signed_in(untouched) as other:
        first = exact(await one.get(f"{LIST}/{account_id}/balance"))
        second = exact(await other.get(f"{LIST}/{account_id}/balance"))

    assert first["balance"] == Decimal("0.01")
    assert second["balance"] != first["balance"]


def test_the_first_customer_has_two_smart_accounts_and_others_have_one_or_two() -> None:
    counts = {person.id: 0 for person in PEOPLE if person.pluggy}
    for link in sandbox.links(PEOPLE):
        counts[link.customer_id] += 1

    assert counts[PEOPLE[0].id] == 2
    assert set(counts.values()) == {1, 2}


def test_a_longer_list_of_people_changes_nothing_for_the_first_ones() -> None:
    short, long = sandbox.links(customers(5)), sandbox.links(customers(50))

    assert msgspec.to_builtins(long[: len(short)]) == msgspec.to_builtins(short)
