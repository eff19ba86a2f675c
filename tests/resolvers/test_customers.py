"""Whose an account is, told in both directions, wherever that is known: links, usernames, metadata."""

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.asking import codes, person

OWNED = "{ customers(first: 100) { nodes { id accounts(first: 100) { nodes { id __typename } } } } }"
OWNERS = """
query($provider: Provider, $after: String) {
  accounts(provider: $provider, first: 100, after: $after) {
    nodes { id __typename customer { id name } } pageInfo { hasNextPage endCursor }
  }
}
"""


@pytest.mark.parametrize("generation", ["v3", "v2"])
async def test_an_accounts_customer_is_the_customer_who_has_the_account(start: Start, generation: str) -> None:
    """From all customers down and from all accounts up, the same pairs. Only counterparties belong to nobody."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        down = {
            account["id"]: customer["id"]
            for customer in (await graph.data(OWNED))["customers"]["nodes"]
            for account in customer["accounts"]["nodes"]
        }
        up, nobodys, after = {}, 0, None
        while True:
            page = (await graph.data(OWNERS, after=after))["accounts"]
            for account in page["nodes"]:
                if account["customer"] is None:
                    assert account["__typename"] == "PaymentAccount"
                    nobodys += 1
                else:
                    up[account["id"]] = account["customer"]["id"]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break

    assert up == down
    assert len(set(up.values())) == 25
    assert nobodys == 40


async def test_customers_of_payment_accounts_cost_nothing(warm: Graph) -> None:
    """The directory and the accounts' own metadata tell them."""
    answer = await warm.ask(OWNERS, provider="FORMANCE")

    assert answer.errors == []
    assert answer.by_operation() == {"paymentslist_accounts": 1}


async def test_customers_of_bank_accounts_without_a_link_are_found_by_username(warm: Graph) -> None:
    """Once for each of the aggregator's customers, and not again soon."""
    first, second = await warm.ask(OWNERS, provider="FINICITY"), await warm.ask(OWNERS, provider="FINICITY")

    assert first.errors == second.errors == []
    assert first.data == second.data
    assert first.by_operation()["GetCustomers"] == 1
    assert first.by_operation().get("GetCustomer", 0) <= 5  # the customers without a stored link
    assert "GetCustomer" not in second.by_operation()


async def test_an_unknown_customer_is_null(warm: Graph) -> None:
    """Without an error and without a call."""
    answer = await warm.ask(f'{{ customer(id: "{person(500)}") {{ name accounts {{ totalCount }} }} }}')

    assert answer.data == {"customer": None}
    assert answer.errors == []
    assert answer.calls == []


async def test_a_username_that_cannot_be_read_costs_its_account_only(warm: Graph) -> None:
    """The others' customers are known from links."""
    await warm.fault("finicity", "/aggregation/v*/customers/*", method="GET", status=400, body="{}", times=100)
    answer = await warm.ask(
        f'{{ a: customer(id: "{person(0)}") {{ accounts(provider: PLUGGY) {{ nodes {{ customer {{ name }} }} }} }}'
        f'  b: customer(id: "{person(0)}") {{ accounts(provider: FINICITY) {{ nodes {{ id }} }} }} }}'
    )

    assert {node["customer"]["name"] for node in answer.data["a"]["accounts"]["nodes"]} == {"Ada Lovelace"}
    assert answer.data["b"] == {"accounts": None}
    assert codes(answer) == ["UPSTREAM_REJECTED"]


async def test_customers_are_few_or_many(start: Start) -> None:
    """As many as the sandboxes are told to have, each with a name."""
    async with start(SANDBOX_CUSTOMERS="3") as graph:
        customers = (await graph.data("{ customers { nodes { id name } } }"))["customers"]["nodes"]

    assert [customer["id"] for customer in customers] == [person(index) for index in range(3)]
    assert [customer["name"] for customer in customers] == ["Ada Lovelace", "Bruno Carvalho", "Chidi Okafor"]
