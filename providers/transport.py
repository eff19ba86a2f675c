"""Requests over an httpx transport: the one to a sandbox in this process, or a test's own."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import httpx
from starlette.types import ASGIApp, Message

from providers.answers import Answer
from providers.bodies import SMALL, BodyRefused, Lines, gunzipped
from providers.connection import MOST_TO_REFUSE, Lost
from providers.errors import Garbled
from providers.letter import Letter
from providers.wire import TooLong


async def by_httpx(
    letter: Letter, transport: httpx.AsyncBaseTransport, large: asyncio.Semaphore, blame: Callable[..., Exception]
) -> Answer:
    """As `Wire.exchange` asks. Raises what `blame` makes of an answer that cannot be read, `TooLong` and `Lost`."""
    try:
        return await _answered(letter, transport, large, blame)
    except httpx.InvalidURL as error:
        raise TooLong from error
    except httpx.TransportError as error:
        raise Lost from error


async def _answered(
    letter: Letter, transport: httpx.AsyncBaseTransport, large: asyncio.Semaphore, blame: Callable[..., Exception]
) -> Answer:
    response = await transport.handle_async_request(request_of(letter))
    try:
        limit = letter.max_bytes if response.is_success else MOST_TO_REFUSE
        lines = Lines(letter.lines if response.is_success else 0)
        body = await body_of(response, limit=limit, large=large, lines=lines)
    except BodyRefused as error:
        if response.is_success:
            raise blame(Garbled, error.reason, status=response.status_code) from error
        body = b""
    finally:
        await response.aclose()
    return Answer(response.status_code, response.headers, body)


def request_of(letter: Letter) -> httpx.Request:
    """A letter as httpx has it. Its transports do not say when a request leaves, so it has left."""
    if letter.passage is not None:
        letter.passage.has_left = True
    return httpx.Request(letter.method, letter.url, headers=dict(letter.headers.fields), content=letter.content)


async def body_of(
    response: httpx.Response, *, limit: int, large: asyncio.Semaphore, lines: Lines | None = None
) -> bytes:
    """The body, unpacked as it comes, so that never more than `limit` bytes of it are in memory.

    With `lines` the rest after them is not read. A body that grows beyond `SMALL` goes on when `large` lets it, so that
    many at once do not fill the memory either. Raises `BodyRefused` when it is larger, cut, or packed in another way
    than gzip.
    """
    response.headers.encoding = "latin-1"  # as HTTP says; otherwise each look-up guesses
    body, is_large, lines = bytearray(), False, lines or Lines(0)
    try:
        async for each in _pieces(response):
            piece = lines.taken(each)
            if len(body) + len(piece) > limit:
                raise BodyRefused("The provider's answer is larger than allowed.")
            if len(body) + len(piece) > SMALL and not is_large:
                is_large = await large.acquire()
            body += piece
            if lines.are_enough:
                break
        return bytes(body)
    except BaseException:
        body.clear()  # the exception's traceback would keep it until the garbage is collected
        raise
    finally:
        if is_large:
            large.release()


async def _pieces(response: httpx.Response) -> AsyncIterator[bytes]:
    """The unpacked body in pieces that stay small, however well it was packed. Raises `BodyRefused`."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding == "identity":
        async for chunk in _stream(response):
            yield chunk
        return
    if encoding != "gzip":
        raise BodyRefused("The provider's answer is packed in a way that was not asked for.")
    gunzip, is_empty = zlib.decompressobj(wbits=31), True
    async for chunk in _stream(response):
        is_empty = is_empty and not chunk
        for piece in gunzipped(gunzip, chunk):
            yield piece
    if not (gunzip.eof or is_empty):
        raise BodyRefused("The provider's answer is cut.")


def _stream(response: httpx.Response) -> httpx.AsyncByteStream:
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise TypeError("a transport must hand on the body while it comes")
    return response.stream


class InProcessTransport(httpx.AsyncBaseTransport):
    """Calls an ASGI app. The body is handed on as the app sends it, so that size limits and deadlines hold here too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Start the app and return once it has sent the head of its answer."""
        exchange = _Exchange(self._app, request, await request.aread())
        try:
            status, headers = await exchange.head()
        except BaseException:
            await exchange.aclose()
            raise
        return httpx.Response(status, headers=headers, stream=exchange, request=request)


class _Exchange(httpx.AsyncByteStream):
    def __init__(self, app: ASGIApp, request: httpx.Request, body: bytes) -> None:
        self._request, self._body = request, body
        self._sent: asyncio.Queue[Message | None] = asyncio.Queue(maxsize=8)
        self._is_read = False
        self._task = asyncio.get_running_loop().create_task(self._run(app))

    async def head(self) -> tuple[int, list[tuple[bytes, bytes]]]:
        message = await self._sent.get()
        if message is None:
            raise self._failure()
        return message["status"], message.get("headers", [])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            message = await self._sent.get()
            if message is None:
                raise self._failure()
            yield message.get("body", b"")
            if not message.get("more_body", False):
                return

    async def aclose(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _run(self, app: ASGIApp) -> None:
        with suppress(Exception):  # whatever broke the app is a broken connection to its client
            await app(self._scope(), self._receive, self._sent.put)
        await self._sent.put(None)

    async def _receive(self) -> Message:
        if self._is_read:
            await asyncio.Event().wait()  # a client that stays until the answer is complete
        self._is_read = True
        return {"type": "http.request", "body": self._body, "more_body": False}

    def _scope(self) -> dict[str, object]:
        url = self._request.url
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": self._request.method,
            "scheme": url.scheme,
            "path": url.path,
            "raw_path": url.raw_path.split(b"?")[0],
            "query_string": url.query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in self._request.headers.raw],
            "server": (url.host, url.port),
            "client": ("127.0.0.1", 0),
        }

    def _failure(self) -> httpx.TransportError:
        return httpx.RemoteProtocolError("the connection was cut", request=self._request)
