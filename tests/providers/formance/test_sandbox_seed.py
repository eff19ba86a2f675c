"""The sandbox's data: always the same, as varied as a real stack's, and exact to the last digit."""

import time
from collections import Counter
from typing import Any

import pytest

from providers.formance.sandbox import Generation, create, links
from providers.formance.sandbox.schemes import SCHEMES
from providers.formance.sandbox.seed_payments import HISTORIES, UNDOCUMENTED
from providers.seed import customers
from tests.providers.formance.sandbox_stack import GENERATIONS, Stack, opened


async def owned(stack: Stack, index: int) -> list[Any]:
    """A customer's internal accounts, known by the holder that the provider's raw object names."""
    name = customers()[index].name
    return [row for row in await stack.everything("/accounts") if (row["raw"] or {}).get("holder") == name]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_two_stacks_answer_the_same_bytes(generation: Generation) -> None:
    async with opened(generation) as one, opened(generation) as other:
        account = (await one.data("/accounts"))[0]["id"]
        paths = ["/accounts", "/payments", "/pools", "/connectors", f"/accounts/{account}/balances"]

        for path in paths:
            assert (await one.get(path, pageSize=100)).content == (await other.get(path, pageSize=100)).content


async def test_more_customers_only_add_accounts() -> None:
    few, many = links(customers(10)), links(customers(40))

    assert many[: len(few)] == few
    assert len(many) > len(few)


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_stored_links_lead_to_internal_accounts_in_both_generations(generation: Generation) -> None:
    stored = {customer.id for customer in customers() if customer.formance and customer.stored_links}
    found = links(customers())
    async with opened(generation, payments_count=0) as stack:
        accounts = {row["id"]: row for row in await stack.everything("/accounts")}

    assert {(link.kind, accounts[link.external_id]["type"]) for link in found} == {("account", "INTERNAL")}
    assert {link.customer_id for link in found} == stored
    assert len({link.external_id for link in found}) == len(found)


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_accounts_without_a_stored_link_name_their_customer(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        for customer in customers():
            accounts = await owned(stack, customer.index)
            named = [(row["metadata"] or {}).get("customer_id") for row in accounts]

            assert set(named) <= {customer.id, None}
            assert bool(accounts) == customer.formance
            if customer.formance:
                assert 2 <= len(accounts) <= 5
                assert len({row["connectorID"] for row in accounts}) in {2, 3}
                assert customer.stored_links or None not in named


async def test_the_first_customer_has_something_of_everything() -> None:
    async with opened() as stack:
        accounts = await owned(stack, 0)
        pools = await stack.data("/pools")
        recent = await stack.data("/payments", pageSize=100)

        assert len(accounts) == 3
        assets = {row["asset"] for each in accounts for row in await stack.data(f"/accounts/{each['id']}/balances")}
        assert len(assets) >= 2
        for account in accounts:
            assert sum(account["id"] in (row["sourceAccountID"], row["destinationAccountID"]) for row in recent) >= 6
        ids = {row["id"] for row in accounts}
        neighbours = {row["id"] for row in await owned(stack, 1)}
        assert set(pools[0]["accounts"]) <= ids
        assert set(pools[1]["accounts"]) & ids
        assert set(pools[1]["accounts"]) & neighbours


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_payments_are_varied(generation: Generation) -> None:
    async with opened(generation) as stack:
        payments = await stack.everything("/payments")
        accounts = {row["id"]: row for row in await stack.everything("/accounts")}

    assert len(payments) == len({row["createdAt"] for row in payments}) == 2000
    assert payments[-1]["createdAt"] < "2025-11-03"
    assert "2026-11-01" < payments[0]["createdAt"] < "2026-11-01T12"
    assert {row["status"] for row in payments} == set(HISTORIES)
    assert {row["scheme"] for row in payments} == set(SCHEMES)
    assert {row["type"] for row in payments} == {"PAY-IN", "PAYOUT", "TRANSFER", "OTHER"}
    ends = Counter(row[end] for row in payments for end in ("sourceAccountID", "destinationAccountID"))
    assert ends.pop("") > 100
    assert set(ends) <= set(accounts)
    assert {each for each in accounts if accounts[each]["type"] == "INTERNAL"} <= set(ends)
    assert all(
        accounts[row[end]]["connectorID"] == row["connectorID"]
        for row in payments
        for end in ("sourceAccountID", "destinationAccountID")
        if row[end]
    )


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_accounts_and_balances_are_varied(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        accounts = await stack.everything("/accounts")
        internal = [row for row in accounts if row["type"] == "INTERNAL"]
        histories = [await stack.everything(f"/accounts/{row['id']}/balances") for row in internal]

    assert len(accounts) - len(internal) == 40
    assert {row["defaultAsset"] for row in internal} >= {"USD/2", "EUR/2", "BRL/2", "JPY", "JPY/0", "BTC/8", "KWD/3"}
    assert {len({row["asset"] for row in rows}) for rows in histories} == {0, 1, 2, 3}
    assert sum(row["balance"] > 2**53 for rows in histories for row in rows) >= 3


async def test_pools_are_twelve_with_one_empty() -> None:
    async with opened(payments_count=0) as stack:
        pools = await stack.data("/pools")

    assert len({pool["name"] for pool in pools}) == len(pools) == 12
    assert [len(pool["accounts"]) > 0 for pool in pools].count(False) == 1


async def test_connectors_are_ten() -> None:
    async with opened(payments_count=0) as stack:
        connectors = await stack.data("/connectors")

    assert len({row["name"] for row in connectors}) == len({row["connectorID"] for row in connectors}) == 10
    assert len({row["provider"] for row in connectors}) == 9


async def test_large_amounts_are_written_digit_for_digit() -> None:
    async with opened() as stack:
        answer = await stack.get("/payments", query='{"$gt": {"amount": 9223372036854775807}}')
        amounts = [row["amount"] for row in answer.json()["cursor"]["data"]]

        assert len(amounts) >= 3
        for amount in amounts:
            assert f'"amount":{amount},' in answer.text
            assert int(float(amount)) != amount


async def test_undocumented_words_come_only_when_asked_for() -> None:
    async with opened(undocumented=True) as stack:
        payments = await stack.everything("/payments")

    assert {row["status"] for row in payments} == {*HISTORIES, *UNDOCUMENTED}
    assert "UNKNOWN" in {row["type"] for row in payments}
    assert None in {row["adjustments"][0]["amount"] for row in payments}


async def test_without_customers_the_counterparties_pay_each_other() -> None:
    async with opened(people=[], payments_count=4) as stack:
        accounts = await stack.everything("/accounts")

        assert {row["type"] for row in accounts} == {"EXTERNAL"}
        assert len(await stack.data("/payments")) == 4
        assert {len(pool["accounts"]) for pool in await stack.data("/pools")} == {0}


def test_the_default_stack_is_made_quickly() -> None:
    started = time.perf_counter()
    create(customers())

    assert time.perf_counter() - started < 0.5  # some 40 ms when nothing else runs
