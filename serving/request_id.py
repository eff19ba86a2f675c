"""A name for every request: the caller's `X-Request-Id` when it is a plain one, else a new one. It is sent back."""

import random
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PLAIN = re.compile(rb"[A-Za-z0-9._-]{1,128}")
HEADER = b"x-request-id"


class RequestIds:
    """Middleware: puts `request_id` into the state of a request or a WebSocket, and into an answer's headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Name one request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request_id = _given(scope) or f"{random.getrandbits(128):032x}"
        scope.setdefault("state", {})["request_id"] = request_id

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), (HEADER, request_id.encode("ascii"))]}
            await send(message)

        await self._app(scope, receive, named)


def _given(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == HEADER and _PLAIN.fullmatch(value):
            return str(value, "ascii")
    return None
