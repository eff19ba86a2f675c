"""Wallets of callers that are bound to customers: what they see and what they may do with the money."""

import sqlite3
from pathlib import Path
from typing import Any

from providers.domain import NodeType, Provider, Ref
from providers.formance.sandbox.wallets.seed import wallet_id
from providers.seed import customers
from resolvers import ids
from tests.access.callers import bound
from tests.access.own import MONEY
from tests.access.test_orders import document, mine, written
from tests.access.world import absent, everything, of
from tests.conftest import Graph
from tests.resolvers.asking import codes, person

WALLETS = "{ wallets(first: 50) { nodes { id } totalCount } }"


async def test_the_list_holds_their_own_and_filters_them(graph: Graph) -> None:
    """Of several people; the same as what each of them has."""
    world = of(await everything(graph), 0, 4)
    caller = bound(graph, 0, 4)
    listed = (await caller.data(WALLETS))["wallets"]
    filtered = await caller.data(
        'query ($name: String) { wallets(filter: {name: $name, metadata: {purpose: "vault"}}) { nodes { name } } }',
        name="Ada Lovelace vault",
    )

    assert {each["id"] for each in listed["nodes"]} == {
        each["id"] for each in world.all["wallets"] if each["id"] in world.mine
    }
    assert listed["totalCount"] == len(listed["nodes"]) == 3
    assert filtered["wallets"]["nodes"] == [{"name": "Ada Lovelace vault"}]
    assert codes(await caller.ask("{ holds { nodes { id } } }")) == ["FORBIDDEN"]


async def test_others_are_like_none_at_either_end(graph: Graph) -> None:
    """Money neither comes from another's wallet nor goes there, and the answer is that to an id of nothing."""
    caller, world, own = await mine(graph)
    other = next(each["id"] for each in world.all["wallets"] if each["id"] not in world.mine)
    for mutation, field in (("creditWallet", "sources"), ("debitWallet", "destination")):
        errors = []
        for number, id in enumerate((other, absent(other))):
            end: Any = {"wallet": {"walletId": id}}
            given = {**own.inputs()[mutation], field: [end] if field == "sources" else end}
            answer = await caller.data(document(mutation), input={**given, "idempotencyKey": f"{mutation}-{number}"})
            errors.append(answer[mutation]["userErrors"])
        assert errors[0] == errors[1]
        assert [error["code"] for error in errors[0]] == ["NOT_FOUND"]
    assert await written(graph) == []


async def test_money_neither_comes_from_nowhere_nor_leaves(graph: Graph) -> None:
    """Accounts of the ledger, and what is outside of it, are the organisation's. So are holds that are meant for it."""
    caller, _, own = await mine(graph)
    world_account = {"ledgerAccount": "world"}
    for mutation, change, code in (
        ("creditWallet", {"sources": None}, "INVALID"),
        ("creditWallet", {"sources": [world_account]}, "FORBIDDEN"),
        ("debitWallet", {"destination": None}, "INVALID"),
        ("debitWallet", {"destination": {"ledgerAccount": "merchants:books"}}, "FORBIDDEN"),
        ("confirmHold", {"holdId": own.shared_hold}, "FORBIDDEN"),
        ("voidHold", {"holdId": own.shared_hold}, "FORBIDDEN"),
        ("createWallet", {"metadata": None}, "INVALID"),
        ("createWallet", {"metadata": {"customer_id": "cus_0002"}}, "NOT_FOUND"),
        ("updateWallet", {"metadata": {"customer_id": "cus_0002"}}, "NOT_FOUND"),
    ):
        given = {**own.inputs()[mutation], **change, "idempotencyKey": f"{mutation}{change}"}
        payload = (await caller.data(document(mutation), input=given))[mutation]
        assert [error["code"] for error in payload["userErrors"]] == [code], (mutation, change)
    assert await written(graph) == []


async def test_their_own_money_is_theirs_to_move(graph: Graph) -> None:
    caller, world, own = await mine(graph)
    vault = next(each["id"] for each in world.all["wallets"] if each["name"] == "Ada Lovelace vault")
    daily = next(each["id"] for each in world.all["wallets"] if each["name"] == "Ada Lovelace")
    given = {"walletId": vault, "money": MONEY, "sources": [{"wallet": {"walletId": daily}}]}
    assert (await caller.data(document("creditWallet"), input={**given, "idempotencyKey": "a"}))["creditWallet"][
        "userErrors"
    ] == []
    taken = await caller.data(document("confirmHold"), input={"holdId": own.hold, "idempotencyKey": "b"})

    assert taken["confirmHold"]["userErrors"] == []
    assert len(await written(graph)) == 2


async def test_a_stored_link_outweighs_what_a_wallet_says(graph: Graph, tmp_path: Path) -> None:
    """For the list, for the wallet, for its parts and for its accounts in the ledger."""
    native = wallet_id(customers(2)[1])
    with sqlite3.connect(tmp_path / "directory.sqlite3") as database:
        given = {"provider": "formance", "kind": "wallet", "external_id": native, "customer_id": "cus_0001"}
        columns = [row[1] for row in database.execute("PRAGMA table_info(links)")]
        row = database.execute("SELECT * FROM links LIMIT 1").fetchone()
        values = [given.get(name, old) for name, old in zip(columns, row, strict=True)]
        database.execute(f"INSERT INTO links VALUES ({','.join('?' * len(columns))})", values)
    query = """query ($id: ID!) { wallet(id: $id) { customer { id } balances { id } holds(first: 5) { nodes { id } }
      ledgerAccounts { id customer { id } } } }"""
    world = await everything(graph)
    wallet = next(each["id"] for each in world["wallets"] if each["providerId"] == native)
    told = (await bound(graph, 0).data(query, id=wallet))["wallet"]
    parts = [each["id"] for part in (told["balances"], told["holds"]["nodes"], told["ledgerAccounts"]) for each in part]
    nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"

    assert told["customer"] == {"id": person(0)}
    assert {each["customer"]["id"] for each in told["ledgerAccounts"]} == {person(0)}
    assert (await bound(graph, 0).data(nodes, ids=parts))["nodes"] == [{"id": id} for id in parts]
    assert (await bound(graph, 1).data(nodes, ids=parts))["nodes"] == [None] * len(parts)
    assert (await bound(graph, 1).data(query, id=wallet))["wallet"] is None
    assert (await bound(graph, 1).data(WALLETS))["wallets"]["nodes"] == []
    assert wallet in {each["id"] for each in (await bound(graph, 0).data(WALLETS))["wallets"]["nodes"]}


async def test_whose_it_is_that_cannot_be_told_is_not_shown(graph: Graph) -> None:
    """The failure is told in its place."""
    hold = next(each["id"] for each in (await everything(graph))["holds"])
    await graph.fault("formance", "/api/wallets/wallets/*", status=503, times=100)
    answer = await bound(graph, 0).ask("query ($id: ID!) { hold(id: $id) { description } }", id=hold)

    assert answer.data == {"hold": None}
    assert codes(answer) == ["UPSTREAM_UNAVAILABLE"]


async def test_an_account_of_another_ledger_is_not_a_wallets_whatever_its_name(graph: Graph) -> None:
    """Whoever may write to ledgers can open one, and give its accounts the addresses of wallets."""
    address = f"wallets:{wallet_id(customers(1)[0]).replace('-', '')}:main"
    forged, real = [
        ids.encode(Ref(NodeType.LEDGER_ACCOUNT, (ledger, address), Provider.FORMANCE))
        for ledger in ("wallets-forged", "wallets-002")
    ]
    await graph.fault(
        "formance",
        "/api/ledger/v2/wallets-forged/accounts*",
        times=9,
        status=200,
        body=f'{{"data":{{"address":"{address}","metadata":{{}},"volumes":{{}}}}}}',
    )
    query = "query ($id: ID!) { node(id: $id) { ... on LedgerAccount { address } } }"

    assert (await graph.data(query, id=forged))["node"] == {"address": address}
    assert (await bound(graph, 0).data(query, id=forged))["node"] is None
    assert (await bound(graph, 0).data(query, id=real))["node"] == {"address": address}
