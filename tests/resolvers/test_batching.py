"""Many objects in one operation cost calls by the batch, not by the object. The record of the sandboxes agrees."""

import math

import pytest

from tests.conftest import Answer, Graph, Start
from tests.resolvers.asking import PERSONAS, aliased, node_ids, person, received

BATCH = 40
"""Objects that one call of the payments server reads."""

generations = pytest.mark.parametrize("generation", ["v3", "v2"])


async def all_received(graph: Graph, answer: Answer) -> bool:
    """Whether the sandboxes saw the calls that the trace tells, no more and no fewer."""
    return sum((await received(graph)).values()) == len(answer.calls)


async def test_all_customers_with_accounts_and_balances_in_one_operation(warm: Graph) -> None:
    """One call for each customer of the aggregator, ten look-ups by username, pages of 40 links, a page of the rest."""
    answer = await warm.ask(
        "{ customers(first: 25) { nodes { accounts { nodes { __typename balances { money { amount } } } } } } }"
    )
    accounts = [account for customer in answer.data["customers"]["nodes"] for account in customer["accounts"]["nodes"]]
    kinds = [account["__typename"] for account in accounts]
    counted = answer.by_operation()

    assert answer.errors == []
    assert len(answer.data["customers"]["nodes"]) == PERSONAS
    assert counted["GetCustomerAccounts"] == 20
    assert counted["smart_accounts_list"] == 1  # the least of one call each and one page
    assert counted["smart_account_balance_retrieve"] == kinds.count("SmartAccount") == 22
    assert counted["get_account_balances"] == kinds.count("PaymentAccount")
    links = 25 + sum(1 for kind in kinds if kind == "PaymentAccount")
    assert counted["paymentslist_accounts"] <= math.ceil(links / BATCH)
    assert answer.waves == 3
    assert await all_received(warm, answer)


async def test_the_names_that_the_aggregator_was_asked_for_are_remembered(warm: Graph) -> None:
    """A second operation makes no look-up by username."""
    query = "{ customers(first: 100) { nodes { accounts(provider: FINICITY) { totalCount } } } }"
    first, second = await warm.ask(query), await warm.ask(query)

    assert first.by_operation() == {"GetCustomers": 10, "GetCustomerAccounts": 20}
    assert second.by_operation() == {"GetCustomerAccounts": 20}


async def test_fifty_aliases_of_a_customer_cost_the_calls_of_one(warm: Graph) -> None:
    """Whoever asks again in the same operation is given what is there."""
    fragment = (
        "fragment All on Customer {"
        "  accounts { nodes { id balances { kind } payments(first: 2) { nodes { source { id } } } } }"
        "  payments { nodes { id } } pools { balances { kind } accounts { id } } totals { accountCount } }"
    )
    one = await warm.ask(aliased("customer", [person(0)], "{ ...All }") + fragment)
    await warm.forget_calls()
    many = await warm.ask(aliased("customer", [person(0)] * 50, "{ ...All }") + fragment)

    assert many.errors == []
    assert many.data["a49"] == one.data["a0"]
    assert many.by_operation() == one.by_operation()
    assert many.waves == one.waves
    assert await all_received(warm, many)


@generations
async def test_a_hundred_payments_with_both_ends_read_accounts_by_forties(start: Start, generation: str) -> None:
    """One page of payments, then the distinct accounts."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        answer = await graph.ask("{ payments(first: 100) { nodes { source { id } destination { id } } } }")

        ends = [end["id"] for node in answer.data["payments"]["nodes"] for end in node.values() if end]
        assert answer.errors == []
        assert len(ends) > 100
        assert answer.by_operation() == {
            "list_payments": 1,
            "paymentslist_accounts": math.ceil(len(set(ends)) / BATCH),
        }
        assert len(answer.reads) == 3


@generations
async def test_twelve_pools_with_sums_and_members(start: Start, generation: str) -> None:
    """One page, one sum each, and the distinct members together."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        answer = await graph.ask("{ pools { nodes { balances { money { amount } } accounts { id } } } }")

        pools = answer.data["pools"]["nodes"]
        members = {account["id"] for pool in pools for account in pool["accounts"]}
        assert answer.errors == []
        assert len(pools) == 12
        assert answer.by_operation() == {
            "list_pools": 1,
            "get_pool_balances_latest": 12,
            "paymentslist_accounts": math.ceil(len(members) / BATCH),
        }


@generations
async def test_a_hundred_mixed_nodes_are_read_in_batches(start: Start, generation: str) -> None:
    """Every type at once: the order and the types of the ids are kept."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        wanted = [
            *(person(index) for index in range(10)),
            *(await node_ids(graph, "accounts"))[-20:],
            *(await node_ids(graph, "payments"))[:50],
            *(await node_ids(graph, "pools")),
            *(await node_ids(graph, "connectors"))[:8],
        ]
        await graph.forget_calls()
        answer = await graph.ask("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=wanted)

        assert answer.errors == []
        assert len(wanted) == 100
        assert [node["id"] for node in answer.data["nodes"]] == wanted
        assert {node["__typename"] for node in answer.data["nodes"]} == {
            "Customer",
            "PaymentAccount",
            "Payment",
            "Pool",
            "Connector",
        }
        counted = answer.by_operation()
        assert counted.pop("paymentslist_accounts") == 1
        assert counted.pop("list_payments") == 2
        assert counted == {"list_pools": 1, "list_all_connectors": 1}
        assert answer.waves <= 2
        assert await all_received(graph, answer)


async def test_account_siblings_at_the_aggregator_come_from_one_call(warm: Graph) -> None:
    """Single accounts of one customer, asked for by their own ids."""
    ada = await warm.data(
        f'{{ customer(id: "{person(0)}") {{ accounts(provider: FINICITY) {{ nodes {{ id name }} }} }} }}'
    )
    accounts = ada["customer"]["accounts"]["nodes"]
    answer = await warm.ask(aliased("account", [account["id"] for account in accounts], "{ id name }"))

    assert list(answer.data.values()) == accounts
    assert answer.by_operation() == {"GetCustomerAccounts": 1}


async def test_smart_accounts_are_read_one_by_one_or_by_the_list_whichever_is_less(warm: Graph) -> None:
    """The list is one page: one account takes one call of its own, two take the page."""
    smart = (await warm.data("{ accounts(provider: PLUGGY, first: 100) { nodes { id } } }"))["accounts"]["nodes"]
    ids = [account["id"] for account in smart]

    assert len(ids) == 22
    assert (await warm.ask(aliased("account", ids[:1], "{ id }"))).by_operation() == {"smart_account_retrieve": 1}
    assert (await warm.ask(aliased("account", ids, "{ id }"))).by_operation() == {"smart_accounts_list": 1}


async def test_connectors_are_read_once_for_all_who_name_them(warm: Graph) -> None:
    """Connectors are few: they are read as a whole."""
    answer = await warm.ask(
        "{ payments(first: 100) { nodes { connector { name } } }"
        "  accounts(provider: FORMANCE, first: 100) { nodes { ... on PaymentAccount { connector { name } } } } }"
    )

    assert answer.errors == []
    assert all(node["connector"]["name"] for field in answer.data.values() for node in field["nodes"])
    assert answer.by_operation() == {"list_payments": 1, "paymentslist_accounts": 1, "list_all_connectors": 1}


@pytest.mark.parametrize(("generation", "pages_of_payments"), [("v3", 2), ("v2", 3)])
async def test_payments_and_pools_of_many_accounts_at_once(
    start: Start, generation: str, pages_of_payments: int
) -> None:
    """On v3 some 15 accounts share a page of payments; v2 reads pages until every account has enough."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        answer = await graph.ask(
            "{ accounts(provider: FORMANCE, first: 30) { nodes { payments(first: 1) { nodes { id } } pools { id } } } }"
        )

        assert answer.errors == []
        assert len(answer.data["accounts"]["nodes"]) == 30
        assert answer.by_operation() == {
            "paymentslist_accounts": 1,
            "list_payments": pages_of_payments,
            "list_pools": 1,
        }
