"""The same graph by servers of every generation, and what old ones cannot tell."""

from typing import Any

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.ledgers.asking import (
    MAIN,
    account_id,
    codes,
    ledger_id,
    of_main,
    person,
    transaction_id,
)

BY_EVERY_SERVER = """
query ($main: ID!, $wallet: ID!, $nobody: ID!, $audit: ID!) {
  ledger(id: $main) {
    name
    statistics { accountCount transactionCount }
    accountCount(filter: {address: "customers::wallet"})
    transactionCount(filter: {account: "fees"})
    accounts(filter: {address: "customers:cus_0001:"}) {
      nodes { address metadata volumes { asset balance { amount } } customer { name } }
    }
    transactions(filter: {reference: "opening-cus_0001"}) {
      nodes { postings { sourceAddress destinationAddress money { amount asset } } metadata timestamp }
    }
    aggregatedBalances(address: "customers::wallet") { asset amount }
  }
  ledgerAccount(id: $wallet) { address volumes { asset input { amount } output { amount } balance { amount } } }
  nobody: ledgerAccount(id: $nobody) { address }
  audit: ledger(id: $audit) { name transactions { nodes { number } } }
}
"""


async def _by(start: Start, generation: str) -> Any:
    async with start(SANDBOX_LEDGER=generation) as graph:
        data = await graph.data(
            BY_EVERY_SERVER,
            main=MAIN,
            wallet=account_id(person(1)),
            nobody=account_id("nobody:here"),
            audit=ledger_id("audit"),
        )
    data["ledger"]["accounts"]["nodes"].sort(key=lambda node: node["address"])
    return data


async def test_servers_of_all_generations_give_the_same_graph(start: Start) -> None:
    newest = await _by(start, "v2.4")

    assert newest["ledger"]["accounts"]["nodes"][1]["customer"] == {"name": "Ada Lovelace"}
    assert newest["nobody"] is None
    assert await _by(start, "v2.1") == newest
    assert await _by(start, "v1") == newest


async def test_what_an_old_server_cannot_tell_is_null(old: Graph) -> None:
    data = (await of_main(old, "name bucket addedAt metadata mapping { address }")).data["ledger"]

    assert data == {"name": "main", "bucket": None, "addedAt": None, "metadata": None, "mapping": []}


@pytest.mark.parametrize(
    "selection",
    [
        'accounts(at: "2026-06-01T00:00:00Z") { nodes { address } }',
        'accounts(filter: {asset: "USD/2", balanceFrom: "1"}) { nodes { address } }',
        'accounts(filter: {balanceFrom: "1", balanceBelow: "9"}) { nodes { address } }',
        "transactions(filter: {isReverted: true}) { nodes { number } }",
        'transactionCount(at: "2026-06-01T00:00:00Z")',
        'aggregatedBalances(at: "2026-06-01T00:00:00Z") { amount }',
        "volumes(groupBy: 1) { nodes { address } }",
    ],
)
async def test_what_an_old_server_cannot_look_for_is_said_to_be_so(old: Graph, selection: str) -> None:
    """And nothing else is asked instead."""
    answer = await of_main(old, selection)

    assert codes(answer) == ["UNSUPPORTED"]
    assert set(answer.by_operation()) <= {"get_info"}


async def test_the_rules_are_unsupported_since_the_second_generation(newest: Graph) -> None:
    answer = await of_main(newest, "name mapping { address }")

    assert codes(answer) == ["UNSUPPORTED"]
    assert answer.data["ledger"] == {"name": "main", "mapping": None}


async def test_an_old_server_makes_no_ledger_that_somebody_asks_for(old: Graph) -> None:
    """Its routes make each ledger that they are asked about."""
    data = await old.data(
        "query ($a: ID!, $t: ID!, $l: ID!) { ledger(id: $l) { name } ledgerAccount(id: $a) { address } "
        "ledgerTransaction(id: $t) { number } }",
        a=account_id("x", "invented"),
        t=transaction_id(1, "invented"),
        l=ledger_id("invented"),
    )

    assert set(data.values()) == {None}
    assert [node["name"] for node in (await old.data("{ ledgers { nodes { name } } }"))["ledgers"]["nodes"]] == [
        "audit",
        "main",
        "orchestration-000-internal",
        "wallets-002",
    ]


async def test_a_pattern_is_no_address(any_graph: Graph) -> None:
    """It would find other accounts. Nothing is asked."""
    for address in ("users:", "a b", "", "a::b", "..", "x" * 70 + "/y"):
        answer = await any_graph.ask("query ($id: ID!) { ledgerAccount(id: $id) { address } }", id=account_id(address))

        assert (answer.data, answer.errors, answer.reads) == ({"ledgerAccount": None}, [], []), address


async def test_only_a_number_names_a_transaction(any_graph: Graph) -> None:
    for number in ("01", "-1", "1.0", "x", ""):
        answer = await any_graph.ask(
            "query ($id: ID!) { ledgerTransaction(id: $id) { number } }", id=transaction_id(number)
        )

        assert (answer.data, answer.errors, answer.reads) == ({"ledgerTransaction": None}, [], []), number
