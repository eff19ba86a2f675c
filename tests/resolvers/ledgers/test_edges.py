"""What leads from payments and customers to ledgers, and back."""

from providers.domain import NodeType, Ref
from resolvers import ids
from tests.conftest import Graph
from tests.resolvers.ledgers.asking import (
    codes,
    person,
)


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
    assert answer.by_operation() == {"list_payments": 1, "v2_list_ledgers": 1, "v2_list_transactions": 4}


async def test_a_customers_accounts_take_one_call_for_the_ledgers_and_one_for_each(newest: Graph) -> None:
    answer = await newest.ask(
        "{ customers(first: 50) { nodes { id ledgerAccounts { totalCount nodes { address customer { id } } } "
        "ledgerTotals { money { amount currency } accountCount isComplete } } } }"
    )

    assert answer.errors == []
    assert answer.by_operation() == {"v2_list_ledgers": 1, "v2_list_accounts": 4}
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
