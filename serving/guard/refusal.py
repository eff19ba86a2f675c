"""An answer that comes in place of any other, in GraphQL's words."""

import http
from collections.abc import Iterable

import orjson
from starlette.types import Scope, Send

Headers = list[tuple[bytes, bytes]]

NO_ROOM = "The server has too much to do. Try again soon."
TOOK_TOO_LONG = (
    "The operation took too long. A write that it had begun may still be carried out: "
    "send it again with the same idempotencyKey to get its outcome."
)


class Refusal(Exception):
    """A request that is not answered. The message is sent as it is; `retry_after` is in seconds.

    `closes` ends the connection, because the rest of the request is not wanted.
    """

    def __init__(
        self, status: int, code: str, message: str, *, retry_after: int | None = None, closes: bool = False
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self._retry_after, self._closes = retry_after, closes

    async def send(self, scope: Scope, send: Send) -> None:
        """As an ASGI app answers."""
        body = self._body(scope.get("state", {}).get("request_id"))
        await send({"type": "http.response.start", "status": self.status, "headers": self._headers(body)})
        await send({"type": "http.response.body", "body": body})

    def written(self, usual: Iterable[tuple[bytes, bytes]]) -> bytes:
        """As bytes of HTTP/1.1, after which the connection ends. `usual` are the headers of every answer."""
        body = self._body(None)
        head = f"HTTP/1.1 {self.status} {http.HTTPStatus(self.status).phrase}\r\n".encode("ascii")
        headers = [*usual, *self._headers(body)]
        if not self._closes:
            headers.append((b"connection", b"close"))
        return head + b"".join(b"%s: %s\r\n" % header for header in headers) + b"\r\n" + body

    def _headers(self, body: bytes) -> Headers:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        if self._retry_after is not None:
            headers.append((b"retry-after", b"%d" % self._retry_after))
        if self._closes:
            headers.append((b"connection", b"close"))
        return headers

    def _body(self, request_id: str | None) -> bytes:
        extensions: dict[str, object] = {"code": self.code}
        if self._retry_after is not None:
            extensions |= {"retryable": True, "retryAfter": self._retry_after}
        if request_id is not None:
            extensions["requestId"] = request_id
        return orjson.dumps({"errors": [{"message": self.message, "extensions": extensions}]})


def overloaded(*, closes: bool = False) -> Refusal:
    """There is no room now."""
    return Refusal(503, "OVERLOADED", NO_ROOM, retry_after=1, closes=closes)
