"""What the whole tree of a customer costs: exactly the calls that its data needs, in few rounds."""

from typing import Any

from tests.conftest import Answer, Graph, Start
from tests.resolvers.asking import TREE, person, received

ADA = {
    "GetCustomerAccounts": 1,
    "smart_accounts_list": 1,  # two accounts, one page
    "smart_account_balance_retrieve": 2,
    "paymentslist_accounts": 2,  # the customer's own; then all ends of payments and members of pools together
    "get_account_balances": 3,
    "list_payments": 1,
    "list_pools": 1,
    "get_pool_balances_latest": 3,
}
"""What the first customer's tree costs: four bank accounts, two smart accounts, three payment accounts, three pools."""


def sizes(customer: dict[str, Any]) -> dict[str, int]:
    """How much came back, so that a cheap query cannot be an empty one."""
    kinds = [account["__typename"] for account in customer["accounts"]["nodes"]]
    return {
        **{kind: kinds.count(kind) for kind in sorted(set(kinds))},
        "payments": len(customer["payments"]["nodes"]),
        "pools": len(customer["pools"]),
    }


async def test_a_customers_tree_costs_what_its_data_needs_cold_and_warm(graph: Graph) -> None:
    """Cold adds one token for each vendor and one question for the server's version; neither adds a round of reads."""
    for temperature in ("cold", "warm"):
        await graph.forget_calls()
        answer = await graph.ask(TREE, id=person(0))

        assert answer.errors == []
        assert answer.by_operation() == ADA
        assert len(answer.calls) - len(answer.reads) == (4 if temperature == "cold" else 0)
        assert answer.waves == (4 if temperature == "cold" else 3)
        assert len(await graph.calls()) == len(answer.calls)
        assert sizes(answer.data["customer"]) == {
            "AggregatedAccount": 4,
            "PaymentAccount": 3,
            "SmartAccount": 2,
            "payments": 20,
            "pools": 3,
        }


async def test_every_field_of_the_tree_is_filled(warm: Graph) -> None:
    """Balances of every account, ends of payments, sums and members of pools."""
    customer = (await warm.data(TREE, id=person(0)))["customer"]

    assert all(account["balances"] for account in customer["accounts"]["nodes"])
    assert all(payment["source"] or payment["destination"] for payment in customer["payments"]["nodes"])
    assert all(pool["balances"] and pool["accounts"] for pool in customer["pools"])
    assert [pool["name"] for pool in customer["pools"]] == sorted(pool["name"] for pool in customer["pools"])


async def test_other_customers_cost_as_much_as_their_data(warm: Graph) -> None:
    """Customers at two vendors, and with derived links only: what is not theirs costs nothing or one look-up."""
    for index in range(1, 8):
        costs_as_much_as_its_data(await warm.ask(TREE, id=person(index)))


def costs_as_much_as_its_data(answer: Answer) -> None:
    customer, counted = answer.data["customer"], answer.by_operation()
    kinds = [account["__typename"] for account in customer["accounts"]["nodes"]]

    assert answer.errors == []
    assert answer.waves <= 4
    assert counted.get("GetCustomerAccounts", 0) == ("AggregatedAccount" in kinds)
    assert counted.get("GetCustomers", 0) <= 1  # by username, where no link is stored
    assert counted.get("smart_account_balance_retrieve", 0) == kinds.count("SmartAccount")
    assert counted.get("get_account_balances", 0) == kinds.count("PaymentAccount")
    assert counted.get("get_pool_balances_latest", 0) == len(customer["pools"])
    assert counted.get("list_pools", 0) == counted.get("list_payments", 0) == ("PaymentAccount" in kinds)
    assert counted.get("paymentslist_accounts", 0) <= 2


async def test_a_customer_who_is_known_nowhere_costs_no_more_than_two_questions(warm: Graph) -> None:
    """Only by username and by metadata could there be accounts without a link."""
    answer = await warm.ask(f'{{ customer(id: "{person(6)}") {{ accounts(provider: FORMANCE) {{ totalCount }} }} }}')

    assert answer.data == {"customer": {"accounts": {"totalCount": 0}}}
    assert answer.by_operation() == {"paymentslist_accounts": 1}


async def test_the_older_payments_server_gives_the_same_tree_by_its_own_batches(start: Start) -> None:
    """It filters neither payments nor pools by account, so pages of payments are read until there are enough."""
    answers = {}
    for generation in ("v3", "v2"):
        async with start(SANDBOX_PAYMENTS=generation) as graph:
            await graph.ask("{ accounts(first: 1) { totalCount } }")
            answers[generation] = await graph.ask(TREE, id=person(0))
            scanned = await received(graph)

    newer, older = answers["v3"], answers["v2"]
    assert older.errors == []
    assert older.data == newer.data
    reads = older.by_operation()
    assert reads.pop("list_payments") == scanned["formance", "/api/payments/payments"] == 4
    assert reads.pop("paymentslist_accounts") in {2, 3}  # pools' members may be asked for before payments' ends
    assert reads == {name: count for name, count in ADA.items() if name in reads}
    assert reads.keys() == ADA.keys() - {"list_payments", "paymentslist_accounts"}
