"""A made-up vendor for the tests of the core: an app that answers what it is told, in process or on a real socket."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import msgspec
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from providers.domain import Provider
from providers.exchange import Transport
from providers.http import Endpoint, HttpSettings, Upstream
from providers.operation import Operation
from providers.retry import RetrySettings
from providers.telemetry import Telemetry
from providers.transport import InProcessTransport
from providers.wire import Wire

KINDS = ("in process", "over the wire")


class Thing(msgspec.Struct):
    """What the vendor answers with."""

    value: Decimal | None = None


THING = Endpoint("get_thing", "GET", "/things/{id}")
OTHER = Endpoint("get_other", "GET", "/others/{id}")
TOKEN = Endpoint("create_token", "POST", "/token")
DECODER = msgspec.json.Decoder(Thing)
QUICK = RetrySettings(base=0.0)


class Reply(msgspec.Struct):
    """One answer. `gate` holds it back until it is set."""

    status: int = 200
    body: bytes = b'{"value": 1}'
    headers: Mapping[str, str] = MappingProxyType({"content-type": "application/json"})
    gate: asyncio.Event | None = None


class Asked(msgspec.Struct):
    """One request as it arrived."""

    method: str
    raw_path: bytes
    query: bytes
    headers: dict[str, str]
    body: bytes


class Vendor:
    """Answers with its replies one after the other, the last one for ever, and keeps what it was asked."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies) or [Reply()]
        self.asked: list[Asked] = []
        self.busy = 0
        self.most_busy = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        try:
            await self._answer(scope, receive, send)
        finally:
            self.busy -= 1

    def reply(self, asked: Asked) -> Reply:
        """The answer to a request; tests with rules of their own override it."""
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        asked = Asked(scope["method"], scope["raw_path"], scope["query_string"], headers, message.get("body", b""))
        self.asked.append(asked)
        reply = self.reply(asked)
        if reply.gate is not None and not await _opens(reply.gate, receive):
            return
        raw = [(name.encode(), value.encode()) for name, value in reply.headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": raw})
        await send({"type": "http.response.body", "body": reply.body})


async def _opens(gate: asyncio.Event, receive: Receive) -> bool:
    """True when the gate opens, False when the client leaves before."""
    opened, left = asyncio.ensure_future(gate.wait()), asyncio.ensure_future(receive())
    try:
        await asyncio.wait([opened, left], return_when=asyncio.FIRST_COMPLETED)
        return opened.done()
    finally:
        opened.cancel()
        left.cancel()


class Listening:
    """A server on a free port of this machine."""

    def __init__(self, port: int, server: uvicorn.Server) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._server = server

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._server.server_state.connections)


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncIterator[Listening]:
    """The app behind a real server in this very loop."""
    config = uvicorn.Config(app, port=0, lifespan="off", ws="none", log_config=None, access_log=False)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    try:
        yield Listening(server.servers[0].sockets[0].getsockname()[1], server)
    finally:
        await _close(server)


async def _close(server: uvicorn.Server) -> None:
    """As the server's own shutdown, without its pause of a tenth of a second."""
    for listener in server.servers:
        listener.close()
    for connection in list(server.server_state.connections):
        connection.shutdown()
    await until(lambda: not server.server_state.tasks)


@asynccontextmanager
async def raw(
    answer: bytes | Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """A server that reads the head of a request, sends these bytes (or does that), and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client left first
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def calling(transport: Transport, *, url: str = "http://vendor.test", **settings: Any) -> Upstream:
    """A caller of the vendor that retries without pauses unless the settings say otherwise."""
    limits = HttpSettings(**{"retry": QUICK, **settings})
    return Upstream(provider=Provider.PLUGGY, base_url=url, transport=transport, telemetry=Telemetry(), settings=limits)


@asynccontextmanager
async def reached(kind: str, app: ASGIApp, **settings: Any) -> AsyncIterator[Upstream]:
    """A caller of the app, in process or over the wire."""
    if kind == "in process":
        yield calling(InProcessTransport(app), **settings)
        return
    async with listening(app) as server, wired(server.url, **settings) as upstream:
        yield upstream


@asynccontextmanager
async def wired(url: str, **settings: Any) -> AsyncIterator[Upstream]:
    """A caller of an address."""
    upstream = calling(Wire(), url=url, **settings)
    try:
        yield upstream
    finally:
        await upstream.aclose()


async def get(upstream: Upstream, id: str = "1", *, operation: Operation | None = None, **more: Any) -> Thing:
    """Read one thing."""
    endpoint = more.pop("endpoint", THING)
    return await upstream.read(endpoint, DECODER, operation or Operation(timeout=5), path={"id": id}, **more)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; five seconds at most."""
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.001)
