"""How few calls answer what is asked of ledgers."""

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.ledgers.asking import (
    GENERATIONS,
    account_id,
    addresses,
    of_main,
    person,
    transaction_id,
)

LATEST = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on LedgerAccount {
      address
      volumes { asset balance { minorUnits } }
      transactions(first: 2) { nodes { number postings { sourceAddress destinationAddress } } }
    }
  }
}
"""


async def test_a_hundred_accounts_with_volumes_and_latest_transactions_take_three_calls(newest: Graph) -> None:
    found = [each for each in await addresses(newest, 100) if each.startswith("customers:")]

    answer = await newest.ask(LATEST, ids=[account_id(each) for each in found])

    assert len(found) == 100
    assert answer.errors == []
    assert answer.by_operation() == {"v2_list_accounts": 1, "v2_list_transactions": 2}
    for node in answer.data["nodes"]:
        assert node["volumes"]
        assert len(node["transactions"]["nodes"]) == 2
        for transaction in node["transactions"]["nodes"]:
            ends = [end for posting in transaction["postings"] for end in posting.values()]
            assert node["address"] in ends


async def test_older_servers_take_a_few_pages_more(start: Start) -> None:
    """They cannot leave busy accounts out amid a list."""
    async with start(SANDBOX_LEDGER="v2.1", SANDBOX_CUSTOMERS="70") as graph:
        found = await addresses(graph, 100)
        answer = await graph.ask(LATEST, ids=[account_id(each) for each in found])

    assert answer.errors == []
    assert answer.by_operation() == {"v2_list_accounts": 1, "v2_list_transactions": 4}


@pytest.mark.parametrize("size", [1, 3, 20])
async def test_what_accounts_share_is_what_each_has_by_itself(second: Graph, size: int) -> None:
    found = [*(await addresses(second, 100))[::9], "fees", "world"]
    query = "{ nodes { number } pageInfo { hasNextPage } }"
    wanted = f"transactions(first: {size}) {query}"
    document = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on LedgerAccount {{ {wanted} }} }} }}"
    together = await second.data(document, ids=[account_id(each) for each in found])

    for address, node in zip(found, together["nodes"], strict=True):
        selection = f'transactions(first: {size}, filter: {{account: "{address}"}}) {query}'
        alone = (await of_main(second, selection)).data["ledger"]
        assert node["transactions"]["nodes"] == alone["transactions"]["nodes"], address
        assert node["transactions"]["pageInfo"]["hasNextPage"] >= alone["transactions"]["pageInfo"]["hasNextPage"], (
            address
        )


async def test_an_accounts_transactions_can_be_read_to_the_end(any_graph: Graph) -> None:
    """From the first page, which many accounts share, as from a page of its own."""
    document = """
    query ($ids: [ID!]!, $after: String) {
      nodes(ids: $ids) {
        ... on LedgerAccount {
          transactions(first: 20, after: $after) { nodes { number } pageInfo { hasNextPage endCursor } }
        }
      }
    }"""
    first = await any_graph.data(document, ids=[account_id("fees"), account_id("world"), account_id(person(1))])
    page, numbers = first["nodes"][0]["transactions"], []
    while True:
        numbers += [int(node["number"]) for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        more = await any_graph.data(document, ids=[account_id("fees")], after=page["pageInfo"]["endCursor"])
        page = more["nodes"][0]["transactions"]

    count = await of_main(any_graph, 'transactionCount(filter: {account: "fees"})')
    assert numbers == sorted(set(numbers), reverse=True)
    assert len(numbers) == int(count.data["ledger"]["transactionCount"]) > 100


async def test_a_transactions_accounts_and_ledger_come_by_one_call_each(newest: Graph) -> None:
    answer = await of_main(
        newest,
        "transactions(first: 100) { nodes { ledger { name } postings { source { address } "
        "destination { address } } } }",
    )

    assert answer.errors == []
    assert answer.by_operation() == {"v2_get_ledger": 1, "v2_list_transactions": 1, "v2_list_accounts": 1}


async def test_accounts_that_came_in_a_list_are_not_asked_for_again(second: Graph) -> None:
    answer = await of_main(
        second,
        'accounts(filter: {address: "customers:cus_0001:"}) { nodes { address transactions(first: 3) '
        "{ nodes { postings { source { address } } } } } }",
    )

    nodes = answer.data["ledger"]["accounts"]["nodes"]
    assert {node["address"] for node in nodes} == {person(1), person(1, "savings")}
    assert all(
        posting["source"] == {"address": person(1)}
        for node in nodes
        for transaction in node["transactions"]["nodes"]
        for posting in transaction["postings"]
        if posting["source"]["address"].startswith("customers")
    )
    asked = [call["path"] for call in await second.calls() if "cus_0001" in call["query"] + call["path"]]
    assert [path.rpartition("/")[2] for path in asked] == ["accounts", "transactions"]


async def test_transactions_by_number_come_together_where_servers_can(second: Graph) -> None:
    numbers = [str(number) for number in range(1, 41)]

    answer = await second.ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on LedgerTransaction { number } } }",
        ids=[transaction_id(each) for each in numbers],
    )

    is_newest = "v2_list_transactions" in answer.by_operation()
    assert [node["number"] for node in answer.data["nodes"]] == numbers
    assert answer.by_operation() == ({"v2_list_transactions": 1} if is_newest else {"v2_get_transaction": 40})


async def test_a_long_filter_goes_as_a_body(start: Start) -> None:
    """Older servers have no list operator: a hundred addresses would be too long for an address."""
    async with start(SANDBOX_LEDGER="v2.1", SANDBOX_CUSTOMERS="70") as graph:
        found = await addresses(graph, 100)
        await graph.forget_calls()
        answer = await graph.ask(
            "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on LedgerAccount { address } } }",
            ids=[account_id(each) for each in found],
        )
        [call] = [call for call in await graph.calls() if call["path"].endswith("/accounts")]

    assert [node["address"] for node in answer.data["nodes"]] == found
    assert call["status"] == 200
    assert "query=" not in call["query"]


async def test_the_servers_are_asked_once_for_their_version(start: Start) -> None:
    async with start() as graph:
        first = await graph.ask("{ ledgers { nodes { name } } ledgerServer { api version } }")
        second = await graph.ask("{ ledgers { nodes { name } } }")

    assert first.data["ledgerServer"]["api"] == "v2.4"
    assert [call["operation"] for call in first.calls].count("get_info") == 1
    assert [call["operation"] for call in second.calls] == ["v2_list_ledgers"]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_the_generation_can_be_set(start: Start, generation: str) -> None:
    """Of the sandbox; it is asked for, as of any server."""
    async with start(SANDBOX_LEDGER=generation) as graph:
        assert (await graph.data("{ ledgerServer { api } }"))["ledgerServer"] == {"api": generation}


LEDGERS = {"main", "audit", "wallets-002", "orchestration-000-internal"}
"""That a stack has."""


async def test_a_page_of_ledgers_leads_to_the_next(newest: Graph) -> None:
    document = (
        "query ($after: String) { ledgers(first: 1, after: $after) "
        "{ nodes { name } pageInfo { endCursor hasNextPage } } }"
    )
    pages, after = [], None
    for _ in LEDGERS:
        pages.append((await newest.data(document, after=after))["ledgers"])
        after = pages[-1]["pageInfo"]["endCursor"]

    assert [page["pageInfo"]["hasNextPage"] for page in pages] == [True, True, True, False]
    assert {page["nodes"][0]["name"] for page in pages} == LEDGERS


async def test_made_up_ledgers_take_no_call_each(second: Graph) -> None:
    """Which there are is looked up once where many are named."""
    made_up = [account_id("fees", f"made-up-{number}") for number in range(98)]
    transactions = [transaction_id(1, f"made-up-{number}") for number in range(98)]
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on LedgerAccount { address } __typename } }"

    accounts = await second.ask(document, ids=[account_id("fees"), *made_up, account_id("world")])
    others = await second.ask(document, ids=[transaction_id(1), *transactions])

    assert [node is None for node in accounts.data["nodes"]] == [False, *[True] * 98, False]
    assert [node is None for node in others.data["nodes"]] == [False, *[True] * 98]
    assert accounts.by_operation() == {"v2_list_ledgers": 1, "v2_list_accounts": 1}
    assert others.by_operation() == {"v2_list_ledgers": 1, "v2_get_transaction": 1}
