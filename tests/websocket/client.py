"""A client of `graphql-transport-ws`, over a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PROTOCOL = "graphql-transport-ws"
Message = dict[str, Any]
PATIENCE = 90.0
"""Seconds that a slow machine may take for anything."""


class Client:
    """One socket. `code` and `reason` say how it was closed."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def next(self) -> Message:
        text = await asyncio.wait_for(self.connection.recv(), PATIENCE)
        assert isinstance(text, str)
        message: Message = json.loads(text)
        return message

    async def begin(self, **payload: Any) -> Message:
        """Say who asks. The server's answer."""
        await self.send(type="connection_init", payload=payload)
        return await self.next()

    async def subscribe(self, id: str, query: str, **more: Any) -> None:
        await self.send(type="subscribe", id=id, payload={"query": query, **more})

    async def results(self, query: str, id: str = "1", **more: Any) -> list[Message]:
        """All that comes for one operation."""
        await self.subscribe(id, query, **more)
        found = [await self.next()]
        while found[-1]["type"] == "next":
            found.append(await self.next())
        assert {message["id"] for message in found} == {id}
        return found

    async def ask(self, query: str, **more: Any) -> Message:
        """The one result of an operation that runs."""
        result, end = await self.results(query, **more)
        assert (result["type"], end) == ("next", {"id": end["id"], "type": "complete"})
        payload: Message = result["payload"]
        return payload

    async def error(self, query: str, **more: Any) -> Message:
        """The one error of an operation that does not run."""
        [end] = await self.results(query, **more)
        assert end["type"] == "error"
        [error] = end["payload"]
        return dict(error)

    async def closed(self) -> tuple[int | None, str | None]:
        """How the server closes it: code and reason."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    await self.connection.recv()
        except ConnectionClosed:
            return self.connection.close_code, self.connection.close_reason


@asynccontextmanager
async def opened(url: str, **options: Any) -> AsyncIterator[Client]:
    """A socket that has said nothing yet."""
    address = url.replace("http://", "ws://") + "/graphql"
    async with connect(address, **{"subprotocols": [PROTOCOL], "max_size": None, **options}) as connection:
        yield Client(connection)


@asynccontextmanager
async def ready(url: str, **payload: Any) -> AsyncIterator[Client]:
    """A socket on which operations may begin."""
    async with opened(url) as client:
        assert await client.begin(**payload) == {"type": "connection_ack"}
        yield client


@asynccontextmanager
async def slow_pools(url: str, *, delay_ms: int = 60_000, times: int = 1000) -> AsyncIterator[None]:
    """As long as the block lasts, the vendor takes this long to list pools."""
    fault = {"vendor": "formance", "method": "GET", "path": "*/pools*", "times": times, "delay_ms": delay_ms}
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        assert (await http.post("/sandbox/_faults", json=fault)).status_code == 201
        yield
        await http.delete("/sandbox/_faults")
