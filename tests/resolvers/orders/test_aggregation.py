"""Accounts at banks and logins are forgotten once; what is left shows at once."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from tests.conftest import Answer, Graph, Start
from tests.resolvers.asking import codes, only_error, person
from tests.resolvers.orders.row import outcome, time_passes, user_errors

DELETE = """mutation($input: DeleteAccountInput!) { deleteAccount(input: $input) {
  deletedAccountId userErrors { code field vendorCode message }
} }"""
DELETE_LOGIN = """mutation($input: DeleteInstitutionLoginInput!) { deleteInstitutionLogin(input: $input) {
  customer { id accounts(provider: FINICITY) { nodes { providerId } } } userErrors { code field vendorCode message }
} }"""
LEFT = "query($id: ID!) { customer(id: $id) { accounts(provider: FINICITY) { nodes { providerId } } } }"
ADA, ADAS_LOGIN = person(0), "6009800000"


def account_id(account: str = "5011600000", customer: str = "5026900000") -> str:
    return ids.encode(Ref(NodeType.AGGREGATED_ACCOUNT, (customer, account), Provider.FINICITY))


@pytest.fixture
def generation() -> str:
    """No matter here."""
    return "v3"


async def delete(graph: Graph, *, key: str = "key", account: str | None = None) -> Answer:
    return await graph.ask(DELETE, input={"accountId": account or account_id(), "idempotencyKey": key})


async def delete_login(
    graph: Graph, *, key: str = "key", login: str = ADAS_LOGIN, customer: str = ADA, **more: str
) -> Answer:
    fields = {"customerId": customer, "institutionLoginId": login, **more, "idempotencyKey": key}
    return await graph.ask(DELETE_LOGIN, input=fields)


WAYS: dict[str, Callable[..., Awaitable[Answer]]] = {"deleteAccount": delete, "deleteInstitutionLogin": delete_login}
either = pytest.mark.parametrize("way", WAYS)


def holds(payload: Any) -> bool:
    """Whether one of the two payloads says that Ada's first account, or first login, is gone."""
    if "deletedAccountId" in payload:
        return bool(payload["deletedAccountId"] == account_id())
    return provider_ids(payload["customer"]) == ["5011600002", "5011600003"] and payload["customer"]["id"] == ADA


def provider_ids(customer: Any) -> list[str]:
    return [node["providerId"] for node in customer["accounts"]["nodes"]]


async def deleted(graph: Graph) -> int:
    """How many deletions the vendor has carried out."""
    return sum(call["method"] == "DELETE" and call["status"] == 204 for call in await graph.calls())


@either
async def test_it_is_forgotten_once_and_seen_at_once(graph: Graph, way: str) -> None:
    """By two at the same time and one after them; the same key with another input is refused."""
    does = WAYS[way]
    first, second = await asyncio.gather(does(graph), does(graph))
    third = await does(graph)
    other = await (delete(graph, account=account_id("1")) if way == "deleteAccount" else delete_login(graph, login="1"))
    left = provider_ids((await graph.data(LEFT, id=ADA))["customer"])

    assert holds(outcome(first))
    assert outcome(first) == outcome(second) == outcome(third)
    assert user_errors(other) == [("IDEMPOTENCY_KEY_REUSED", ["idempotencyKey"], None)]
    assert left == [f"501160000{each}" for each in ((1, 2, 3) if way == "deleteAccount" else (2, 3))]
    assert await deleted(graph) == 1
    assert (await graph.data("query($id: ID!) { node(id: $id) { id } }", id=account_id())) == {"node": None}


@either
async def test_what_is_not_there_is_the_vendors_refusal(graph: Graph, way: str) -> None:
    """With its code."""
    if way == "deleteAccount":
        unknown = [
            await delete(graph, account=account_id("1")),
            await delete(graph, account=account_id("1", "1"), key="b"),
        ]
        assert [user_errors(each) for each in unknown] == [[("NOT_FOUND", [], "38003")]] * 2
        assert user_errors(await delete(graph, account=person(0), key="c")) == [("INVALID", ["accountId"], None)]
    else:
        assert user_errors(await delete_login(graph, login="1")) == [("NOT_FOUND", [], "38007")]
        wrong = await delete_login(graph, login=" ", customer="x", key="b")
        assert sorted(user_errors(wrong)) == [
            ("INVALID", ["customerId"], None),
            ("INVALID", ["institutionLoginId"], None),
        ]
        foreign = await delete_login(graph, providerCustomerId="5026900137", key="c")
        assert user_errors(foreign) == [("NOT_FOUND", ["providerCustomerId"], None)]
    assert await deleted(graph) == 0


REFUSALS = (
    (400, "10010", "UPSTREAM_REJECTED"),
    (400, "14020", "UPSTREAM_REJECTED"),
    (400, "14023", "NOT_FOUND"),
    (404, "14001", "NOT_FOUND"),
    (404, "38003", "NOT_FOUND"),
    (404, "38007", "NOT_FOUND"),
    (500, "325", "UPSTREAM_REJECTED"),
    (500, "5006", "UPSTREAM_REJECTED"),
    (500, "103", "UPSTREAM_REJECTED"),
)


@either
async def test_every_refusal_is_told_and_stays_with_its_key(graph: Graph, way: str) -> None:
    """Whatever never left is forgotten instead."""
    does = WAYS[way]
    for status, vendor_code, code in REFUSALS:
        await graph.fault("finicity", "*", method="DELETE", status=status, body=f'{{"code":{vendor_code}}}')
        told, again = [await does(graph, key=vendor_code) for _ in range(2)]
        assert user_errors(told) == user_errors(again) == [(code, [], vendor_code)]
    for status, code in ((429, "UPSTREAM_RATE_LIMITED"), (401, "UPSTREAM_UNAUTHORIZED")):
        await graph.fault("finicity", "*", method="DELETE", status=status, body="", times=2)
        assert codes(await does(graph)) == [code]
        await graph.heal()
    assert await deleted(graph) == 0

    assert holds(outcome(await does(graph)))


@either
async def test_what_was_done_is_found_when_its_answer_is_lost(graph: Graph, way: str) -> None:
    """At once, and nothing is sent again."""
    await graph.fault("finicity", "*", method="DELETE", headers={"content-encoding": "br"})
    await graph.fault("finicity", "*", method="DELETE", drop="half")
    found, again = await WAYS[way](graph), await WAYS[way](graph)

    assert holds(outcome(found))
    assert outcome(found) == outcome(again)
    assert await deleted(graph) == 1


@either
async def test_what_may_have_happened_is_unknown_until_it_is_certain(graph: Graph, way: str, tmp_path: Path) -> None:
    """Then it is sent for the second time."""
    await graph.fault("finicity", "*", method="DELETE", status=503, body="")
    for _ in range(2):
        assert only_error(await WAYS[way](graph))["extensions"]["code"] == "UPSTREAM_UNKNOWN_OUTCOME"
    await time_passes(tmp_path)

    assert holds(outcome(await WAYS[way](graph)))
    assert await deleted(graph) == 1


@either
async def test_nobody_can_where_the_vendor_is_off(start: Start, way: str) -> None:
    """A user error, no failure."""
    async with start(FINICITY_MODE="off") as graph:
        assert user_errors(await WAYS[way](graph)) == [("UNSUPPORTED", [], None)]
