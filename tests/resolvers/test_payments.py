"""Payments of accounts, customers and all, with their ends and changes."""

from typing import Any

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.asking import codes, person

FULL = """
  id reference type providerType status providerStatus scheme providerName createdAt
  money { amount currency asset minorUnits } initialMoney { amount asset }
  source { id ... on PaymentAccount { reference connector { id } } }
  destination { id ... on PaymentAccount { reference connector { id } } }
  connector { id name providerName }
  adjustments { createdAt status providerStatus money { amount asset } }
"""


@pytest.mark.parametrize("generation", ["v3", "v2"])
async def test_payments_are_told_newest_first_with_all_that_belongs_to_them(start: Start, generation: str) -> None:
    """Ends and connectors agree with the payment; the newest change is its status."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        payments = (await graph.data(f"{{ payments(first: 100) {{ nodes {{ {FULL} }} }} }}"))["payments"]["nodes"]

    times = [payment["createdAt"] for payment in payments]
    assert times == sorted(times, reverse=True)
    for payment in payments:
        assert payment["source"] or payment["destination"]
        assert payment["connector"]["providerName"] == payment["providerName"]
        assert payment["adjustments"][0]["status"] == payment["status"]
        changes = [change["createdAt"] for change in payment["adjustments"]]
        assert changes == sorted(changes, reverse=True)
    assert len({payment["status"] for payment in payments}) > 5
    assert len({payment["money"]["currency"] for payment in payments}) > 4


async def test_accounts_of_vendors_without_payments_have_null(warm: Graph) -> None:
    """No list, no pools, no error: these vendors have no such thing."""
    data = await warm.data(
        "{ a: accounts(provider: FINICITY, first: 2) { nodes { payments { nodes { id } } pools { id } } }"
        "  b: accounts(provider: PLUGGY, first: 2) { nodes { payments { nodes { id } } pools { id } } } }"
    )

    assert data == {name: {"nodes": [{"payments": None, "pools": None}] * 2} for name in "ab"}


async def test_a_customer_without_payment_accounts_has_no_payments(warm: Graph) -> None:
    """An empty list."""
    data = await warm.data(f'{{ customer(id: "{person(6)}") {{ payments {{ nodes {{ id }} }} pools {{ id }} }} }}')

    assert data == {"customer": {"payments": {"nodes": []}, "pools": []}}


async def test_the_first_window_of_a_customer_merges_its_accounts_own(warm: Graph) -> None:
    """Each payment once, also one between two of its accounts; newest first."""
    data: dict[str, Any] = await warm.data(
        f'{{ customer(id: "{person(0)}") {{ payments(first: 15) {{ nodes {{ id createdAt }} }}'
        "  accounts(provider: FORMANCE) { nodes { payments(first: 15) { nodes { id createdAt } } } } } }"
    )
    own = {
        payment["id"]: payment["createdAt"]
        for account in data["customer"]["accounts"]["nodes"]
        for payment in account["payments"]["nodes"]
    }

    assert [payment["id"] for payment in data["customer"]["payments"]["nodes"]] == sorted(own, key=own.__getitem__)[
        ::-1
    ][:15]


async def test_one_page_of_payments_that_fails_costs_the_accounts_on_it(warm: Graph) -> None:
    """Accounts whose payments are asked for by another call have theirs."""
    await warm.fault("formance", "*/payments", status=400, body="{}")
    answer = await warm.ask(
        "{ accounts(provider: FORMANCE, first: 30) { nodes { id payments(first: 1) { nodes { id } } } } }"
    )
    accounts = answer.data["accounts"]["nodes"]
    lost = [error["path"][2] for error in answer.errors]

    assert set(codes(answer)) == {"UPSTREAM_REJECTED"}
    assert 0 < len(lost) < 30
    assert [index for index, account in enumerate(accounts) if account["payments"] is None] == sorted(lost)


async def test_an_end_that_the_server_no_longer_knows_is_null(warm: Graph) -> None:
    """Without an error: the payment outlived its account."""
    empty = '{"cursor":{"pageSize":100,"hasMore":false,"data":[]}}'
    await warm.fault("formance", "/api/payments/accounts", status=200, body=empty, times=9)
    answer = await warm.ask("{ payments(first: 100) { nodes { source { id } destination { id } } } }")

    assert answer.errors == []
    assert answer.data["payments"]["nodes"] == [{"source": None, "destination": None}] * 100
