"""`/livez` and `/readyz`, as a load balancer asks them."""

import sqlite3
from pathlib import Path
from typing import Any

from tests.conftest import Graph, running

ALL = ("finicity", "pluggy", "formance")


async def down(graph: Graph, *vendors: str) -> None:
    """These vendors fail from now on."""
    for vendor in vendors:
        await graph.fault(vendor, "*", status=500, body="{}", times=1000)


async def ready(graph: Graph) -> tuple[int, Any]:
    """Status and body of `/readyz`."""
    response = await graph.client.get("/readyz")
    return response.status_code, response.json()


async def test_a_process_that_runs_is_alive_whatever_else_is_down(graph: Graph) -> None:
    await down(graph, *ALL)
    response = await graph.client.get("/livez")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert await graph.calls() == []


async def test_a_server_that_can_answer_is_ready_and_reports_on_each_vendor(graph: Graph) -> None:
    assert await ready(graph) == (
        200,
        {
            "status": "ok",
            "directory": "up",
            "providers": {vendor: {"mode": "sandbox", "health": "up"} for vendor in ("finicity", "formance", "pluggy")},
        },
    )


async def test_one_vendor_down_leaves_the_server_ready(graph: Graph) -> None:
    """A replica without it still answers most; what is missing is told field by field."""
    await down(graph, "pluggy")
    status, body = await ready(graph)

    assert (status, body["status"]) == (200, "ok")
    assert body["providers"]["pluggy"] == {"mode": "sandbox", "health": "down", "code": "UPSTREAM_UNAVAILABLE"}
    assert body["providers"]["finicity"]["health"] == "up"


async def test_all_vendors_down_is_not_ready(graph: Graph) -> None:
    await down(graph, *ALL)
    status, body = await ready(graph)

    assert (status, body["status"], body["directory"]) == (503, "unavailable", "up")
    assert {report["health"] for report in body["providers"].values()} == {"down"}


async def test_a_vendor_that_is_off_is_no_reason_to_be_unready(tmp_path: Path) -> None:
    async with running(tmp_path / "directory.sqlite3", FINICITY_MODE="off") as graph:
        status, body = await ready(graph)

    assert status == 200
    assert body["providers"]["finicity"] == {"mode": "off", "health": "unknown"}


async def test_without_its_directory_the_server_is_not_ready(tmp_path: Path) -> None:
    database = tmp_path / "directory.sqlite3"
    async with running(database) as graph:
        assert (await ready(graph))[0] == 200
        with sqlite3.connect(database) as connection:
            connection.execute("ALTER TABLE customers RENAME TO elsewhere")
        connection.close()
        status, body = await ready(graph)
        alive = await graph.client.get("/livez")

    assert (status, body["status"], body["directory"]) == (503, "unavailable", "down")
    assert body["providers"]["pluggy"]["health"] == "up"
    assert alive.status_code == 200


async def test_fifty_requests_probe_the_vendors_once(graph: Graph) -> None:
    """Whoever asks often must not cost the vendors' patience."""
    await ready(graph)
    first = await graph.calls()
    for _ in range(49):
        assert (await ready(graph))[0] == 200

    assert await graph.calls() == first
    assert {call["vendor"] for call in first} == set(ALL)
    assert len(first) <= 7
