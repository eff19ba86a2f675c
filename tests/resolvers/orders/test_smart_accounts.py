"""Smart accounts are opened once, whatever becomes of the answer, and belong to the customer that was named."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from providers.pluggy.sandbox import CREDENTIALS
from tests.conftest import Answer, Graph, Start
from tests.resolvers.asking import only_error, person
from tests.resolvers.orders.row import outcome, time_passes, user_errors

CREATE = """mutation($input: CreateSmartAccountInput!) { createSmartAccount(input: $input) {
  account { id isSandbox balances { money { amount currency } } customer { id } }
  userErrors { code field vendorCode message }
} }"""
OWNER = {
    "email": "ada@example.com",
    "phoneNumber": "+5511999999999",
    "address": {"city": "Recife", "state": "PE"},
    "name": "Ada Lovelace",
    "taxNumber": "12345678909",
    "isSandbox": True,
}
OPENED = {"method": "POST", "path": "/payments/smart-accounts"}


@pytest.fixture
def generation() -> str:
    """No matter here."""
    return "v3"


async def create(graph: Graph, *, key: str = "key", **fields: Any) -> Answer:
    return await graph.ask(CREATE, input={**OWNER, **fields, "idempotencyKey": key})


async def account_ids(graph: Graph) -> set[str]:
    data = await graph.data("{ accounts(provider: PLUGGY, first: 100) { nodes { id } } }")
    return {node["id"] for node in data["accounts"]["nodes"]}


async def opened(graph: Graph) -> int:
    """How many accounts the vendor has opened."""
    calls = [call for call in await graph.calls() if {**call, **OPENED} == call]
    return sum(call["status"] == 200 for call in calls)


async def lose_the_answer(graph: Graph, *, times: int = 1) -> None:
    """The vendor opens the account; what it says cannot be understood."""
    await graph.fault("pluggy", **OPENED, headers={"content-encoding": "br"}, times=times)


async def test_an_account_is_opened_once_and_seen_at_once(graph: Graph) -> None:
    """By two at the same time and one after them; the same key with another input is refused."""
    before = await account_ids(graph)
    first, second = await asyncio.gather(create(graph), create(graph))
    third, other = await create(graph), await create(graph, name="Another")
    account = outcome(first)["account"]

    assert outcome(first) == outcome(second) == outcome(third)
    assert account["isSandbox"] is True
    assert account["customer"] is None
    assert {balance["money"]["amount"] for balance in account["balances"]} == {"0"}
    assert user_errors(other) == [("IDEMPOTENCY_KEY_REUSED", ["idempotencyKey"], None)]
    assert await account_ids(graph) - before == {account["id"]}
    assert await opened(graph) == 1


async def test_a_customer_who_is_named_has_the_account(graph: Graph) -> None:
    """In the answer, among their accounts, and when the server starts anew."""
    account = outcome(await create(graph, customerId=person(3)))["account"]
    data = await graph.data(
        "query($id: ID!) { customer(id: $id) { accounts(provider: PLUGGY) { nodes { id } }"
        "  links { provider kind origin } } }",
        id=person(3),
    )

    assert account["customer"] == {"id": person(3)}
    assert account["id"] in {node["id"] for node in data["customer"]["accounts"]["nodes"]}
    assert {"provider": "PLUGGY", "kind": "SMART_ACCOUNT", "origin": "DIRECTORY"} in data["customer"]["links"]


async def test_what_is_wrong_is_told_all_at_once_before_anything_is_sent(graph: Graph) -> None:
    """Unknown customers included."""
    wrong = await create(graph, email=" ", address={"city": "", "state": "PE"}, customerId="x")
    nobody = await create(graph, customerId=person(9_000))

    assert sorted(user_errors(wrong)) == [
        ("INVALID", ["address", "city"], None),
        ("INVALID", ["customerId"], None),
        ("INVALID", ["email"], None),
    ]
    assert user_errors(nobody) == [("NOT_FOUND", ["customerId"], None)]
    assert await graph.calls() == []


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, '{"code":400,"message":"taxNumber is required"}', ("UPSTREAM_REJECTED", [], None)),
        (400, '{"code":400,"codeDescription":"INVALID","message":"no"}', ("UPSTREAM_REJECTED", [], "INVALID")),
        (403, '{"code":403,"codeDescription":"FORBIDDEN","message":"no"}', ("UPSTREAM_REJECTED", [], "FORBIDDEN")),
        (404, '{"code":404,"message":"no such route"}', ("UNSUPPORTED", [], None)),
    ],
)
async def test_a_refusal_is_told_and_stays_with_its_key(
    graph: Graph, status: int, body: str, error: tuple[str, list[str], str | None]
) -> None:
    """Another key may try again."""
    await graph.fault("pluggy", **OPENED, status=status, body=body)
    refused, again = await create(graph), await create(graph)

    assert user_errors(refused) == user_errors(again) == [error]
    assert await opened(graph) == 0
    assert outcome(await create(graph, key="another"))["account"]


async def test_the_vendors_own_refusal_names_no_owner(graph: Graph) -> None:
    """The sandbox refuses what its documentation says that it does."""
    assert user_errors(await create(graph, taxNumber=None)) == [("UPSTREAM_REJECTED", [], None)]
    assert await opened(graph) == 0


@pytest.mark.parametrize("customer", [None, person(3)], ids=["nobodys", "linked"])
async def test_an_account_whose_answer_was_lost_is_found(graph: Graph, customer: str | None) -> None:
    """It is the one that is new; it is linked too."""
    await lose_the_answer(graph)
    found, again = await create(graph, customerId=customer), await create(graph, customerId=customer)

    assert outcome(found) == outcome(again)
    assert (outcome(found)["account"]["customer"] or {}).get("id") == customer
    assert await opened(graph) == 1


async def test_what_was_not_opened_is_sent_again_only_when_that_is_certain(graph: Graph, tmp_path: Path) -> None:
    """Until an account would have shown, the outcome is unknown."""
    await graph.fault("pluggy", **OPENED, status=503, body="")
    error = only_error(await create(graph))["extensions"]
    assert (error["code"], error["retryable"]) == ("UPSTREAM_UNKNOWN_OUTCOME", True)
    assert only_error(await create(graph))["extensions"]["code"] == "UPSTREAM_UNKNOWN_OUTCOME"
    assert await opened(graph) == 0
    await time_passes(tmp_path)

    assert outcome(await create(graph))["account"]
    assert await opened(graph) == 1


async def test_an_account_of_another_order_is_never_taken_for_a_lost_one(graph: Graph, tmp_path: Path) -> None:
    """One whose order is known to have made it does not count."""
    await graph.fault("pluggy", **OPENED, status=503, body="")
    assert only_error(await create(graph, key="lost"))["extensions"]["code"] == "UPSTREAM_UNKNOWN_OUTCOME"
    other = outcome(await create(graph, key="other"))["account"]["id"]
    assert only_error(await create(graph, key="lost"))["extensions"]["code"] == "UPSTREAM_UNKNOWN_OUTCOME"
    await time_passes(tmp_path)

    assert outcome(await create(graph, key="lost"))["account"]["id"] != other
    assert await opened(graph) == 2


async def test_two_lost_orders_stay_unknown_where_either_may_have_made_an_account(graph: Graph, tmp_path: Path) -> None:
    """Nothing is sent again and none is given the other's, however much time passes."""
    await graph.fault("pluggy", **OPENED, status=503, body="", times=1)
    assert only_error(await create(graph, key="one"))["extensions"]["code"] == "UPSTREAM_UNKNOWN_OUTCOME"
    await lose_the_answer(graph)
    codes = [only_error(await create(graph, key="two"))["extensions"]["code"]]
    await time_passes(tmp_path)
    codes += [only_error(await create(graph, key=key))["extensions"]["code"] for key in ("one", "two", "one")]

    assert set(codes) == {"UPSTREAM_UNKNOWN_OUTCOME"}
    assert await opened(graph) == 1


async def test_an_order_stays_unknown_where_several_accounts_are_new(graph: Graph, tmp_path: Path) -> None:
    """Others have opened two in the meantime, past this server: neither is taken for it, and nothing is sent again."""
    await graph.fault("pluggy", **OPENED, status=503, body="")
    codes = [only_error(await create(graph))["extensions"]["code"]]
    keys = {"clientId": CREDENTIALS["PLUGGY_CLIENT_ID"], "clientSecret": CREDENTIALS["PLUGGY_CLIENT_SECRET"]}
    token = (await graph.client.post("/sandbox/pluggy/auth", json=keys)).json()["apiKey"]
    for _ in range(2):
        path, headers = "/sandbox/pluggy/payments/smart-accounts", {"X-API-KEY": token}
        assert (await graph.client.post(path, json=OWNER, headers=headers)).status_code == 200
    await time_passes(tmp_path)
    codes += [only_error(await create(graph))["extensions"]["code"] for _ in range(2)]

    assert set(codes) == {"UPSTREAM_UNKNOWN_OUTCOME"}
    assert await opened(graph) == 2


async def test_nobody_can_open_accounts_where_the_vendor_is_off(start: Start) -> None:
    """A user error, no failure."""
    async with start(PLUGGY_MODE="off") as graph:
        assert user_errors(await create(graph)) == [("UNSUPPORTED", [], None)]
