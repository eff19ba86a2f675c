"""Exact amounts of any size, wherever ledgers tell them."""

from providers.formance.sandbox.ledger.seed import HUGE
from tests.conftest import Graph
from tests.resolvers.ledgers.asking import (
    MAIN,
    account_id,
)

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
