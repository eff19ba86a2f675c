"""Ledgers in the graph: the fewest calls, exact amounts, the same by servers of every generation."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from providers.domain import NodeType, Provider, Ref
from providers.formance.sandbox.ledger.seed import HUGE
from resolvers import ids
from tests.conftest import Answer, Graph, Start

GENERATIONS = ("v1", "v2.1", "v2.4")
SECOND = ("v2.1", "v2.4")


@pytest.fixture(params=GENERATIONS)
async def any_graph(start: Start, request: pytest.FixtureRequest) -> AsyncIterator[Graph]:
    """Over each generation of ledger servers, whose version is known."""
    async with start(SANDBOX_LEDGER=request.param) as graph:
        await graph.data("{ ledgerServer { api } }")
        yield graph


@pytest.fixture(params=SECOND)
async def second(start: Start, request: pytest.FixtureRequest) -> AsyncIterator[Graph]:
    """Over servers of the second API, with a hundred accounts and more."""
    async with start(SANDBOX_LEDGER=request.param, SANDBOX_CUSTOMERS="70") as graph:
        await graph.data("{ ledgerServer { api } }")
        yield graph


@pytest.fixture
async def newest(start: Start) -> AsyncIterator[Graph]:
    """Over the newest server."""
    async with start(SANDBOX_CUSTOMERS="70") as graph:
        await graph.data("{ ledgerServer { api } }")
        yield graph


@pytest.fixture
async def old(start: Start) -> AsyncIterator[Graph]:
    """Over a server of the first generation."""
    async with start(SANDBOX_LEDGER="v1") as graph:
        await graph.data("{ ledgerServer { api } }")
        yield graph


def ledger_id(name: str) -> str:
    return ids.encode(Ref(NodeType.LEDGER, (name,), Provider.FORMANCE))


def account_id(address: str, ledger: str = "main") -> str:
    return ids.encode(Ref(NodeType.LEDGER_ACCOUNT, (ledger, address), Provider.FORMANCE))


def transaction_id(number: int | str, ledger: str = "main") -> str:
    return ids.encode(Ref(NodeType.LEDGER_TRANSACTION, (ledger, str(number)), Provider.FORMANCE))


MAIN = ledger_id("main")


def person(number: int, purpose: str = "wallet") -> str:
    return f"customers:cus_{number:04d}:{purpose}"


async def of_main(graph: Graph, selection: str) -> Answer:
    return await graph.ask(f"query ($id: ID!) {{ ledger(id: $id) {{ {selection} }} }}", id=MAIN)


async def addresses(graph: Graph, count: int) -> list[str]:
    answer = await of_main(graph, f"accounts(first: {count}) {{ nodes {{ address }} }}")
    return [node["address"] for node in answer.data["ledger"]["accounts"]["nodes"]]


def codes(answer: Answer) -> list[str]:
    return [error["extensions"]["code"] for error in answer.errors]


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


HUGE_AMOUNTS = """
query ($vault: ID!, $main: ID!) {
  ledgerAccount(id: $vault) {
    volumes { asset input { amount minorUnits } }
    transactions(first: 100) {
      nodes {
        reference
        postings { money { minorUnits } }
        volumesAfter { address volumes { input { minorUnits } } }
      }
    }
  }
  ledger(id: $main) {
    aggregatedBalances(address: "treasury:") { asset minorUnits }
    volumes(address: "treasury:vault") { nodes { volumes { input { minorUnits } balance { minorUnits } } } }
    accounts(filter: {address: "treasury:vault"}) { nodes { volumes { balance { minorUnits } } } }
    logs(first: 100) { nodes { data } }
  }
}
"""


async def test_forty_digits_survive_everywhere(any_graph: Graph) -> None:
    answer = await any_graph.ask(HUGE_AMOUNTS, vault=account_id("treasury:vault"), main=MAIN)

    assert answer.errors == []
    account, ledger = answer.data["ledgerAccount"], answer.data["ledger"]
    [volumes] = account["volumes"]
    assert volumes["asset"] == "ETH/18"
    assert volumes["input"] == {"amount": f"{HUGE // 10**18}.{HUGE % 10**18:018d}", "minorUnits": str(HUGE)}
    funding = next(each for each in account["transactions"]["nodes"] if each["reference"] == "treasury-funding")
    assert funding["postings"] == [{"money": {"minorUnits": str(HUGE)}}]
    after = {each["address"]: each["volumes"][0]["input"]["minorUnits"] for each in funding["volumesAfter"]}
    assert after["treasury:vault"] == str(HUGE)
    left = HUGE - sum(
        int(each["postings"][0]["money"]["minorUnits"])
        for each in account["transactions"]["nodes"]
        if each["reference"] != "treasury-funding"
    )
    assert ledger["aggregatedBalances"] == [{"asset": "ETH/18", "minorUnits": str(left)}]
    assert ledger["volumes"]["nodes"][0]["volumes"]["balance"] == {"minorUnits": str(left)}
    assert ledger["accounts"]["nodes"] == [{"volumes": [{"balance": {"minorUnits": str(left)}}]}]


async def test_a_logs_data_keep_every_digit(any_graph: Graph) -> None:
    """They are passed on byte for byte."""
    found, after = "", None
    while str(HUGE) not in found:
        response = await any_graph.client.post(
            "/graphql",
            json={
                "query": "query ($id: ID!, $after: String) { ledger(id: $id) { logs(first: 100, after: $after) "
                "{ nodes { data } pageInfo { endCursor hasNextPage } } } }",
                "variables": {"id": MAIN, "after": after},
            },
        )
        found, page = response.text, response.json()["data"]["ledger"]["logs"]["pageInfo"]
        after = page["endCursor"]
        assert page["hasNextPage"] or str(HUGE) in found

    assert f'"amount":{HUGE}' in found


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
    ]


@pytest.mark.parametrize("address", ["users:", "a b", "", "a::b", "..", "x" * 70 + "/y"])
async def test_a_pattern_is_no_address(any_graph: Graph, address: str) -> None:
    """It would find other accounts. Nothing is asked."""
    answer = await any_graph.ask("query ($id: ID!) { ledgerAccount(id: $id) { address } }", id=account_id(address))

    assert answer.data == {"ledgerAccount": None}
    assert answer.errors == []
    assert answer.reads == []


@pytest.mark.parametrize("number", ["01", "-1", "1.0", "x", ""])
async def test_only_a_number_names_a_transaction(any_graph: Graph, number: str) -> None:
    answer = await any_graph.ask(
        "query ($id: ID!) { ledgerTransaction(id: $id) { number } }", id=transaction_id(number)
    )

    assert (answer.data, answer.errors, answer.reads) == ({"ledgerTransaction": None}, [], [])


async def test_balances_of_the_past(second: Graph) -> None:
    """All accounts that are asked about one time come by one call."""
    document = """
    query ($ids: [ID!]!) {
      nodes(ids: $ids) {
        ... on LedgerAccount {
          address
          before: balances(at: "2020-01-01T00:00:00Z") { asset }
          then: balances(at: "2026-03-01T00:00:00Z") { asset balance { minorUnits } }
          effective: balances(at: "2026-03-01T00:00:00Z", isEffective: true) { asset balance { minorUnits } }
          volumes { asset balance { minorUnits } }
        }
      }
    }"""
    answer = await second.ask(document, ids=[account_id(person(number)) for number in range(1, 7)])

    assert answer.errors == []
    assert answer.by_operation() == {"v2_list_accounts": 4}
    known = [node for node in answer.data["nodes"] if node is not None]
    assert len(known) > 2
    for node in known:
        assert node["before"] == []
        assert node["then"]
        assert node["then"] == node["effective"]
    assert any(node["then"] != node["volumes"] for node in known)


async def test_accounts_of_the_past_say_so(second: Graph) -> None:
    selection = 'accounts(first: 1, at: "2026-03-01T00:00:00Z") { nodes { asOf } }'

    assert (await of_main(second, selection)).data["ledger"]["accounts"]["nodes"] == [{"asOf": "2026-03-01T00:00:00Z"}]


async def test_the_present_of_an_account_of_the_past(second: Graph) -> None:
    """Its volumes are those of the time, its balances without a time those of now."""
    selection = """
    accounts(first: 1, at: "2026-03-01T00:00:00Z", filter: {address: "customers:cus_0001:wallet"}) {
      nodes { volumes { balance { amount } } balances { balance { amount } } }
    }
    now: accounts(first: 1, filter: {address: "customers:cus_0001:wallet"}) { nodes { volumes { balance { amount } } } }
    """
    data = (await of_main(second, selection)).data["ledger"]

    [past], [now] = data["accounts"]["nodes"], data["now"]["nodes"]
    assert past["balances"] == now["volumes"]
    assert past["volumes"] != now["volumes"]


async def test_filters_choose(second: Graph) -> None:
    """Each narrows the list, and counts as it lists."""
    selection = """
    rich: accounts(first: 100, filter: {address: "customers::wallet", asset: "USD/2", balanceFrom: "600000"}) {
      nodes { volumes { asset balance { minorUnits } } }
    }
    savers: accounts(first: 100, filter: {metadata: [{key: "purpose", value: "savings"}]}) { nodes { address } }
    saversCount: accountCount(filter: {metadata: [{key: "purpose", value: "savings"}]})
    reverted: transactions(first: 100, filter: {isReverted: true}) { nodes { isReverted } }
    revertedCount: transactionCount(filter: {isReverted: true})
    march: transactions(first: 100, filter: {since: "2026-03-01T00:00:00Z", until: "2026-04-01T00:00:00Z"}) {
      nodes { timestamp }
    }
    shopped: transactions(first: 100, filter: {source: "customers::wallet", destination: "merchants:books"}) {
      nodes { postings { sourceAddress destinationAddress } }
    }
    """
    found = (await of_main(second, selection)).data["ledger"]

    assert 0 < len(found["rich"]["nodes"]) < 50
    for node in found["rich"]["nodes"]:
        assert any(v["asset"] == "USD/2" and int(v["balance"]["minorUnits"]) >= 600_000 for v in node["volumes"])
    assert {node["address"].split(":")[2] for node in found["savers"]["nodes"]} == {"savings"}
    assert len(found["savers"]["nodes"]) == int(found["saversCount"])
    assert {node["isReverted"] for node in found["reverted"]["nodes"]} == {True}
    assert len(found["reverted"]["nodes"]) == int(found["revertedCount"]) > 3
    assert {node["timestamp"][:7] for node in found["march"]["nodes"]} == {"2026-03"}
    assert found["shopped"]["nodes"]
    for node in found["shopped"]["nodes"]:
        assert any(each["destinationAddress"] == "merchants:books" for each in node["postings"])


async def test_volumes_can_be_summed_by_the_beginnings_of_addresses(second: Graph) -> None:
    folded = (await of_main(second, "volumes(groupBy: 1, first: 100) { nodes { address account { id } } }")).data
    whole = (await of_main(second, 'volumes(address: "fees", first: 1) { nodes { address account { address } } }')).data

    assert {node["address"] for node in folded["ledger"]["volumes"]["nodes"]} >= {"customers", "fees", "merchants"}
    assert {node["account"] is None for node in folded["ledger"]["volumes"]["nodes"]} == {True}
    assert whole["ledger"]["volumes"]["nodes"] == [{"address": "fees", "account": {"address": "fees"}}]
    for group_by in (0, 101):
        answer = await of_main(second, f"volumes(groupBy: {group_by}) {{ nodes {{ address }} }}")
        assert codes(answer) == ["BAD_USER_INPUT"]


async def test_payments_and_transactions_lead_to_each_other(any_graph: Graph) -> None:
    answer = await any_graph.ask(
        "{ payments(first: 8) { nodes { reference ledgerTransactions { reference payment { reference } } } } }"
    )

    assert answer.errors == []
    nodes = answer.data["payments"]["nodes"]
    assert sum(len(node["ledgerTransactions"]) for node in nodes) == 4
    for node in nodes:
        for transaction in node["ledgerTransactions"]:
            assert transaction == {"reference": node["reference"], "payment": {"reference": node["reference"]}}


async def test_payments_transactions_take_one_call_for_the_ledgers_and_one_for_each(newest: Graph) -> None:
    answer = await newest.ask("{ payments(first: 100) { nodes { ledgerTransactions { number } } } }")

    assert answer.errors == []
    assert answer.by_operation() == {"list_payments": 1, "v2_list_ledgers": 1, "v2_list_transactions": 2}


async def test_a_customers_accounts_take_one_call_for_the_ledgers_and_one_for_each(newest: Graph) -> None:
    answer = await newest.ask(
        "{ customers(first: 50) { nodes { id ledgerAccounts { totalCount nodes { address customer { id } } } "
        "ledgerTotals { money { amount currency } accountCount isComplete } } } }"
    )

    assert answer.errors == []
    assert answer.by_operation() == {"v2_list_ledgers": 1, "v2_list_accounts": 2}
    owners = 0
    for node in answer.data["customers"]["nodes"]:
        found = node["ledgerAccounts"]["nodes"]
        owners += bool(found)
        assert {account["customer"]["id"] for account in found} <= {node["id"]}
        assert bool(node["ledgerTotals"]) is bool(found)
        assert all(each["isComplete"] for each in node["ledgerTotals"])
    assert owners > 30


TOTALS = """
query ($id: ID!) {
  customer(id: $id) {
    ledgerAccounts { nodes { address volumes { asset balance { amount } } } }
    ledgerTotals { money { amount asset } accountCount isComplete }
  }
}
"""


async def test_a_customers_total_is_the_sum_of_its_accounts(any_graph: Graph) -> None:
    id_ = ids.encode(Ref(NodeType.CUSTOMER, ("cus_0001",)))

    data = (await any_graph.data(TOTALS, id=id_))["customer"]

    wallet, savings = sorted(data["ledgerAccounts"]["nodes"], key=lambda node: node["address"], reverse=True)
    dollars = {v["asset"]: v["balance"]["amount"] for v in wallet["volumes"]}["USD/2"]
    saved = savings["volumes"][0]["balance"]["amount"]
    assert [savings["address"], wallet["address"]] == [person(1, "savings"), person(1)]
    assert data["ledgerTotals"][0]["accountCount"] == 1
    assert data["ledgerTotals"][1] == {
        "money": {
            "amount": f"{(int(dollars.replace('.', '')) + int(saved.replace('.', ''))) / 100:.2f}",
            "asset": "USD/2",
        },
        "accountCount": 2,
        "isComplete": True,
    }


async def test_a_failing_ledger_costs_what_hangs_on_it(newest: Graph) -> None:
    await newest.fault("formance", "/api/ledger/v2/main/*", status=503, times=50)
    answer = await newest.ask(
        "query ($id: ID!) { customer(id: $id) { name ledgerAccounts { nodes { address } } "
        "ledgerTotals { accountCount } accounts(provider: FORMANCE) { totalCount } } }",
        id=ids.encode(Ref(NodeType.CUSTOMER, ("cus_0001",))),
    )

    assert answer.data["customer"] == {
        "name": "Ada Lovelace",
        "ledgerAccounts": None,
        "ledgerTotals": None,
        "accounts": {"totalCount": 3},
    }
    assert codes(answer) == ["UPSTREAM_UNAVAILABLE", "UPSTREAM_UNAVAILABLE"]


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


async def test_a_page_of_ledgers_leads_to_the_next(newest: Graph) -> None:
    document = (
        "query ($after: String) { ledgers(first: 1, after: $after) "
        "{ nodes { name } pageInfo { endCursor hasNextPage } } }"
    )
    first = (await newest.data(document))["ledgers"]
    second = (await newest.data(document, after=first["pageInfo"]["endCursor"]))["ledgers"]

    assert first["pageInfo"]["hasNextPage"]
    assert {first["nodes"][0]["name"], second["nodes"][0]["name"]} == {"main", "audit"}
    assert not second["pageInfo"]["hasNextPage"]
