"""What a caller sees that is bound to customers, by the type of what it asks for."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from providers.domain import PaymentFilter
from resolvers import ids, paging
from tests.access.callers import bound
from tests.access.world import World, absent, everything, of
from tests.conftest import Graph
from tests.resolvers.asking import codes, node_ids, only_error, person

LISTS = ("customers", "accounts", "payments", "pools", "bankAccounts", "transferInitiations", "connectors")
WITHOUT_PAYMENTS = 6
"""A person whom the payments' vendor does not know."""
NODE = "query($id: ID!) { node(id: $id) { __typename id } }"
TREE = """
query($id: ID!) { customer(id: $id) { accounts { nodes {
  id customer { id } payments(first: 20) { nodes { id source { id } destination { id } connector { id } } }
} } } }
"""


@pytest.mark.parametrize("people", [(0,), (2,), (0, 1, 4), (WITHOUT_PAYMENTS,), ()], ids=str)
async def test_lists_hold_all_that_is_theirs_and_nothing_else_page_by_page(
    graph: Graph, people: tuple[int, ...]
) -> None:
    """In the order of the whole list where that has one."""
    world = of(await everything(graph), *people)
    for root in LISTS:
        seen = await node_ids(bound(graph, *people), root, first=7)
        theirs = [each["id"] for each in world.all[root] if each["id"] in world.mine]

        assert sorted(seen) == sorted(theirs), root
        assert root not in {"customers", "payments", "transferInitiations"} or seen == theirs


async def test_totals_of_lists_count_nothing_of_others(graph: Graph) -> None:
    """A total is that of the caller's own list, or none."""
    selection = " ".join(f"{root}(first: 1) {{ totalCount nodes {{ id }} }}" for root in LISTS)
    world = of(await everything(graph), 0)
    answer = await bound(graph, 0).ask(f"{{ {selection} }}")

    for root in LISTS:
        theirs = len(world.all[root]) - len(world.foreign(root))
        assert answer.data[root]["totalCount"] in (theirs, None), root


async def test_what_is_anothers_looks_like_what_is_not_there(graph: Graph) -> None:
    """By id, for each type, also for one that is made up: the same bytes."""
    world = of(await everything(graph), 0)
    caller = bound(graph, 0)
    asked = 0
    for id in _some_of_each_type(world):
        foreign, missing = await caller.ask(NODE, id=id), await caller.ask(NODE, id=absent(id))
        asked += 1

        assert foreign.data == missing.data == {"node": None}, ids.decode(id)
        assert foreign.errors == missing.errors == []
    assert asked > 25


async def test_their_own_is_found_by_id(graph: Graph) -> None:
    """What a list shows, its id shows as well."""
    world = of(await everything(graph), 0, 1)
    caller = bound(graph, 0, 1)
    mine = sorted(world.mine)[:100]
    answer = await caller.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=mine)

    assert answer.errors == []
    assert [each["id"] for each in answer.data["nodes"]] == mine


async def test_a_counterpartys_account_is_null_and_costs_no_error(graph: Graph) -> None:
    """The payment is theirs; the other end is not, nor is the organisation's connector."""
    full = await graph.data(TREE, id=person(0))
    answer = await bound(graph, 0).ask(TREE, id=person(0))
    theirs = {each["id"] for each in full["customer"]["accounts"]["nodes"]}
    ends = [
        (one["source"], other["source"]) for one, other in zip(_payments(answer.data), _payments(full), strict=True)
    ]

    assert answer.errors == []
    assert all(shown == there if there and there["id"] in theirs else shown is None for shown, there in ends)
    assert {True, False} == {there is not None and there["id"] in theirs for _, there in ends}
    assert {each["connector"] for each in _payments(answer.data)} == {None}


async def test_a_bound_caller_costs_no_call_more_for_its_own_tree(graph: Graph) -> None:
    """Whose the accounts are is known from whence they came, and counterparties are loaded in one batch as for all."""
    await graph.ask(TREE, id=person(0))
    full, answer = await graph.ask(TREE, id=person(0)), await bound(graph, 0).ask(TREE, id=person(0))
    extra = len(answer.reads) - len(full.reads)

    assert full.reads
    assert extra <= 1, (answer.by_operation(), full.by_operation())


async def test_a_pool_shows_only_their_accounts_and_no_sum_that_others_are_in(graph: Graph) -> None:
    """The first two pools hold the first person's accounts; the second one also another's."""
    document = "{ pools { nodes { id name accounts { id } balances { money { amount } } } } }"
    world = of(await everything(graph), 0)
    answer = await bound(graph, 0).ask(document)
    shown = {pool["name"]: pool for pool in answer.data["pools"]["nodes"]}
    held = {pool["name"]: {each["id"] for each in pool["accounts"]} for pool in world.all["pools"]}

    for name, pool in shown.items():
        assert {each["id"] for each in pool["accounts"]} == held[name] & world.mine
        assert (pool["balances"] is not None) is (held[name] <= world.mine)
    assert len(answer.errors) == sum(pool["balances"] is None for pool in shown.values()) > 0
    assert set(codes(answer)) == {"FORBIDDEN"}
    assert any(pool["balances"] for pool in shown.values())


async def test_a_cursor_of_the_whole_list_gives_nothing_to_a_bound_caller(graph: Graph) -> None:
    """Neither as it is, nor put into a cursor of the caller's own list."""
    world = of(await everything(graph), 0)
    caller = bound(graph, 0)
    document = "query($after: String) {{ {0}(first: 5, after: $after) {{ nodes {{ id }} pageInfo {{ endCursor }} }} }}"
    for root in LISTS:
        whole = (await graph.data(document.format(root), after=None))[root]["pageInfo"]["endCursor"]
        own = (await caller.ask(document.format(root), after=None)).data[root]["pageInfo"]["endCursor"]
        refused = await caller.ask(document.format(root), after=whole)

        assert codes(refused) == ["BAD_USER_INPUT"], root
        for cursor in _forged(own, whole):
            response = await caller.post(document.format(root), after=cursor)
            assert world.shown(response.text) == [], root


async def test_a_made_up_cursor_of_a_customer_without_accounts_gives_nothing(graph: Graph) -> None:
    """No accounts are not all accounts."""
    document = """
    query($id: ID!, $after: String) { customer(id: $id) { payments(first: 5, after: $after) { nodes { id } } } }
    """
    id = person(WITHOUT_PAYMENTS)
    cursor = paging.encode(paging.Place(paging.identity("payments", ids.decode(id), PaymentFilter()), "formance"))
    data = await bound(graph, WITHOUT_PAYMENTS).data(document, id=id, after=cursor)

    assert data["customer"]["payments"]["nodes"] == []


async def test_a_filter_by_anothers_account_finds_nothing(graph: Graph) -> None:
    """As one by an account that is not there."""
    document = "query($id: ID) { transferInitiations(filter: {accountId: $id}) { nodes { id } totalCount } }"
    world = of(await everything(graph), 0)
    busy = next(
        each["source"]["id"]
        for each in world.all["transferInitiations"]
        if each["source"] and each["source"]["id"] not in world.mine
    )
    assert (await graph.data(document, id=busy))["transferInitiations"]["nodes"]

    caller = bound(graph, 0)
    assert (await caller.ask(document, id=busy)).data == (await caller.ask(document, id=absent(busy))).data
    assert (await caller.data(document, id=busy))["transferInitiations"]["nodes"] == []


async def test_a_payment_whose_owner_cannot_be_told_is_null_with_the_failure(graph: Graph) -> None:
    """Fail closed: what nobody can decide is not shown."""
    world = of(await everything(graph), 2)
    own = next(each["id"] for each in world.all["payments"] if each["id"] in world.mine)
    await graph.fault("formance", "/api/payments/*accounts*", status=503, times=100)
    answer = await bound(graph, 2).ask("query($id: ID!) { payment(id: $id) { id } }", id=own)

    assert answer.data == {"payment": None}
    assert only_error(answer)["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"


async def test_a_stored_link_outweighs_what_the_vendor_says(graph: Graph, tmp_path: Path) -> None:
    """An account of the vendor's customer that is linked to one person is no other's, whatever its username is."""
    document = "query($id: ID!) { customer(id: $id) { accounts(provider: FINICITY) { nodes { id } } } }"
    at_login = """
    query($id: ID!, $login: String!) {
      customer(id: $id) { accounts(institutionLoginId: $login) { nodes { id } } }
    }
    """
    login = "query($id: ID!) { account(id: $id) { ... on AggregatedAccount { institutionLoginId } } }"
    before = (await graph.data(document, id=person(2)))["customer"]["accounts"]["nodes"]
    login_id = (await graph.data(login, id=before[0]["id"]))["account"]["institutionLoginId"]
    assert (await graph.data(at_login, id=person(2), login=login_id))["customer"]["accounts"]["nodes"]
    with sqlite3.connect(tmp_path / "directory.sqlite3") as database:
        given = {"provider": "finicity", "kind": "customer", "external_id": ids.decode(before[0]["id"]).keys[0]}
        columns = [row[1] for row in database.execute("PRAGMA table_info(links)")]
        values = {**dict.fromkeys(columns), **given, "customer_id": "cus_0001"}
        row = database.execute("SELECT * FROM links LIMIT 1").fetchone()
        values = {name: old if values[name] is None else values[name] for name, old in zip(columns, row, strict=True)}
        database.execute(f"INSERT INTO links VALUES ({','.join('?' * len(columns))})", list(values.values()))

    assert (await bound(graph, 2).data(document, id=person(2)))["customer"]["accounts"]["nodes"] == []
    found = await bound(graph, 2).data(at_login, id=person(2), login=login_id)
    assert found["customer"]["accounts"]["nodes"] == []
    assert (await bound(graph, 2).ask(NODE, id=before[0]["id"])).data == {"node": None}
    assert (await bound(graph, 0).ask(NODE, id=before[0]["id"])).data["node"] == {
        "__typename": "AggregatedAccount",
        "id": before[0]["id"],
    }


async def test_connectors_are_the_organisations(graph: Graph) -> None:
    """Lists are empty, edges null, and nothing is asked of the vendor for them."""
    await graph.forget_calls()
    answer = await bound(graph, 0).ask(
        "{ connectors { nodes { id } totalCount } availableConnectors { providerName } "
        'connectorSettingsByKind(providerName: "STRIPE") { name } '
        'connectorTaskByKind(providerName: "STRIPE", taskId: "1") { id } '
        'connectorTasksByKind(providerName: "STRIPE") { nodes { id } } }'
    )

    assert answer.errors == []
    assert answer.data == {
        "connectors": {"nodes": [], "totalCount": 0},
        "availableConnectors": [],
        "connectorSettingsByKind": [],
        "connectorTaskByKind": None,
        "connectorTasksByKind": {"nodes": []},
    }
    assert await graph.calls() == []


async def test_workflows_are_the_organisations(graph: Graph) -> None:
    """Their roots are closed, a transfer does not tell who ordered it, and nothing is asked of the vendor for them."""
    await graph.forget_calls()
    answer = await bound(graph, 0).ask(
        "{ workflows { nodes { id } } workflowInstances { nodes { id } } triggers { nodes { id } } }"
    )

    assert answer.data == {"workflows": None, "workflowInstances": None, "triggers": None}
    assert {error["extensions"]["code"] for error in answer.errors} == {"FORBIDDEN"}
    assert await graph.calls() == []
    told = await bound(graph, 0).ask("{ transferInitiations(first: 1) { nodes { id workflowInstance { id } } } }")
    assert [error["extensions"]["code"] for error in told.errors] == ["FORBIDDEN"]


def _some_of_each_type(world: World) -> list[str]:
    listed = [id for root in LISTS for id in world.foreign(root)[:: max(1, len(world.foreign(root)) // 5)]]
    return [*listed, *world.foreign_tasks()[:3], *world.foreign_refreshes()[:3]]


def _payments(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        payment
        for account in data["customer"]["accounts"]["nodes"]
        for payment in (account["payments"] or {"nodes": []})["nodes"]
    ]


def _forged(own: str | None, whole: str | None) -> list[str]:
    """The whole list's place under the name of the caller's own list."""
    if own is None or whole is None:
        return []
    name = paging._decoder.decode(ids.from_text(own, longest=16_384)).list
    place = paging._decoder.decode(ids.from_text(whole, longest=16_384))
    return [
        paging.encode(paging.Place(name, place.source, place.token, place.skip)),
        paging.encode(paging.Place(name, place.source)),
        paging.encode(paging.Place(name)),
    ]
