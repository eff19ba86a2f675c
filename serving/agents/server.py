"""The protocol's server: lists the tools, and carries one out as its caller."""

import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import mcp_types as types
import orjson
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request
from starlette.types import Receive, Scope, Send
from strawberry.types.graphql import OperationType

from resolvers.screening import Refused
from serving.admission import admitted
from serving.agents.tools import Tool
from serving.refusals import refused
from serving.version import VERSION
from serving.websocket.execution import Asking, Execution

INSTRUCTIONS = (
    "Tools read (and, where allowed, move) money at financial vendors through one graph. Amounts are decimal strings: "
    "never round them. Ids are opaque. A field that is null with an entry in `errors` could not be read: say so, and "
    "do not guess."
)
ONE_ANSWER = frozenset({OperationType.QUERY, OperationType.MUTATION})
MOST_BYTES = 256 * 1024


class Agents:
    """The app at `/mcp`. Nothing is kept between requests: any replica can answer any of them."""

    def __init__(self, tools: Mapping[str, Tool], execution: Execution) -> None:
        self._tools, self._execution = tools, execution
        self._server: Server[Any] = Server(
            "tributary",
            version=VERSION,
            instructions=INSTRUCTIONS,
            on_list_tools=self._list,
            on_call_tool=self._call,
        )
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Requests are answered inside the block. It can be entered again after its end."""
        self._manager = StreamableHTTPSessionManager(
            self._server, json_response=True, stateless=True, max_request_body_size=MOST_BYTES
        )
        try:
            async with self._manager.run():
                yield
        finally:
            self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, of a caller with a valid token."""
        request = Request(scope, receive)
        try:
            request.state.asking = await _asking(request)
        except Refused as refusal:
            await refused(request, refusal)(scope, receive, send)
            return
        assert self._manager is not None  # noqa: S101 - nothing is served before the start or after the end
        await self._manager.handle_request(scope, receive, send)

    async def _list(self, _context: Any, _params: types.PaginatedRequestParams | None) -> types.ListToolsResult:  # noqa: ANN401
        return types.ListToolsResult(tools=[_listed(tool) for tool in self._tools.values()])

    async def _call(self, context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:  # noqa: ANN401
        tool = self._tools.get(params.name)
        if tool is None:
            return _answered({"errors": [{"message": "There is no such tool."}]})
        asking: Asking = context.request.state.asking
        answered = _Single()
        parameters = {"query": tool.text, "operationName": tool.name, "variables": params.arguments or {}}
        await self._execution.carry_out(parameters, asking, uuid.uuid4().hex, answered)
        return _answered(answered.body)


class _Single:
    """An `Outlet` for one answer."""

    def __init__(self) -> None:
        self.body: Mapping[str, Any] = {}

    async def begin(self) -> None:
        """Nothing to be told."""

    async def deliver(self, body: dict[str, Any], *, cursor: str | None, refusal: Refused | None) -> None:  # noqa: ARG002
        """Keep it."""
        self.body = body

    async def give_up(self) -> None:
        """Nothing to be closed: who asked has one request, which ends with the answer."""


async def _asking(request: Request) -> Asking:
    """Who asks. Raises `Refused`."""
    state, given = request.app.state, request.headers.getlist("authorization")
    address = request.client.host if request.client else ""
    caller = await admitted(", ".join(given) if given else None, address, callers=state.callers, rates=state.rates)
    return Asking(request.app, {}, caller, address, kinds=ONE_ANSWER)


def _listed(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        description=tool.description,
        input_schema=dict(tool.inputs),
        annotations=types.ToolAnnotations(
            read_only_hint=not tool.is_write, destructive_hint=tool.is_write, idempotent_hint=True, open_world_hint=True
        ),
    )


def _answered(body: Mapping[str, Any]) -> types.CallToolResult:
    """GraphQL's answer as it is: whoever asked sees what is missing, and why."""
    whole = orjson.loads(orjson.dumps(body))
    text = types.TextContent(type="text", text=orjson.dumps(whole).decode())
    return types.CallToolResult(content=[text], structured_content=whole, is_error=whole.get("data") is None)
