"""Requests whose answer is wanted as events: `Accept: text/event-stream`. All others are passed on."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry.types.graphql import OperationType

from resolvers.caller import Caller
from resolvers.screening import Refused
from serving.auth import Callers, Unauthenticated
from serving.draining import Drain
from serving.guard import SMALL, Turns
from serving.guard.middleware import PLACE
from serving.negotiation import JSON, is_json, wants_events
from serving.parameters import Misshapen, decoded, from_url, request_data
from serving.refusals import refused
from serving.sse.writing import Writing
from serving.websocket.execution import EVERY_KIND, Asking, Execution

BY_URL = frozenset({OperationType.QUERY, OperationType.SUBSCRIPTION})
"""What a GET may ask for: it must change nothing."""
KEEP_ALIVE_SECONDS = 15.0


class EventStreams:
    """The app at `/graphql`, in front of the `view` that gives single answers."""

    def __init__(
        self,
        view: ASGIApp,
        *,
        execution: Execution,
        callers: Callers,
        drain: Drain,
        turns: Turns,
        keep_alive: float = KEEP_ALIVE_SECONDS,
    ) -> None:
        self.view, self._execution, self._callers = view, execution, callers
        self._drain, self._turns, self._keep_alive = drain, turns, keep_alive

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if not wants_events(_accepted(scope)):
            await self.view(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            if self._drain.has_begun:
                raise _stopping()
            parameters, asking = await self._parameters(request), await self._asking(request)
        except Refused as refusal:
            await refused(request, refusal)(scope, receive, send)
            return
        leave: Callable[[], None] = scope.get(PLACE) or _nothing
        await self._stream(parameters, asking, request.state.request_id, Writing(request, send, leave))

    async def _stream(self, parameters: dict[str, Any], asking: Asking, request_id: str, writing: Writing) -> None:
        """Until it is complete, the client leaves, or the server stops."""
        is_complete = True
        try:
            async with asyncio.timeout(None) as clock, writing.kept_alive(self._keep_alive):
                with self._drain.told(lambda: clock.reschedule(0)):
                    await self._execution.carry_out(parameters, asking, request_id, writing)
        except TimeoutError:
            is_complete = False
        await writing.end(is_complete=is_complete)

    async def _parameters(self, request: Request) -> dict[str, Any]:
        """What is asked for, checked for its form. Raises `Refused`."""
        try:
            parameters = await self._read(request)
            request_data(parameters)
        except Misshapen as error:
            raise Refused("BAD_REQUEST", str(error)) from None
        return parameters

    async def _read(self, request: Request) -> dict[str, Any]:
        if request.method == "GET":
            return from_url(request.query_params)
        if request.method != "POST":
            refusal = Refused("METHOD_NOT_ALLOWED", "GraphQL is asked by GET or POST.", status=405)
            refusal.headers = {"allow": "GET, POST"}
            raise refusal
        if not is_json(request.headers.get("content-type", "")):
            raise Refused("UNSUPPORTED_MEDIA_TYPE", f"The body of a POST must be {JSON}, in UTF-8.", status=415)
        body = await request.body()
        with self._turns.charged() if len(body) > SMALL else nullcontext():
            return decoded(body)

    async def _asking(self, request: Request) -> Asking:
        address = request.client.host if request.client else ""
        return Asking(
            request.app,
            request.headers,
            await self._identified(request, address),
            address,
            kinds=BY_URL if request.method == "GET" else EVERY_KIND,
            last_seen=request.headers.get("last-event-id"),
        )

    async def _identified(self, request: Request, address: str) -> Caller:
        given = request.headers.getlist("authorization")
        try:
            return await self._callers.identify(", ".join(given) if given else None)
        except Unauthenticated:
            await request.app.state.rates.failed(address)
            raise


def _accepted(scope: Scope) -> str:
    return ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"accept")


def _stopping() -> Refused:
    refusal = Refused("OVERLOADED", "This server is about to stop. Try again.", status=503, retryable=True)
    refusal.headers = {"retry-after": "1"}
    return refusal


def _nothing() -> None:
    """Where nobody counts."""
