"""The four account reads of the sandbox, empty sets and awkward fields included."""

from decimal import Decimal
from typing import Any

import httpx
import msgspec
import pytest

from providers.finicity.sandbox.seed import customer_id
from providers.seed import customers
from tests.providers.finicity.conftest import Connect, with_token

PEOPLE = customers(25)
FIRST = customer_id(PEOPLE[0])
V1 = "/aggregation/v1/customers"


async def accounts(client: httpx.AsyncClient, path: str, **query: str) -> list[dict[str, Any]]:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = msgspec.json.decode(answer.content, type=dict[str, Any])["accounts"]
    return found


async def everyone(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    return [
        a
        for person in PEOPLE
        if person.finicity
        for a in await accounts(client, f"{V1}/{customer_id(person)}/accounts")
    ]


async def test_the_first_person_has_four_accounts_at_two_institutions(vendor: httpx.AsyncClient) -> None:
    found = await accounts(vendor, f"{V1}/{FIRST}/accounts")

    assert [account["type"] for account in found] == ["checking", "savings", "creditCard", "mortgage"]
    assert len({account["institutionId"] for account in found}) == 2
    assert {account["aggregationStatusCode"] for account in found} == {0}


async def test_everyone_has_two_to_six_accounts_over_one_to_three_logins(vendor: httpx.AsyncClient) -> None:
    for person in PEOPLE:
        if person.finicity:
            found = await accounts(vendor, f"{V1}/{customer_id(person)}/accounts")
            assert 2 <= len(found) <= 6
            assert 1 <= len({account["institutionLoginId"] for account in found}) <= 3


async def test_ids_are_unique_and_kinds_vary(vendor: httpx.AsyncClient) -> None:
    found = await everyone(vendor)

    assert len({account["id"] for account in found}) == len(found)
    assert len({account["type"] for account in found}) >= 15
    assert {account["currency"] for account in found} == {"USD", "CAD"}


async def test_awkward_fields_are_as_the_vendor_sends_them(vendor: httpx.AsyncClient) -> None:
    """A login is a number in bodies, an institution a string, and optional fields may be null."""
    found = await everyone(vendor)

    assert all(type(account["institutionLoginId"]) is int for account in found)
    assert all(type(account["institutionId"]) is str for account in found)
    assert any(account["accountNickname"] is None for account in found)
    assert {0, 103, 185, 945} == {account.get("aggregationStatusCode", 0) for account in found}


async def test_pending_accounts_have_not_been_aggregated(vendor: httpx.AsyncClient) -> None:
    pending = [account for account in await everyone(vendor) if account["status"] == "pending"]

    assert pending
    for account in pending:
        absent = {"balance", "balanceDate", "aggregationStatusCode", "aggregationSuccessDate", "aggregationAttemptDate"}
        assert not absent & account.keys()


async def test_a_login_in_trouble_shows_its_last_known_balance(vendor: httpx.AsyncClient) -> None:
    broken = [account for account in await everyone(vendor) if account.get("aggregationStatusCode")]

    assert all(account["aggregationSuccessDate"] < account["aggregationAttemptDate"] for account in broken)
    assert all("balance" in account for account in broken)


async def test_amounts_are_numbers_with_every_digit(vendor: httpx.AsyncClient) -> None:
    raw = (await vendor.get(f"{V1}/{FIRST}/accounts")).content

    class Account(msgspec.Struct):
        balance: Decimal

    class Accounts(msgspec.Struct):
        accounts: list[Account]

    first = msgspec.json.decode(raw, type=Accounts).accounts[0].balance
    assert f'"balance":{first},'.encode() in raw
    assert first.as_tuple().exponent == -2


async def test_accounts_can_be_asked_for_by_status(vendor: httpx.AsyncClient) -> None:
    path = f"{V1}/{customer_id(PEOPLE[5])}/accounts"
    everything = await accounts(vendor, path)
    active, pending = await accounts(vendor, path, status="active"), await accounts(vendor, path, status="pending")

    assert len(active) + len(pending) == len(everything)
    assert [account["status"] for account in pending] == ["pending"]


@pytest.mark.parametrize(("query", "code"), [({"status": "closed"}, 18017), ({"account_type": "x"}, 14020)])
async def test_an_unknown_filter_value_is_refused(vendor: httpx.AsyncClient, query: dict[str, str], code: int) -> None:
    answer = await vendor.get(f"{V1}/{FIRST}/accounts", params=query)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_one_account_is_bare_and_the_same_as_in_the_list(vendor: httpx.AsyncClient) -> None:
    listed = (await accounts(vendor, f"{V1}/{FIRST}/accounts"))[2]
    answer = await vendor.get(f"/aggregation/v2/customers/{FIRST}/accounts/{listed['id']}")

    assert answer.json() == listed


async def test_one_account_is_not_served_under_the_first_version(vendor: httpx.AsyncClient) -> None:
    answer = await vendor.get(f"{V1}/{FIRST}/accounts/5011600000")

    assert (answer.status_code, answer.json()["code"]) == (404, 14001)


async def test_sets_by_institution_and_by_login_make_up_the_whole(vendor: httpx.AsyncClient) -> None:
    everything = await accounts(vendor, f"{V1}/{FIRST}/accounts")
    for field, kind in (("institutionId", "institutions"), ("institutionLoginId", "institutionLogins")):
        parts = [
            account
            for key in dict.fromkeys(account[field] for account in everything)
            for account in await accounts(vendor, f"{V1}/{FIRST}/{kind}/{key}/accounts")
        ]
        assert parts == everything


async def test_a_set_by_institution_leaves_pending_accounts_out(vendor: httpx.AsyncClient) -> None:
    person = customer_id(PEOPLE[5])
    [pending] = await accounts(vendor, f"{V1}/{person}/accounts", status="pending")
    answer = await vendor.get(f"{V1}/{person}/institutions/{pending['institutionId']}/accounts")

    assert (answer.status_code, answer.json()["code"]) == (404, 38006)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/aggregation/v1/customers/1/accounts", 404, 14001),
        ("/aggregation/v1/customers/abc/accounts", 400, 14023),
        (f"/aggregation/v2/customers/{FIRST}/accounts/1", 404, 38003),
        (f"/aggregation/v1/customers/{FIRST}/institutions/1/accounts", 404, 38006),
        (f"/aggregation/v1/customers/{FIRST}/institutions/x/accounts", 400, 14020),
        (f"/aggregation/v1/customers/{FIRST}/institutionLogins/1/accounts", 404, "38007"),
        ("/aggregation/v1/customers/1/institutionLogins/1/accounts", 404, "38007"),
    ],
)
async def test_refusals_carry_the_documented_code(
    vendor: httpx.AsyncClient, connect: Connect, path: str, status: int, code: int | str
) -> None:
    """The older dialect writes a number, or a string in the long form; the newer one always a string."""
    older = await vendor.get(path)
    async with connect(dialect="new") as client:
        newer = await (await with_token(client)).get(path)

    assert (older.status_code, older.json()["code"]) == (status, code)
    assert (newer.status_code, newer.json()["code"]) == (status, str(code))


async def test_the_long_form_of_an_empty_login_carries_status_and_title(vendor: httpx.AsyncClient) -> None:
    body = (await vendor.get(f"{V1}/{FIRST}/institutionLogins/1/accounts")).json()

    assert (body["status"], body["title"], body["level"]) == ("404", "Connecting accounts error", "error")
    assert body["message"].endswith("institutionLoginId = (1)")
