"""`/mcp` as an agent uses it: by the protocol's own client, over a socket."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.process import serving
from tests.tokens import SETTINGS, bearer

SHOW = """# A customer's accounts with their balances.
query ShowBalances($id: ID!, $first: Int = 5) {
  customer(id: $id) { name accounts(first: $first) { nodes { id balances { money { amount currency } } } } }
}"""
POOL = (
    "mutation CreatePool($input: CreatePoolInput!) { createPool(input: $input) { pool { name } userErrors { code } } }"
)
HIDDEN = "mutation DeletePool($input: DeletePoolInput!) { deletePool(input: $input) { deletedPoolId } }"
ADA = "WzEsIkN1c3RvbWVyIixudWxsLFsiY3VzXzAwMDEiXV0"
BRUNO = "WzEsIkN1c3RvbWVyIixudWxsLFsiY3VzXzAwMDIiXV0"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server with three trusted documents, one of whose mutations is allowed, that asks for tokens."""
    folder = tmp_path_factory.mktemp("agents")
    manifest = folder / "documents.json"
    manifest.write_text(json.dumps({"a": SHOW, "b": POOL, "c": HIDDEN}), encoding="utf-8")
    settings = {"MCP": "on", "MCP_WRITES": "CreatePool", "PERSISTED_DOCUMENTS": str(manifest), **SETTINGS}
    with serving(folder, **settings) as process:
        yield f"{process.url}/mcp"


@asynccontextmanager
async def agent(url: str, **claims: Any) -> AsyncIterator[Client]:
    http = httpx_client(bearer(**claims))
    async with http, Client(streamable_http_client(url, http_client=http)) as client:
        yield client


def httpx_client(headers: dict[str, str]) -> Any:
    from mcp.shared._httpx_utils import create_mcp_http_client

    return create_mcp_http_client(headers=headers)


async def test_an_agent_finds_the_reads_and_the_allowed_write(url: str) -> None:
    async with agent(url) as client:
        found = {tool.name: tool for tool in (await client.list_tools()).tools}

    assert set(found) == {"ShowBalances", "CreatePool"}
    show, pool = found["ShowBalances"], found["CreatePool"]
    assert show.description == "A customer's accounts with their balances."
    assert show.input_schema["required"] == ["id"]
    assert show.input_schema["properties"]["first"]["default"] == 5
    assert (show.annotations.read_only_hint, pool.annotations.read_only_hint) == (True, False)
    assert pool.input_schema["properties"]["input"] == {"$ref": "#/$defs/CreatePoolInput"}
    assert "idempotencyKey" in pool.input_schema["$defs"]["CreatePoolInput"]["required"]


async def test_a_tool_answers_as_the_graph_does(url: str) -> None:
    async with agent(url) as client:
        result = await client.call_tool("ShowBalances", {"id": ADA, "first": 2})

    assert result.is_error is False
    assert result.structured_content["data"]["customer"]["name"] == "Ada Lovelace"
    assert len(result.structured_content["data"]["customer"]["accounts"]["nodes"]) == 2
    assert json.loads(result.content[0].text) == result.structured_content


async def test_an_allowed_write_is_carried_out_once(url: str) -> None:
    query = "{ accounts(provider: FORMANCE, first: 100) { nodes { id kind } } }"
    async with httpx.AsyncClient(headers=bearer()) as client:
        asked = await client.post(url.replace("/mcp", "/graphql"), json={"query": query})
    accounts = [each["id"] for each in asked.json()["data"]["accounts"]["nodes"] if each["kind"] == "INTERNAL"]
    given = {"input": {"name": "By an agent", "accountIds": accounts[:1], "idempotencyKey": "agents-1"}}
    async with agent(url) as client:
        first = await client.call_tool("CreatePool", given)
        again = await client.call_tool("CreatePool", given)

    assert first.structured_content == again.structured_content
    assert first.structured_content["data"]["createPool"]["pool"]["name"] == "By an agent"


async def test_a_write_that_was_not_allowed_is_no_tool(url: str) -> None:
    async with agent(url) as client:
        result = await client.call_tool("DeletePool", {"input": {"poolId": "x", "idempotencyKey": "k"}})

    assert result.is_error is True
    assert "no such tool" in result.content[0].text


async def test_the_callers_token_decides(url: str) -> None:
    """A caller who is bound to Bruno does not find Ada."""
    async with agent(url, customers="cus_0002") as client:
        denied = await client.call_tool("ShowBalances", {"id": ADA})
        own = await client.call_tool("ShowBalances", {"id": BRUNO})
    async with agent(url, scopes=["pools:read"]) as client:
        lacking = await client.call_tool("ShowBalances", {"id": ADA})

    assert denied.structured_content["data"] == {"customer": None}
    assert own.structured_content["data"]["customer"]["name"] == "Bruno Carvalho"
    assert lacking.structured_content["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_wrong_input_is_told(url: str) -> None:
    async with agent(url) as client:
        result = await client.call_tool("ShowBalances", {"first": 2})

    assert result.is_error is True
    assert result.structured_content["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_nobody_comes_in_without_a_token(url: str) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {"accept": "application/json, text/event-stream"}
    async with httpx.AsyncClient() as client:
        answer = await client.post(url, json=body, headers=headers)

    assert answer.status_code == 401
    assert "www-authenticate" in answer.headers


def test_without_the_setting_there_is_no_such_place(tmp_path: Path) -> None:
    with serving(tmp_path) as process:
        assert httpx.post(f"{process.url}/mcp", json={}).status_code == 404
