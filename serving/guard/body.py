"""The body of a request, whole and counted while it arrives."""

from starlette.types import Message, Receive, Scope

from serving.guard.refusal import Refusal, overloaded
from serving.guard.turns import SMALL, Turns

LARGE_IN_ALL = 64 * 1024 * 1024
"""Bytes that the bodies which are larger than `SMALL` may take in memory together, until it is their turn."""


class Bodies:
    """Reads the bodies of one server's requests. Large ones are let in by turns."""

    def __init__(self, most: int, turns: Turns) -> None:
        self._most, self._turns = most, turns
        self._large = 0

    async def read(self, scope: Scope, receive: Receive) -> bytes | None:
        """The body, or None when the client left before it was complete. Raises `Refusal` for one that is too large."""
        if _announced(scope) > self._most:
            raise self._too_large()
        message = await receive()
        if message["type"] != "http.request":
            return None
        body: bytes = message.get("body", b"")
        if not message.get("more_body") and len(body) <= min(SMALL, self._most):
            return body
        return await self._collected(message, receive)

    async def _collected(self, message: Message, receive: Receive) -> bytes | None:
        body, counted = bytearray(), 0
        try:
            while True:
                body += message.get("body", b"")
                if len(body) > self._most:
                    raise self._too_large()
                large = len(body) if len(body) > SMALL else 0
                self._large += large - counted
                counted = large
                if self._large > LARGE_IN_ALL:
                    raise overloaded(closes=True)
                if not message.get("more_body"):
                    break
                message = await receive()
                if message["type"] != "http.request":
                    return None
            if counted:
                await self._turns.taken()
            return bytes(body)
        finally:
            self._large -= counted

    def _too_large(self) -> Refusal:
        return Refusal(
            413, "PAYLOAD_TOO_LARGE", f"The body of a request may have {self._most} bytes at most.", closes=True
        )


def _announced(scope: Scope) -> int:
    """What the headers say that comes: 0 when they say nothing."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
