"""Subscribers over real sockets, in both transports, seen alike: each yields what it is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import httpx

from tests.inside import Inside
from tests.websocket.client import PATIENCE, Client, ready

Told = dict[str, Any]


class Subscriber(Protocol):
    """Gives one result after another."""

    async def next(self) -> Told:
        """The next result: `data`, `errors`. `{"complete": True}` at the end."""


class BySocket:
    """An operation of a socket."""

    def __init__(self, client: Client, id: str = "1") -> None:
        self.client, self.id = client, id

    async def next(self) -> Told:
        message = await self.client.next()
        assert message["id"] == self.id
        if message["type"] == "complete":
            return {"complete": True}
        return message["payload"] if message["type"] == "next" else {"errors": message["payload"]}


class ByEvents:
    """A response of events. `last_id` is what a browser would send as `Last-Event-ID`."""

    def __init__(self, response: httpx.Response) -> None:
        self.response, self.last_id = response, ""
        self.comments = 0
        self._lines = response.aiter_lines()

    async def next(self) -> Told:
        found: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if not line and found:
                    break
                name, _, value = line.partition(":")
                if name:
                    found[name] = value.removeprefix(" ")
                elif line:
                    self.comments += 1
        self.last_id = found.get("id", self.last_id)
        if not found:
            return {"cut": True}
        if found["event"] == "complete":
            assert found == {"event": "complete", "data": ""}
            return {"complete": True}
        assert found["event"] == "next"
        body: Told = json.loads(found["data"])
        return body


@asynccontextmanager
async def by_socket(
    server: Inside, query: str, *, headers: dict[str, str] | None = None, **variables: Any
) -> AsyncIterator[BySocket]:
    """Subscribe over a WebSocket."""
    async with ready(server.url, **(headers or {})) as client:
        await client.subscribe("1", query, variables=variables)
        yield BySocket(client)


@asynccontextmanager
async def by_events(
    server: Inside, query: str, *, headers: dict[str, str] | None = None, **variables: Any
) -> AsyncIterator[ByEvents]:
    """Subscribe by Server-Sent Events."""
    async with (
        httpx.AsyncClient(base_url=server.url, timeout=PATIENCE) as http,
        http.stream(
            "POST",
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"accept": "text/event-stream", **(headers or {})},
        ) as response,
    ):
        yield ByEvents(response)


BOTH = {"websocket": by_socket, "events": by_events}


async def listening(server: Inside, count: int) -> None:
    """Wait until so many subscriptions listen, and no others are there."""
    feed = server.app.state.feed
    async with asyncio.timeout(PATIENCE):
        while (feed.subscriptions, feed.waiting) != (count, count):  # noqa: ASYNC110 - it is another thread's
            await asyncio.sleep(0.005)
