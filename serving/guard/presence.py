"""One operation while its client waits. It ends when it is answered, when the client leaves, or when time is over."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.guard.refusal import TOOK_TOO_LONG, Refusal

LEFT: Message = {"type": "http.disconnect"}


class Presence:
    """`receive` and `send` as the app sees them. The body is there already; nothing else can come but the end."""

    def __init__(self, body: bytes, receive: Receive, send: Send) -> None:
        self._body: bytes | None = body
        self._receive, self._send = receive, send
        self._left = asyncio.Event()
        self._is_answered = False
        self._clock: asyncio.Timeout | None = None

    async def run(self, app: ASGIApp, scope: Scope, seconds: float) -> None:
        """Run the app until it is done. `seconds` are what it may take until its answer begins.

        Raises `Refusal` when they are over.
        """
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - told to mypy
        watch = asyncio.create_task(self._watched(task))
        try:
            async with asyncio.timeout(seconds) as clock:
                self._clock = clock
                await app(scope, self.receive, self.send)
        except TimeoutError:
            if not clock.expired():
                raise
            raise _took_too_long() from None
        except asyncio.CancelledError:
            if not self._left.is_set() or task.uncancel():
                raise
        finally:
            watch.cancel()

    async def receive(self) -> Message:
        """The whole body, then the client's leaving."""
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._left.wait()
        return LEFT

    async def send(self, message: Message) -> None:
        """Pass an answer on. Once it has begun, it may take as long as it needs: a stream has no end of its own."""
        if message["type"] == "http.response.start" and self._clock is not None:
            self._clock.reschedule(None)
        elif not message.get("more_body"):
            self._is_answered = True
        await self._send(message)

    async def _watched(self, task: "asyncio.Task[None]") -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._left.set()
        if not self._is_answered:
            task.cancel()


def _took_too_long() -> Refusal:
    return Refusal(504, "OPERATION_TIMEOUT", TOOK_TOO_LONG)
