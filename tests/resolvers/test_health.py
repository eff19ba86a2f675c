"""What is told of the providers: mode, health, abilities; asked at most every ten seconds, whoever wants to know."""

import asyncio
from collections.abc import Sequence

import pytest

from providers.domain import Capability, Provider, ProviderHealth, ProviderMode, ServerModule
from providers.errors import Unauthorized
from providers.operation import Operation
from providers.registry import Providers
from resolvers.health import Health
from tests.conftest import Graph, Start
from tests.resolvers.asking import received

QUERY = """{ providers {
  provider mode health capabilities modules { name version isHealthy } problemCode checkedAt
} }"""


async def test_three_sandboxes_that_answer(graph: Graph) -> None:
    """Each with what it can be asked for; the payments stack tells its modules."""
    statuses = {status["provider"]: status for status in (await graph.data(QUERY))["providers"]}

    assert [*statuses] == ["FINICITY", "PLUGGY", "FORMANCE"]
    assert {status["mode"] for status in statuses.values()} == {"SANDBOX"}
    assert {status["health"] for status in statuses.values()} == {"UP"}
    assert {status["problemCode"] for status in statuses.values()} == {None}
    assert all(status["checkedAt"] for status in statuses.values())
    assert statuses["FINICITY"]["capabilities"] == ["CUSTOMERS", "ACCOUNTS", "BALANCES", "WRITES"]
    assert statuses["PLUGGY"]["capabilities"] == ["ACCOUNTS", "BALANCES", "WRITES"]
    assert set(statuses["FORMANCE"]["capabilities"]) >= {"PAYMENTS", "POOLS", "CONNECTORS", "BALANCE_HISTORY"}
    assert {module["name"] for module in statuses["FORMANCE"]["modules"]} >= {"payments"}


async def test_many_queries_make_one_probe(warm: Graph) -> None:
    """At once, and one after the other."""
    await warm.ask("{ providers { health } }")
    await warm.forget_calls()
    answers = [*await asyncio.gather(*(warm.ask(QUERY) for _ in range(20))), await warm.ask(QUERY)]

    assert all(answer.data == answers[0].data for answer in answers)
    assert await warm.calls() == []


async def test_a_crowd_that_asks_first_makes_one_probe(graph: Graph) -> None:
    """Nobody has asked before."""
    answers = await asyncio.gather(*(graph.ask(QUERY) for _ in range(20)))
    counted = await received(graph)

    assert all(answer.data == answers[0].data for answer in answers)
    assert counted["finicity", "/aggregation/v1/customers"] == 1
    assert counted["pluggy", "/payments/smart-accounts"] == 1
    assert counted["formance", "/api/payments/pools"] == 1


@pytest.mark.parametrize(
    ("vendor", "path"),
    [("FINICITY", "/aggregation/*"), ("PLUGGY", "/payments/*"), ("FORMANCE", "/api/payments/*")],
)
async def test_a_vendor_that_fails_is_down_with_the_reason(graph: Graph, vendor: str, path: str) -> None:
    """The others are up, and it is no error to ask."""
    await graph.fault(vendor.lower(), path, status=503, times=100)
    statuses = {status["provider"]: status for status in (await graph.data(QUERY))["providers"]}

    assert {name: status["health"] for name, status in statuses.items()} == {
        **dict.fromkeys(statuses, "UP"),
        vendor: "DOWN",
    }
    assert statuses[vendor]["problemCode"] == "UPSTREAM_UNAVAILABLE"


async def test_a_vendor_that_is_off_is_unknown(start: Start) -> None:
    """Nobody asks it, so it can do nothing and was never checked."""
    async with start(PLUGGY_MODE="off") as graph:
        [status] = [each for each in (await graph.data(QUERY))["providers"] if each["provider"] == "PLUGGY"]

    assert status == {
        "provider": "PLUGGY",
        "mode": "OFF",
        "health": "UNKNOWN",
        "capabilities": [],
        "modules": [],
        "problemCode": None,
        "checkedAt": None,
    }


class Probed:
    """A vendor that can only be probed."""

    provider, mode, capabilities = Provider.PLUGGY, ProviderMode.LIVE, (Capability.ACCOUNTS,)
    parts: Sequence[object] = ()

    def __init__(self) -> None:
        self.probes = 0

    async def probe(self, operation: Operation) -> Sequence[ServerModule]:
        """Refused every second time."""
        self.probes += 1
        await asyncio.sleep(0)
        if self.probes % 2 == 0:
            raise Unauthorized(self.provider, "probe")
        return ()

    async def aclose(self) -> None:
        """Nothing to close."""


async def test_a_state_is_asked_for_anew_when_it_is_old() -> None:
    """By a clock that the test turns: not a moment earlier."""
    clock = iter([100.0, 100.0, 100.0, 109.9, 110.0, 110.0, 110.0, 119.9, 120.0, 120.0, 120.0])
    vendor = Probed()
    health = Health(Providers([vendor], None), lifetime=10, clock=lambda: next(clock))  # type: ignore[arg-type,list-item]
    states = []
    for _ in range(5):
        [status] = [each for each in await health.statuses() if each.provider is Provider.PLUGGY]
        states.append((status.health, status.problem_code, vendor.probes))

    assert states == [
        (ProviderHealth.UP, None, 1),
        (ProviderHealth.UP, None, 1),
        (ProviderHealth.DOWN, "UPSTREAM_UNAUTHORIZED", 2),
        (ProviderHealth.DOWN, "UPSTREAM_UNAUTHORIZED", 2),
        (ProviderHealth.UP, None, 3),
    ]
