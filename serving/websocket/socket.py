"""One socket, from its opening to its end: who asks, what may come when, and how long it may last."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from resolvers.caller import Caller
from serving.auth import AuthUnavailable, Callers, Unauthenticated
from serving.auth.callers import LEEWAY
from serving.parameters import Misshapen, request_data
from serving.rates import RateLimited, RateLimits
from serving.websocket import closing
from serving.websocket.closing import Closing
from serving.websocket.execution import Asking, Execution
from serving.websocket.limits import SocketLimits
from serving.websocket.messages import Complete, Initialise, Message, Payload, Ping, Subscribe, headers_in, message
from serving.websocket.operations import Operations

log = logging.getLogger("tributary.websocket")

PROTOCOL = "graphql-transport-ws"


class Socket:
    """`admit` raises `Closing` for a caller that has too many."""

    def __init__(
        self,
        websocket: WebSocket,
        *,
        limits: SocketLimits,
        callers: Callers,
        execution: Execution,
        admit: Callable[["Socket", Caller], None],
    ) -> None:
        self._websocket, self._limits, self._callers, self._admit = websocket, limits, callers, admit
        self._name: str = websocket.state.request_id
        self._operations = Operations(
            execution,
            name=self._name,
            most=limits.operations,
            send=self._send,
            changed=self._set_clock,
            give_up=self._give_up,
        )
        self._asking: Asking | None = None
        self._was_initialised = False
        self._is_over = False
        self._clock = asyncio.timeout(limits.initialisation)
        self._overdue = closing.not_initialised()

    @property
    def address(self) -> str:
        """The client's, as far as it is known."""
        return self._websocket.client.host if self._websocket.client else ""

    async def serve(self) -> None:
        """Until either side ends it. Its operations end with it, but not what they had begun to write."""
        try:
            await self._converse()
        except Closing as end:
            self._is_over = True
            log.debug("a socket was closed", extra={"requestId": self._name, "code": end.code, "reason": end.reason})
            await self._close(end)
        except WebSocketDisconnect:
            pass
        finally:
            self._is_over = True
            await self._operations.aclose()

    def make_room(self) -> None:
        """Give up waiting for an initialisation."""
        if not self._is_over and not self._clock.expired():
            self._clock.reschedule(0)

    async def _converse(self) -> None:
        try:
            async with self._clock:
                await self._websocket.accept(PROTOCOL)
                while True:
                    await self._take(await self._next())
        except TimeoutError:
            if not self._clock.expired():
                raise
            raise self._overdue from None

    async def _next(self) -> Message:
        event = await self._websocket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event["code"])
        return message(event.get("text"))

    async def _take(self, told: Message) -> None:
        if isinstance(told, Initialise):
            await self._initialise(told.payload)
        elif isinstance(told, Ping):
            await self._send({"type": "pong"})
        elif isinstance(told, Complete):
            await self._operations.stop(told.id)
        elif isinstance(told, Subscribe):
            await self._begin(told)

    async def _initialise(self, payload: Payload) -> None:
        if self._was_initialised:
            raise closing.too_many_initialisations()
        self._was_initialised = True
        headers = {**self._websocket.headers, **headers_in(payload)}
        try:
            caller = await self._identified(headers.get("authorization"))
        except Unauthenticated:
            raise closing.forbidden() from None
        except RateLimited as limited:
            raise closing.too_many_initialisations(limited.message) from None
        except AuthUnavailable as unavailable:
            raise closing.try_again_later(unavailable.message) from None
        self._admit(self, caller)
        self._asking = Asking(self._websocket.app, headers, caller, self.address)
        await self._send({"type": "connection_ack"})
        self._set_clock()

    async def _identified(self, authorization: str | None) -> Caller:
        rates: RateLimits = self._websocket.app.state.rates
        try:
            return await self._callers.identify(authorization)
        except Unauthenticated:
            await rates.failed(self.address)
            raise

    async def _begin(self, told: Subscribe) -> None:
        if self._asking is None:
            raise closing.unauthorized()
        try:
            request_data(told.payload)
        except Misshapen:
            raise closing.bad_message("Invalid message") from None
        await self._operations.start(told.id, told.payload, self._asking)

    def _give_up(self) -> None:
        """End it at once, because its client takes nothing."""
        if not self._is_over and not self._clock.expired():
            self._overdue, self._is_over = closing.too_slow(), True
            self._clock.reschedule(0)

    def _set_clock(self) -> None:
        """A socket lasts as long as its caller's token, and not long without an operation."""
        if self._asking is None or self._is_over or self._clock.expired():
            return
        ends = [] if len(self._operations) else [(self._limits.idle, closing.idle())]
        if self._asking.caller.expires_at is not None:
            ends.append((self._asking.caller.expires_at + LEEWAY - time.time(), closing.forbidden()))
        if not ends:
            self._clock.reschedule(None)
            return
        seconds, self._overdue = min(ends, key=lambda end: end[0])
        self._clock.reschedule(asyncio.get_running_loop().time() + seconds)

    async def _send(self, body: dict[str, Any]) -> None:
        """Send a message, unless it is too late for it."""
        if self._is_over:
            return
        try:
            await self._websocket.send_text(orjson.dumps(body).decode())
        except WebSocketDisconnect:
            self._is_over = True

    async def _close(self, end: Closing) -> None:
        try:
            await self._websocket.close(end.code, end.reason)
        except (WebSocketDisconnect, RuntimeError):
            log.debug("a socket had gone before it was closed", extra={"requestId": self._name})
