"""What carries a request: a real connection, or a sandbox in this very process."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from types import SimpleNamespace

import aiohttp
import httpx
import msgspec
from starlette.types import ASGIApp, Message
from yarl import URL

Transport = httpx.AsyncBaseTransport
"""What `Upstream` needs to reach a vendor."""

SMALL = 256 * 1024
"""Bytes of a body that are read without regard to how many others are being read."""

_PIECE = 64 * 1024
_WITHOUT_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None)


PASSAGE = "passage"
"""The extension of an `httpx.Request` that holds its `Passage`, where somebody wants to know."""


class Passage(msgspec.Struct):
    """How far a request has come. A transport that says nothing of it is taken to have sent it."""

    has_left: bool = False
    """The vendor may have seen a part of it."""


class BodyRefused(Exception):
    """A body that is larger than allowed, or not what its encoding says."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def body_of(response: httpx.Response, *, limit: int, large: asyncio.Semaphore) -> bytes:
    """The body, unpacked as it comes, so that never more than `limit` bytes of it are in memory.

    A body that grows beyond `SMALL` goes on when `large` lets it, so that many at once do not fill the memory either.
    Raises `BodyRefused` when it is larger, cut, or packed in another way than gzip.
    """
    response.headers.encoding = "latin-1"  # as HTTP says; otherwise each look-up guesses
    body, is_large = bytearray(), False
    try:
        async for piece in _pieces(response):
            if len(body) + len(piece) > limit:
                raise BodyRefused("The provider's answer is larger than allowed.")
            if len(body) + len(piece) > SMALL and not is_large:
                is_large = await large.acquire()
            body += piece
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
        for piece in _unpacked(gunzip, chunk):
            yield piece
    if not (gunzip.eof or is_empty):
        raise BodyRefused("The provider's answer is cut.")


def _stream(response: httpx.Response) -> httpx.AsyncByteStream:
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise TypeError("a transport must hand on the body while it comes")
    return response.stream


def _unpacked(gunzip: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    while chunk:
        try:
            yield gunzip.decompress(chunk, _PIECE)
        except zlib.error as error:
            raise BodyRefused("The provider's answer cannot be unpacked.") from error
        if gunzip.unused_data:
            raise BodyRefused("The provider's answer goes on after its end.")
        chunk = gunzip.unconsumed_tail


def over_the_wire(*, connections: int) -> httpx.AsyncBaseTransport:
    """Real connections, kept alive: at most `connections` at once for reads, and as many for writes. No cookies."""
    return _Wire(connections)


class _Wire(httpx.AsyncBaseTransport):
    """httpx in front, aiohttp beneath: far less work for a call than httpx's own connections."""

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._watched: aiohttp.ClientSession | None = None
        """For requests with a `Passage`: notes when they leave, over connections of its own."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and return once the head of the answer is there. Redirects are answers like others."""
        if self._session is None or self._watched is None:
            self._session, self._watched = self._connect()
        passage: Passage | None = request.extensions.get(PASSAGE)
        if passage is not None:
            passage.has_left = False  # first there has to be a connection
        session = self._session if passage is None else self._watched
        response = await session.request(
            request.method,
            URL(str(request.url), encoded=True),  # as it is: decoded and encoded anew, ids could end their segment
            headers=[(name.decode(), value.decode()) for name, value in request.headers.raw],
            data=request.content or None,
            allow_redirects=False,
            auto_decompress=False,
            timeout=_WITHOUT_TIMEOUT,
            trace_request_ctx=passage,
        )
        return httpx.Response(response.status, headers=response.raw_headers, stream=_WireBody(response))

    async def aclose(self) -> None:
        """Close the connections."""
        for session in (self._watched, self._session):
            if session is not None:
                await session.close()

    def _connect(self) -> tuple[aiohttp.ClientSession, aiohttp.ClientSession]:
        watch = aiohttp.TraceConfig()
        watch.on_request_headers_sent.append(_leaves)
        return _session(self._connections), _session(self._connections, watch)


def _session(connections: int, *watches: aiohttp.TraceConfig) -> aiohttp.ClientSession:
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=30),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        trace_configs=list(watches),
    )
    session._retry_connection = False  # aiohttp would call once more by itself, uncounted and outside the budget
    return session


async def _leaves(
    _session: aiohttp.ClientSession, context: SimpleNamespace, _sent: aiohttp.TraceRequestHeadersSentParams
) -> None:
    """The connection stands, and the first bytes are written next."""
    context.trace_request_ctx.has_left = True


class _WireBody(httpx.AsyncByteStream):
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._response.content.iter_any()

    async def aclose(self) -> None:
        self._response.close()  # the connection is kept when the body was read to its end


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
