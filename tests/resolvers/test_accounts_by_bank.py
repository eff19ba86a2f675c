"""A customer's accounts at one bank or behind one login: by the vendor's own lists, or out of the whole one."""

from typing import Any

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.asking import codes, person

PART = """query($id: ID!, $bank: String, $login: String, $provider: Provider) { customer(id: $id) {
  accounts(institutionId: $bank, institutionLoginId: $login, provider: $provider) {
    nodes { providerId provider } totalCount
  }
} }"""
INSTITUTION, LOGIN = "GetCustomerAccountsByInstitution", "GetCustomerAccountsByInstitutionLogin"


def numbers(accounts: Any) -> list[str]:
    """The last three digits of the accounts' ids."""
    return [node["providerId"][-3:] for node in accounts["nodes"]]


@pytest.mark.parametrize(
    ("filters", "expected", "operation"),
    [
        ({"bank": "4222"}, ["002", "003"], INSTITUTION),
        ({"login": "6009800000"}, ["000", "001"], LOGIN),
        ({"bank": "102105", "login": "6009800000"}, ["000", "001"], LOGIN),
        ({"bank": "4222", "login": "6009800000"}, [], LOGIN),
        ({"bank": "4222", "provider": "FINICITY"}, ["002", "003"], INSTITUTION),
        ({"bank": "1"}, [], INSTITUTION),
        ({"login": "1"}, [], LOGIN),
    ],
)
async def test_one_call_gives_a_part(warm: Graph, filters: dict[str, str], expected: list[str], operation: str) -> None:
    """None there is an empty list, though the vendor calls that an error."""
    answer = await warm.ask(PART, id=person(0), **filters)

    assert answer.errors == []
    assert numbers(answer.data["customer"]["accounts"]) == expected
    assert answer.data["customer"]["accounts"]["totalCount"] == len(expected)
    assert answer.by_operation() == {operation: 1}


@pytest.mark.parametrize(
    "filters", [{"bank": "x"}, {"login": "../1"}, {"bank": "4222", "provider": "PLUGGY"}, {"bank": ""}]
)
async def test_what_no_bank_can_have_costs_nothing(warm: Graph, filters: dict[str, str]) -> None:
    """Other providers' accounts are at no bank that could be named."""
    answer = await warm.ask(PART, id=person(0), **filters)

    assert answer.errors == []
    assert answer.data["customer"]["accounts"]["nodes"] == []
    assert answer.reads == []


async def test_parts_cost_nothing_beside_the_whole(warm: Graph) -> None:
    """Wherever in the operation the whole is asked for."""
    answer = await warm.ask(
        "query($id: ID!) { customer(id: $id) {"
        '  bank: accounts(institutionId: "4222") { nodes { providerId } }'
        '  login: accounts(institutionLoginId: "6009800000") { nodes { providerId } }'
        "  accounts(provider: FINICITY) { nodes { providerId } } } }",
        id=person(0),
    )
    customer = answer.data["customer"]

    assert (numbers(customer["bank"]), numbers(customer["login"])) == (["002", "003"], ["000", "001"])
    assert len(numbers(customer["accounts"])) == 4
    assert answer.by_operation() == {"GetCustomerAccounts": 1}


async def test_two_parts_of_one_customer_cost_one_call(warm: Graph) -> None:
    """The whole answers both; of two customers, each has a call of its own."""
    both = await warm.ask(
        "query($id: ID!) { customer(id: $id) {"
        '  one: accounts(institutionId: "4222") { nodes { providerId } }'
        '  two: accounts(institutionId: "102105") { nodes { providerId } } } }',
        id=person(0),
    )
    people = await warm.ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer {"
        '  accounts(institutionId: "4222") { nodes { providerId } } } } }',
        ids=[person(0), person(1)],
    )

    assert both.by_operation() == {"GetCustomerAccounts": 1}
    assert people.by_operation() == {INSTITUTION: 2}
    assert [numbers(node["accounts"]) for node in people.data["nodes"]] == [["002", "003"], ["010", "011"]]


async def test_a_part_is_the_same_whichever_way_it_is_read(warm: Graph) -> None:
    """Also of customers with pending accounts, which institutions' lists do not have and logins' lists do."""
    query = "query($id: ID!) {{ customer(id: $id) {{ {} {} }} }}"
    for index in (0, 4, 5, 14):
        data = await warm.data(
            "query($id: ID!) { customer(id: $id) { accounts(provider: FINICITY) { nodes {"
            " ... on AggregatedAccount { institutionId institutionLoginId } } } } }",
            id=person(index),
        )
        nodes = data["customer"]["accounts"]["nodes"]
        for name in ("institutionId", "institutionLoginId"):
            for key in {node[name] for node in nodes}:
                part = f'part: accounts({name}: "{key}") {{ nodes {{ providerId }} }}'
                whole = "whole: accounts(provider: FINICITY) { nodes { providerId } }"
                alone = await warm.data(query.format(part, ""), id=person(index))
                beside = await warm.data(query.format(part, whole), id=person(index))
                assert alone["customer"]["part"] == beside["customer"]["part"]


async def test_a_customer_known_by_username_alone_has_parts_too(warm: Graph) -> None:
    """And one whom the vendor does not know has none."""
    known = await warm.data(PART, id=person(2), bank="31079")
    unknown = await warm.data(PART, id=person(3), bank="31079")

    assert numbers(known["customer"]["accounts"]) == ["023"]
    assert numbers(unknown["customer"]["accounts"]) == []


async def test_a_part_pages_and_keeps_its_cursors_to_itself(warm: Graph) -> None:
    """Those of another part are refused."""
    query = """query($id: ID!, $bank: String, $after: String) { customer(id: $id) {
      accounts(institutionId: $bank, first: 1, after: $after) { nodes { providerId } pageInfo { endCursor } }
    } }"""
    first = (await warm.data(query, id=person(0), bank="4222"))["customer"]["accounts"]
    cursor = first["pageInfo"]["endCursor"]
    second = (await warm.data(query, id=person(0), bank="4222", after=cursor))["customer"]["accounts"]

    assert (numbers(first), numbers(second)) == (["002"], ["003"])
    assert codes(await warm.ask(query, id=person(0), bank="102105", after=cursor)) == ["BAD_USER_INPUT"]
    assert codes(await warm.ask(query, id=person(0), after=cursor)) == ["BAD_USER_INPUT"]


async def test_a_failing_vendor_makes_the_part_null(warm: Graph) -> None:
    """There is nobody else who could give a part of it."""
    await warm.fault("finicity", "*/accounts", status=503, body="", times=50)
    answer = await warm.ask(PART, id=person(0), bank="4222")

    assert answer.data == {"customer": {"accounts": None}}
    assert codes(answer) == ["UPSTREAM_UNAVAILABLE"]


async def test_a_vendor_that_is_off_has_no_part(start: Start) -> None:
    """An empty list, no failure."""
    async with start(FINICITY_MODE="off") as graph:
        assert (await graph.data(PART, id=person(0), bank="4222"))["customer"]["accounts"]["nodes"] == []
