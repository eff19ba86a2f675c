"""The breakers through the whole app: a failing operation is not asked for a while, the vendor's others are."""

import asyncio
import time
from pathlib import Path

from tests.faults.cells import MANY, QUERY, customer_id
from tests.faults.live import Live, live

BALANCE = "/payments/smart-accounts/*/balance"
PAUSE = 5.0


async def balance_calls(graph: Live) -> int:
    """How many balances Pluggy was asked for since the last count."""
    calls = await graph.calls()
    await graph.forget_calls()
    return sum(str(call["path"]).endswith("/balance") and call["vendor"] == "pluggy" for call in calls)


async def test_a_failing_operation_fails_fast_alone_and_recovers_by_one_probe(tmp_path: Path) -> None:
    async with live(tmp_path) as graph:
        healthy = await graph.ask(QUERY, id=customer_id(MANY))
        await graph.fault("pluggy", BALANCE, status=500, times=10_000)
        for _ in range(15):
            await graph.ask(QUERY, id=customer_id(MANY))
        await balance_calls(graph)

        started = time.monotonic()
        refused = await graph.ask(QUERY, id=customer_id(MANY))
        assert time.monotonic() - started < 0.5
        assert await balance_calls(graph) == 0
        smart = [node for node in refused.data["customer"]["accounts"]["nodes"] if node["provider"] == "PLUGGY"]
        assert [node["balances"] for node in smart] == [None, None]
        for error in refused.errors:
            assert error["path"][-1] == "balances"
            assert error["extensions"]["operation"] == "smart_account_balance_retrieve"
            assert (error["extensions"]["code"], error["extensions"]["retryable"]) == ("UPSTREAM_UNAVAILABLE", True)
        for node in refused.data["customer"]["accounts"]["nodes"]:
            node["balances"] = None
        for node in healthy.data["customer"]["accounts"]["nodes"]:
            node["balances"] = None
        assert refused.data["customer"]["accounts"] == healthy.data["customer"]["accounts"]

        await graph.heal()
        await graph.ask(QUERY, id=customer_id(MANY))
        assert await balance_calls(graph) == 0

        await asyncio.sleep(PAUSE)
        probed = await graph.ask(QUERY, id=customer_id(MANY))
        assert await balance_calls(graph) == 1  # of two accounts that were asked for at once
        assert len(probed.errors) == 1
        healed = await graph.ask(QUERY, id=customer_id(MANY))
        assert healed.errors == []
        assert await balance_calls(graph) == 2
