"""Two replicas and a vendor in a process of its own: a refresh is one, whoever is asked for it or about it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from providers.finicity.sandbox import CREDENTIALS
from resolvers import refresh_orders
from tests.conftest import Graph, running
from tests.process import serving
from tests.resolvers.orders.refreshing import ADA, ended, refresh, state
from tests.resolvers.orders.row import outcome, user_errors


@pytest.fixture
async def replicas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Graph, Graph]]:
    """Both on the directory of the process whose sandbox they take for the vendor."""
    monkeypatch.setattr(refresh_orders, "GRACE", 0.1)
    with serving(tmp_path, SANDBOX_REFRESH_SECONDS="1.5") as process:
        live = {"FINICITY_BASE_URL": f"{process.url}/sandbox/finicity", "AUTH": "none", **CREDENTIALS}
        async with AsyncExitStack() as stack:
            one, two = [await stack.enter_async_context(running(tmp_path / "directory.sqlite3", **live)) for _ in "ab"]
            yield one, two


async def test_another_replica_knows_a_refresh_by_its_key_and_by_its_id(replicas: tuple[Graph, Graph]) -> None:
    """While it runs and at its end; it begins no second one."""
    one, two = replicas
    first, second = await asyncio.gather(refresh(one), refresh(two))
    made = outcome(first)["refresh"]
    seen = await state(two, made["id"])
    refused = await refresh(two, key="another")

    assert made["status"] == seen["status"] == "RUNNING"
    assert outcome(second)["refresh"]["id"] == made["id"]
    assert user_errors(refused) == [("ALREADY_RUNNING", [], None)]
    assert (await ended(two, made["id"]))["status"] == "SUCCEEDED"
    assert (await state(one, made["id"]))["status"] == "SUCCEEDED"
    again = outcome(await refresh(two, ADA))["refresh"]
    assert (again["id"], again["status"]) == (made["id"], "SUCCEEDED")
