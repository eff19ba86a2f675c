"""What a caller who is bound to customers sees of ledgers: their accounts, and what touched these."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from resolvers.caller import Scope
from schema import schema
from tests.access.callers import bound, lacking
from tests.conftest import Graph
from tests.resolvers.asking import codes, person

MAIN = ids.encode(Ref(NodeType.LEDGER, ("main",), Provider.FORMANCE))
ACCOUNTS = "query($id: ID!) { customer(id: $id) { ledgerAccounts { nodes { id address } } } }"
TRANSACTION = """
query($id: ID!) {
  ledgerTransaction(id: $id) {
    number ledger { name }
    postings {
      source { address } destination { address } sourceAddress destinationAddress money { amount }
    }
    volumesBefore { address } volumesAfter { address account { address } volumes { balance { amount } } }
  }
}
"""
ORGANISATIONS = {
    "accounts": "{ nodes { id } }",
    "transactions": "{ nodes { id } }",
    "logs": "{ nodes { data } }",
    "volumes": "{ nodes { address } }",
    "statistics": "{ accountCount }",
    "aggregatedBalances": "{ amount }",
    "accountCount": "",
    "transactionCount": "",
    "migrations": "{ version }",
    "mapping": "{ address }",
    "exportedLogs": "{ lines }",
}


def account_id(address: str) -> str:
    return ids.encode(Ref(NodeType.LEDGER_ACCOUNT, ("main", address), Provider.FORMANCE))


async def transaction(graph: Graph, where: str) -> dict[str, Any]:
    """The newest transaction that a filter finds, as one sees it who may see all."""
    query = (
        f"query($id: ID!) {{ ledger(id: $id) {{ transactions(first: 1, filter: {{{where}}}) "
        "{ nodes { id postings { sourceAddress destinationAddress } } } } }"
    )
    [found] = (await graph.data(query, id=MAIN))["ledger"]["transactions"]["nodes"]
    return dict(found)


async def test_the_accounts_of_their_customers_are_theirs(graph: Graph) -> None:
    data = await bound(graph, 0).data(ACCOUNTS, id=person(0))

    assert [node["address"] for node in data["customer"]["ledgerAccounts"]["nodes"]] == [
        "customers:cus_0001:savings",
        "customers:cus_0001:wallet",
    ]


@pytest.mark.parametrize("address", ["customers:cus_0002:wallet", "merchants:books", "fees", "world", "nobody:here"])
async def test_others_accounts_and_nobodys_look_like_none(graph: Graph, address: str) -> None:
    answer = await bound(graph, 0).ask(
        "query($id: ID!) { ledgerAccount(id: $id) { address } node(id: $id) { id } }", id=account_id(address)
    )

    assert (answer.data, answer.errors) == ({"ledgerAccount": None, "node": None}, [])


async def test_of_a_transaction_they_see_what_touched_an_account_of_theirs(graph: Graph) -> None:
    """A purchase has a second posting, between the merchant and the fees."""
    found = await transaction(graph, 'source: "customers:cus_0001:wallet", destination: "merchants:"')
    assert len(found["postings"]) == 2
    shop = found["postings"][0]["destinationAddress"]

    whole = (await graph.data(TRANSACTION, id=found["id"]))["ledgerTransaction"]
    answer = await bound(graph, 0).ask(TRANSACTION, id=found["id"])

    seen = answer.data["ledgerTransaction"]
    assert answer.errors == []
    assert seen["number"] == whole["number"]
    assert seen["ledger"] is None
    assert seen["postings"] == [
        {
            "source": {"address": "customers:cus_0001:wallet"},
            "destination": None,
            "sourceAddress": "customers:cus_0001:wallet",
            "destinationAddress": None,
            "money": whole["postings"][0]["money"],
        }
    ]
    for name in ("volumesBefore", "volumesAfter"):
        assert {each["address"] for each in whole[name]} == {"customers:cus_0001:wallet", shop, "fees"}
        assert [each["address"] for each in seen[name]] == ["customers:cus_0001:wallet"]
    assert shop not in answer.response.text


async def test_anothers_transaction_looks_like_none(graph: Graph) -> None:
    found = await transaction(graph, 'source: "customers:cus_0002:wallet", destination: "merchants:"')

    answer = await bound(graph, 0).ask(TRANSACTION, id=found["id"])

    assert (answer.data, answer.errors) == ({"ledgerTransaction": None}, [])


async def test_an_accounts_transactions_show_no_others(graph: Graph) -> None:
    document = """
    query($id: ID!) {
      ledgerAccount(id: $id) {
        transactions(first: 50) { nodes { postings { sourceAddress destinationAddress source { address } } } }
      }
    }"""
    answer = await bound(graph, 0).ask(document, id=account_id("customers:cus_0001:wallet"))

    nodes = answer.data["ledgerAccount"]["transactions"]["nodes"]
    assert len(nodes) > 5
    shown = {end for node in nodes for posting in node["postings"] for end in list(posting.values())[:2]}
    assert shown == {"customers:cus_0001:wallet", "customers:cus_0001:savings", None}


async def test_whose_accounts_cannot_be_told_are_not_shown(graph: Graph) -> None:
    """The failure is said, and only what hangs on it is null."""
    found = await transaction(graph, 'source: "customers:cus_0001:wallet", destination: "merchants:"')
    await graph.fault("formance", "/api/ledger/v2/main/accounts", status=503, times=20)

    answer = await bound(graph, 0).ask(TRANSACTION, id=found["id"])

    assert answer.data == {"ledgerTransaction": None}
    assert codes(answer) == ["UPSTREAM_UNAVAILABLE"]


async def payments_of(graph: Graph, index: int) -> Any:
    document = (
        "query($id: ID!) { customer(id: $id) { payments(first: 100) { nodes { ledgerTransactions { number } } } } }"
    )
    payments = (await graph.data(document, id=person(index)))["customer"]["payments"]
    return payments["nodes"] if payments else ()


async def test_payments_lead_to_transactions_of_theirs_alone(graph: Graph) -> None:
    """The seeded payments' transactions are between accounts of the platform."""
    found = {}
    for caller in (graph, bound(graph, *range(22))):
        nodes = [node for index in range(22) for node in await payments_of(caller, index)]
        found[caller] = sum(len(node["ledgerTransactions"]) for node in nodes)

    assert next(iter(found.values())) > 0
    assert list(found.values())[1] == 0


async def test_a_ledger_as_a_whole_is_the_organisations(graph: Graph) -> None:
    """Its node looks like none, and each of its fields would refuse."""
    selection = " ".join(f"{field} {below}" for field, below in ORGANISATIONS.items())
    answer = await bound(graph, 0).ask(f"query($id: ID!) {{ ledger(id: $id) {{ name {selection} }} }}", id=MAIN)

    assert (answer.data, answer.errors, answer.reads) == ({"ledger": None}, [], [])
    fields = {
        schema.config.name_converter.get_graphql_name(each): each
        for each in schema.get_type_by_name("Ledger").fields  # type: ignore[union-attr]
    }
    assert {name for name, each in fields.items() if "needs" in each.metadata} == set(ORGANISATIONS)


async def test_the_list_of_ledgers_is_the_organisations(graph: Graph) -> None:
    answer = await bound(graph, 0).ask("{ ledgers { nodes { name } } ledgerServer { version } }")

    assert answer.data == {"ledgers": None, "ledgerServer": None}
    assert codes(answer) == ["FORBIDDEN", "FORBIDDEN"]
    assert answer.reads == []


async def test_it_takes_the_scope(graph: Graph) -> None:
    document = (
        "query($id: ID!, $main: ID!, $account: ID!) { ledger(id: $main) { name } ledgerAccount(id: $account) "
        "{ address } ledgers { nodes { name } } customer(id: $id) { name ledgerAccounts { nodes { id } } "
        "ledgerTotals { accountCount } } }"
    )
    answer = await lacking(graph, Scope.LEDGER_READ).ask(document, id=person(0), main=MAIN, account=account_id("fees"))

    assert codes(answer) == ["FORBIDDEN"] * 5
    assert answer.data["customer"]["name"] == "Ada Lovelace"
    assert answer.reads == []


def link(directory: Path, address: str, customer: str) -> None:
    """Store that an account of a ledger is a customer's."""
    given = {
        "provider": "formance",
        "kind": "ledger_account",
        "external_id": f"main/{address}",
        "customer_id": customer,
    }
    with sqlite3.connect(directory / "directory.sqlite3") as database:
        database.row_factory = sqlite3.Row
        row = {**dict(database.execute("SELECT * FROM links LIMIT 1").fetchone()), **given}
        database.execute(f"INSERT INTO links VALUES ({','.join('?' * len(row))})", list(row.values()))


async def test_a_stored_link_gives_an_account_and_outweighs_what_it_says(graph: Graph, tmp_path: Path) -> None:
    link(tmp_path, "merchants:books", "cus_0001")
    link(tmp_path, "customers:cus_0002:wallet", "cus_0001")
    first, second = bound(graph, 0), bound(graph, 1)

    found = {
        index: [node["address"] for node in data["customer"]["ledgerAccounts"]["nodes"]]
        for index, caller in enumerate((first, second))
        for data in [await caller.data(ACCOUNTS, id=person(index))]
    }
    assert found == {
        0: [
            "customers:cus_0001:savings",
            "customers:cus_0001:wallet",
            "customers:cus_0002:wallet",
            "merchants:books",
        ],
        1: ["customers:cus_0002:savings"],
    }
    owner = "query($id: ID!) { ledgerAccount(id: $id) { address customer { id } } }"
    for address in ("merchants:books", "customers:cus_0002:wallet"):
        shown = (await first.data(owner, id=account_id(address)))["ledgerAccount"]
        assert shown == {"address": address, "customer": {"id": person(0)}}
        assert (await second.data(owner, id=account_id(address)))["ledgerAccount"] is None
    links = await graph.data("query($id: ID!) { customer(id: $id) { links { kind externalId } } }", id=person(0))
    assert {"kind": "LEDGER_ACCOUNT", "externalId": "main/merchants:books"} in links["customer"]["links"]
