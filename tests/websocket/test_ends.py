"""What ends with a socket, and what does not."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import process
from tests.inside import Inside
from tests.websocket.client import Client, ready

LONG = 60_000
"""Milliseconds that a vendor would take: longer than any test waits."""
POOLS = "{ pools { nodes { name } } }"
CREATE = "mutation($in: CreatePoolInput!) { createPool(input: $in) { pool { name } userErrors { message } } }"


@pytest.fixture
async def http(server: Inside) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
        yield client
        await client.delete("/sandbox/_faults")


async def call(http: httpx.AsyncClient, method: str, *, is_over: bool) -> dict[str, Any]:
    """The one vendor call for pools, once it has begun, or has ended."""
    async with asyncio.timeout(30):
        while True:
            calls = (await http.get("/sandbox/_calls")).json()
            found = [each for each in calls if each["method"] == method and each["path"].endswith("/pools")]
            if found and bool(found[-1]["ended_ms"]) >= is_over:
                return dict(found[-1])
            await asyncio.sleep(0.02)


async def slow_down(http: httpx.AsyncClient, method: str, delay_ms: int) -> None:
    await http.post("/graphql", json={"query": POOLS})
    fault = {"vendor": "formance", "method": method, "path": "*/pools", "times": 1, "delay_ms": delay_ms}
    await http.delete("/sandbox/_calls")
    assert (await http.post("/sandbox/_faults", json=fault)).status_code == 201


@pytest.mark.parametrize("leaves", ["closes", "breaks off", "completes"])
async def test_a_client_that_leaves_ends_its_reads(server: Inside, http: httpx.AsyncClient, leaves: str) -> None:
    """The vendor's answer, a minute away, is not waited for."""

    async def leave(client: Client) -> None:
        if leaves == "closes":
            await client.connection.close()
        elif leaves == "breaks off":
            client.connection.transport.abort()
        else:
            await client.send(type="complete", id="1")
            await client.send(type="ping")
            assert await client.next() == {"type": "pong"}

    await slow_down(http, "GET", LONG)
    async with ready(server.url) as client:
        await client.subscribe("1", POOLS)
        await call(http, "GET", is_over=False)
        await leave(client)
        ended = await call(http, "GET", is_over=True)

    assert ended["ended_ms"] - ended["started_ms"] < LONG


async def test_a_client_that_leaves_does_not_end_its_write(server: Inside, http: httpx.AsyncClient) -> None:
    """It is made once, and whoever asks again with the same key gets what came of it."""
    found = (await http.post("/graphql", json={"query": "{ pools(first: 1) { nodes { accounts { id } } } }"})).json()
    id = found["data"]["pools"]["nodes"][0]["accounts"][0]["id"]
    variables = {"in": {"idempotencyKey": "left-behind", "name": "Left", "accountIds": [id]}}
    await slow_down(http, "POST", 500)
    async with ready(server.url) as client:
        await client.subscribe("1", CREATE, variables=variables)
        await call(http, "POST", is_over=False)
    made = await call(http, "POST", is_over=True)
    answer = {}
    async with asyncio.timeout(30):
        while "data" not in answer or not answer["data"]["createPool"]:
            answer = (await http.post("/graphql", json={"query": CREATE, "variables": variables})).json()
    calls = [each for each in (await http.get("/sandbox/_calls")).json() if each["method"] == "POST"]

    assert made["status"] in (200, 201)
    assert answer["data"]["createPool"] == {"pool": {"name": "Left"}, "userErrors": []}
    assert len([each for each in calls if each["path"].endswith("/pools")]) == 1


async def test_a_server_that_stops_says_so_and_does_not_wait_for_sockets(tmp_path: Path) -> None:
    """Neither for those that ask nothing, nor for a read that takes long."""
    with process.serving(tmp_path, OPERATION_TIMEOUT="600") as server:
        async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
            await slow_down(http, "GET", LONG * 10)
            async with ready(server.url) as quiet, ready(server.url) as busy:
                await busy.subscribe("1", POOLS)
                await call(http, "GET", is_over=False)
                await http.aclose()
                server.tell_to_stop()
                ends = [await quiet.closed(), await busy.closed()]
            status = await asyncio.to_thread(server.wait)
    lines = [json.loads(line) for line in server.text.splitlines()]

    assert ends == [(1001, "The server stops")] * 2
    assert status == 0
    assert [line for line in lines if line["level"] not in {"info", "debug"}] == []
