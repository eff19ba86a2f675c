"""Points in time, filters, and sums."""

from tests.conftest import Graph
from tests.resolvers.ledgers.asking import (
    account_id,
    codes,
    of_main,
    person,
)


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
