"""The body of a request, whole and counted while it arrives."""

from starlette.types import Receive, Scope

from serving.guard.refusal import Refusal, overloaded

SMALL = 64 * 1024
LARGE_IN_ALL = 64 * 1024 * 1024
"""Bytes that the bodies which are larger than `SMALL` may take in memory together, while they arrive."""


class Bodies:
    """Reads the bodies of one server's requests."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._large = 0

    async def read(self, scope: Scope, receive: Receive) -> bytes | None:
        """The body, or None when the client left before it was complete. Raises `Refusal` for one that is too large."""
        if _announced(scope) > self._most:
            raise self._too_large()
        message = await receive()
        if message["type"] != "http.request":
            return None
        if not message.get("more_body"):
            body: bytes = message.get("body", b"")
            if len(body) > self._most:
                raise self._too_large()
            return body
        return await self._collected(message.get("body", b""), receive)

    async def _collected(self, first: bytes, receive: Receive) -> bytes | None:
        body, counted = bytearray(first), 0
        try:
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return None
                body += message.get("body", b"")
                if len(body) > self._most:
                    raise self._too_large()
                large = len(body) if len(body) > SMALL else 0
                self._large += large - counted
                counted = large
                if self._large > LARGE_IN_ALL:
                    raise overloaded(closes=True)
                if not message.get("more_body"):
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
