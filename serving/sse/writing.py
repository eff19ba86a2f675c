"""The response of one operation, as events: `next` for each result, and `complete` at its end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
from starlette.requests import Request
from starlette.types import Send

from resolvers.screening import Refused
from serving.refusals import refused

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"vary", b"accept"),
    (b"x-accel-buffering", b"no"),
]
"""The last one keeps proxies from holding back what is small."""
KEEP_ALIVE = b":\n\n"
COMPLETE = b"event: complete\ndata:\n\n"
TOLD_BY_STATUS = frozenset({401, 403, 429, 503})
"""Refusals that a client tells by the status. Any other is a result: what reads events cannot read other answers."""


class Writing:
    """An `Outlet`. `began` is called once, when the operation has begun to wait for events."""

    def __init__(self, request: Request, send: Send, began: Callable[[], None]) -> None:
        self._request, self._send, self._began = request, send, began
        self._turn = asyncio.Lock()
        self._has_started = self._is_refused = self._is_cut = False

    async def begin(self) -> None:
        """Tell the client that the operation is good."""
        if not self._has_started:
            self._began()
            await self._write(b"")

    async def deliver(self, body: dict[str, Any], *, cursor: str | None, refusal: Refused | None) -> None:
        """Send a result; before anything else was sent, a refusal may be the answer in its place."""
        if refusal is not None and refusal.status in TOLD_BY_STATUS and not self._has_started:
            self._is_refused = True
            await refused(self._request, refusal)(self._request.scope, self._request.receive, self._send)
            return
        await self._write(_event(body, cursor))

    async def give_up(self) -> None:
        """End without saying that it is complete."""
        self._is_cut = True

    async def end(self, *, is_complete: bool) -> None:
        """End the response. Where it is not complete, a client comes back for the rest."""
        if not self._is_refused:
            await self._write(COMPLETE if is_complete and not self._is_cut else b"", more=False)

    @asynccontextmanager
    async def kept_alive(self, seconds: float) -> AsyncIterator[None]:
        """Say something now and then while the block lasts, so that nobody in between takes the client for gone."""
        task = asyncio.create_task(self._keep_alive(seconds))
        try:
            yield
        finally:
            task.cancel()

    async def _keep_alive(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            if self._has_started:
                await self._write(KEEP_ALIVE)

    async def _write(self, data: bytes, *, more: bool = True) -> None:
        async with self._turn:
            if not self._has_started:
                self._has_started = True
                await self._send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await self._send({"type": "http.response.body", "body": data, "more_body": more})


def _event(body: dict[str, Any], cursor: str | None) -> bytes:
    """A result. JSON has no line breaks of its own."""
    named = b"" if cursor is None else b"id: %s\n" % cursor.encode("ascii")
    return b"event: next\n%sdata: %s\n\n" % (named, orjson.dumps(body))
