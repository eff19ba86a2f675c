"""Balances of the sandbox: the history of an account, and the sums of a pool now and at a time."""

from collections import defaultdict
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from providers.formance.sandbox import Generation, links
from providers.seed import customers
from tests.providers.formance.sandbox_stack import GENERATIONS, Stack, opened

HISTORY_END = "2026-11-01T12:00:00Z"


FIRST = links(customers())[0].external_id
"""An account with two assets and several changes of each."""


def when(text: str) -> datetime:
    """Texts themselves do not sort: their fractions differ in length."""
    return datetime.fromisoformat(text)


async def history(stack: Stack, account: str, **params: Any) -> list[Any]:
    return await stack.everything(f"/accounts/{account}/balances", **params)


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_balances_are_a_history_newest_first(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        seen = set()
        for account in await stack.everything("/accounts"):
            rows = await history(stack, account["id"])
            assert rows == sorted(rows, key=lambda row: when(row["createdAt"]), reverse=True)
            for asset in {row["asset"] for row in rows}:
                mine = [row for row in rows if row["asset"] == asset]
                seen.add(len(mine))
                assert all(when(new["createdAt"]) > when(old["lastUpdatedAt"]) for new, old in pairwise(mine))
                assert when(mine[0]["lastUpdatedAt"]) < when(HISTORY_END)
            assert all(row["accountId"] == account["id"] and row["currency"] == row["asset"] for row in rows)
        assert seen == {1, 2, 3, 4}


async def test_a_history_narrows_by_asset_and_time() -> None:
    async with opened(payments_count=0) as stack:
        rows = await history(stack, FIRST)
        middle = rows[2]

        assert [row["asset"] for row in await history(stack, FIRST, asset="EUR/2")] == ["EUR/2"] * 3
        later = await history(stack, FIRST, **{"from": middle["lastUpdatedAt"]})
        earlier = await history(stack, FIRST, to=middle["createdAt"])
        assert later == [row for row in rows if when(row["lastUpdatedAt"]) >= when(middle["lastUpdatedAt"])]
        assert earlier == [row for row in rows if when(row["createdAt"]) <= when(middle["createdAt"])]
        assert 0 < len(later) < len(rows) > len(earlier) > 0


@pytest.mark.parametrize("parameter", ["from", "to"])
@pytest.mark.parametrize("value", ["yesterday", "2026-01-01", "2026-01-01T00:00:00"])
async def test_times_must_be_rfc_3339_with_an_offset(parameter: str, value: str) -> None:
    async with opened(payments_count=0) as stack:
        status, code, message = await stack.refusal(f"/accounts/{FIRST}/balances", **{parameter: value})

        assert (status, code) == (400, "VALIDATION")
        assert message.startswith(f"invalid {parameter}: parsing time")


async def test_the_cursor_keeps_the_narrowing() -> None:
    async with opened(payments_count=0) as stack:
        assert [row["asset"] for row in await history(stack, FIRST, asset="USD/2", pageSize=1)] == ["USD/2"] * 4


@pytest.mark.parametrize(("generation", "size"), [("v2", 2), ("v3", 5)])
async def test_only_v2_listens_to_limit(generation: Generation, size: int) -> None:
    async with opened(generation, payments_count=0) as stack:
        rows = await stack.data(f"/accounts/{FIRST}/balances", limit=2, pageSize=5)

        assert len(rows) == size


async def test_an_unknown_account_has_an_empty_history() -> None:
    async with opened(payments_count=0) as stack:
        assert await stack.data("/accounts/e30/balances") == []


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_pools_balances_sum_what_was_valid_at_the_time(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        for pool in await stack.data("/pools"):
            rows = [row for account in pool["accounts"] for row in await history(stack, account)]
            for at in ("2026-11-01T11:00:00Z", "2026-10-20T13:00:00+01:00", "2026-08-01T12:00:00.5Z"):
                expected: dict[str, int] = defaultdict(int)
                for row in rows:
                    if when(row["createdAt"]) <= when(at) <= when(row["lastUpdatedAt"]):
                        expected[row["asset"]] += row["balance"]
                data = await stack.data(f"/pools/{pool['id']}/balances", at=at)

                assert {row["asset"]: row["amount"] for row in data["balances"]} == expected


async def test_after_the_last_poll_a_pool_has_no_balances() -> None:
    async with opened(payments_count=0) as stack:
        pool = (await stack.data("/pools"))[0]["id"]

        assert await stack.data(f"/pools/{pool}/balances", at=HISTORY_END) == {"balances": []}
        assert (await stack.data(f"/pools/{pool}/balances", at="2026-11-01T11:55:00Z"))["balances"] != []


async def test_the_time_of_a_pools_balances_is_required() -> None:
    async with opened(payments_count=0) as stack:
        path = f"/pools/{(await stack.data('/pools'))[0]['id']}/balances"

        assert await stack.refusal(path) == (400, "VALIDATION", "missing atTime")
        assert (await stack.refusal(path, at="now"))[2].startswith("invalid atTime: parsing time")


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_the_latest_balances_of_a_pool_sum_each_accounts_newest_rows(generation: Generation) -> None:
    async with opened(generation, payments_count=0) as stack:
        for pool in await stack.data("/pools"):
            holders: dict[str, dict[str, int]] = defaultdict(dict)
            for account in pool["accounts"]:
                for row in reversed(await history(stack, account)):
                    holders[row["asset"]][account] = row["balance"]
            data = await stack.data(f"/pools/{pool['id']}/balances/latest")
            rows = data["balances"] if generation == "v2" else data

            assert {row["asset"]: row["amount"] for row in rows} == {
                asset: sum(amounts.values()) for asset, amounts in holders.items()
            }
            if generation == "v3":
                assert {row["asset"]: set(row["relatedAccounts"]) for row in rows} == {
                    asset: set(amounts) for asset, amounts in holders.items()
                }
