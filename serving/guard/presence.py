"""One operation while its client waits. It ends when it is answered, when the client leaves, or when time is over."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.guard.refusal import TOOK_TOO_LONG, Refusal

LEFT: Message = {"type": "http.disconnect"}


LEAVING = "tributary.leaving"
"""Where in a scope the transport puts a `Leaving`."""


class Leaving:
    """How the transport tells that a client has left. Without it a task of its own has to wait for that."""

    __slots__ = ("_has_happened", "_listener", "loop")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._listener: Callable[[], None] | None = None
        self._has_happened = False

    def listen(self, listener: Callable[[], None]) -> None:
        """Be told, at once if it has happened already."""
        self._listener = listener
        if self._has_happened:
            listener()

    def forget(self) -> None:
        """Tell nobody. A listener refers to its scope, which holds this: such a circle would be left as garbage."""
        self._listener = None

    def happen(self) -> None:
        """The client has left."""
        self._has_happened = True
        if self._listener is not None:
            self._listener()


class Presence:
    """`receive` and `send` as the app sees them. The body is there already; nothing else can come but the end."""

    def __init__(self, body: bytes, receive: Receive, send: Send) -> None:
        self._body: bytes | None = body
        self._receive, self._send = receive, send
        self._has_left = self._is_late = self._is_answered = False
        self._leaving: asyncio.Future[None] | None = None
        self._task: asyncio.Task[Any] | None = None
        self._clock: asyncio.TimerHandle | None = None

    async def run(self, app: ASGIApp, scope: Scope, seconds: float) -> None:
        """Run the app until it is done. `seconds` are what it may take until its answer begins.

        Raises `Refusal` when they are over.
        """
        leaving: Leaving | None = scope.get(LEAVING)
        loop, watch = leaving.loop if leaving else asyncio.get_running_loop(), None
        self._task = asyncio.current_task(loop)
        if leaving is not None:
            leaving.listen(self._leave)
        else:
            watch = asyncio.create_task(self._watched())
        self._clock = loop.call_later(seconds, self._expire)
        try:
            await app(scope, self.receive, self.send)
        except asyncio.CancelledError:
            if not self._is_ended_here():
                raise
            if self._is_late:
                raise _took_too_long() from None
        else:
            self._is_ended_here()
        finally:
            self._task = None
            self._clock.cancel()
            if watch is not None:
                watch.cancel()
            if leaving is not None:
                leaving.forget()

    async def receive(self) -> Message:
        """The whole body, then the client's leaving."""
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        if not self._has_left:
            self._leaving = asyncio.get_running_loop().create_future()
            await self._leaving
        return LEFT

    async def send(self, message: Message) -> None:
        """Pass an answer on. Once it has begun, it may take as long as it needs: a stream has no end of its own."""
        if message["type"] == "http.response.start" and self._clock is not None:
            self._clock.cancel()
        elif not message.get("more_body"):
            self._is_answered = True
        await self._send(message)

    def _is_ended_here(self) -> bool:
        """Whether it was cancelled for a reason of ours, and for no other."""
        is_ours = self._has_left or self._is_late
        return is_ours and self._task is not None and self._task.cancelling() > 0 and not self._task.uncancel()

    def _expire(self) -> None:
        if self._task is not None and not self._has_left:
            self._is_late = True
            self._task.cancel()

    def _leave(self) -> None:
        is_first, self._has_left = not self._has_left and not self._is_late, True
        if self._leaving is not None and not self._leaving.done():
            self._leaving.set_result(None)
        if is_first and self._task is not None and not self._is_answered:
            self._task.cancel()

    async def _watched(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._leave()


def _took_too_long() -> Refusal:
    return Refusal(504, "OPERATION_TIMEOUT", TOOK_TOO_LONG)
