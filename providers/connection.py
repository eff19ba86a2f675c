"""One connection to a vendor: HTTP/1.1 parsed by httptools, one request at a time, a bound on all that it keeps."""

import asyncio
import zlib

import httptools

from providers.bodies import SMALL, BodyRefused, Lines, gunzipped

LARGEST_HEAD = 64 * 1024
"""Bytes of an answer's headers, and of anything else that is no body; who sends more is not believed to speak HTTP."""
MOST_TO_REFUSE = 64 * 1024
"""Bytes of an error's body. Of a larger one only the status is used."""


class NotHttp(Exception):
    """What came is no answer in HTTP/1.1."""


class Lost(Exception):
    """The connection ended before the answer did."""


class Reply:
    """An answer as it comes. `body` is unpacked."""

    __slots__ = (
        "_gunzip",
        "_is_packed",
        "_limit",
        "_lines",
        "_pieces",
        "_size",
        "awaited",
        "error",
        "headers",
        "is_large",
        "is_over",
        "status",
    )

    def __init__(self, limit: int, awaited: "asyncio.Future[None]", *, lines: int = 0) -> None:
        self.awaited = awaited
        """Done when it is over, and once before: when it turns out to be large."""
        self.is_over = False
        self.error: Exception | None = None
        """Why there is no whole answer."""
        self.status = 0
        self.headers: dict[str, str] = {}
        """Names are in lower case."""
        self.is_large = False
        self._limit = limit
        self._lines = Lines(lines)
        self._pieces: list[bytes] = []
        self._size = 0
        self._gunzip: zlib._Decompress | None = None
        self._is_packed = False

    @property
    def is_success(self) -> bool:
        """Whether the body is wanted."""
        return 200 <= self.status < 300

    @property
    def has_enough(self) -> bool:
        """All lines that are wanted have come, and the rest is not waited for."""
        return self._lines.are_enough

    @property
    def body(self) -> bytes:
        """All of it."""
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)

    def begin(self, status: int) -> None:
        """The head is there. Raises `BodyRefused` for a body that cannot be unpacked."""
        self.status = status
        if not self.is_success:
            self._limit = min(self._limit, MOST_TO_REFUSE)
            self._lines = Lines(0)
        encoding = self.headers.get("content-encoding")
        if encoding is None or encoding.strip().lower() == "identity":
            return
        if encoding.strip().lower() != "gzip":
            raise BodyRefused("The provider's answer is packed in a way that was not asked for.")
        self._gunzip = zlib.decompressobj(wbits=31)

    def add(self, chunk: bytes) -> bool:
        """Take a part of the body. True when the body has just become large. Raises `BodyRefused`."""
        if self._gunzip is None:
            self._keep(chunk)
        else:
            self._is_packed = True
            for piece in gunzipped(self._gunzip, chunk):
                self._keep(piece)
        if self._size > SMALL and not self.is_large:
            self.is_large = True
            return True
        return False

    def end(self, error: Exception | None = None) -> None:
        """Nothing more comes of it."""
        is_cut = self._gunzip is not None and self._is_packed and not self._gunzip.eof
        if error is None and is_cut and not self.has_enough:
            error = BodyRefused("The provider's answer is cut.")
        if error is not None:
            self._pieces.clear()  # tracebacks would keep them
        self.is_over, self.error = True, error
        self.wake()

    def wake(self) -> None:
        """Tell who waits for it."""
        if not self.awaited.done():
            self.awaited.set_result(None)

    def _keep(self, chunk: bytes) -> None:
        if self.has_enough:
            return
        piece = self._lines.taken(chunk)
        self._size += len(piece)
        if self._size > self._limit:
            raise BodyRefused("The provider's answer is larger than allowed.")
        self._pieces.append(piece)


class Connection(asyncio.Protocol):
    """Made by the loop. `is_idle` says whether another request may be sent over it."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport
        self._reply: Reply | None = None
        self._head_bytes = self._unread = 0
        self._ends_with_connection = self._is_head_alone = self._has_all = False
        self._is_open = False
        self.idle_since = 0.0
        """In the loop's clock, when it is idle."""

    @property
    def is_idle(self) -> bool:
        """Whether it stands, and nobody uses it."""
        return self._is_open and self._reply is None

    def ask(self, request: bytes, *, limit: int, lines: int = 0, is_head: bool = False) -> Reply:
        """Send a request. Its reply's body may have `limit` bytes, and ends after `lines` if there are any.

        One to a HEAD has none, whatever its headers say.
        """
        self._reply = reply = Reply(limit, self.loop.create_future(), lines=lines)
        self._head_bytes = self._unread = 0
        self._ends_with_connection = self._has_all = False
        self._is_head_alone = is_head
        self._transport.write(request)
        return reply

    def go_on(self, reply: Reply) -> None:
        """Read the rest of a large body. Its `awaited` is new."""
        if not reply.is_over:
            reply.awaited = self.loop.create_future()
            self._transport.resume_reading()

    def expire(self) -> None:
        """The answer took too long."""
        if self._reply is not None:
            self._fail(self._reply, TimeoutError())

    def abort(self) -> None:
        """End it at once, whatever is under way."""
        self._is_open = False
        self._reply = None
        self._transport.abort()

    # --- what the loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # of a stream
        self._is_open = True

    def data_received(self, data: bytes) -> None:
        reply = self._reply
        if reply is None:
            self.abort()  # nobody has asked for this
            return
        self._unread += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError as error:
            cause = error.__context__
            self._fail(reply, cause if isinstance(cause, BodyRefused) else NotHttp())
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(reply, NotHttp())
        else:
            if self._unread > LARGEST_HEAD:
                self._fail(reply, NotHttp())
            elif self._has_all and self._reply is reply:
                self._end_without_body(reply)

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_open = False
        reply, self._reply = self._reply, None
        if reply is not None:
            reply.end(None if exc is None and self._ends_with_connection else Lost())

    # --- what the parser calls

    def on_message_begin(self) -> None:
        if self._reply is None:
            self.abort()  # it would be taken for the next request's answer, or for a part of it

    def on_header(self, name: bytes, value: bytes) -> None:
        reply, self._unread = self._reply, 0
        if reply is None:
            return
        self._head_bytes += len(name) + len(value) + 4
        if self._head_bytes > LARGEST_HEAD:
            raise NotHttp
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        known = reply.headers.get(key)
        reply.headers[key] = text if known is None else f"{known}, {text}"

    def on_headers_complete(self) -> None:
        reply, status = self._reply, self._parser.get_status_code()
        if reply is None or status < 200:
            return
        has_end = "content-length" in reply.headers or "transfer-encoding" in reply.headers
        self._ends_with_connection = not has_end and status not in {204, 304}
        self._has_all = self._is_head_alone
        reply.begin(status)

    def on_body(self, body: bytes) -> None:
        reply, self._unread = self._reply, 0
        if reply is None or self._is_head_alone:
            return
        has_grown = reply.add(body)
        if reply.has_enough:
            self.abort()  # the vendor would go on
            reply.end()
        elif has_grown:
            self._transport.pause_reading()
            reply.wake()

    def on_message_complete(self) -> None:
        reply, self._unread = self._reply, 0
        if reply is None:
            return
        if not reply.status:
            reply.headers.clear()  # of an interim answer
            return
        self._reply = None
        if not self._parser.should_keep_alive():
            self._is_open = False
            self._transport.close()
        elif reply.is_large:
            self._transport.resume_reading()
        reply.end()

    def _end_without_body(self, reply: Reply) -> None:
        """The parser would wait for the body that the headers tell of."""
        is_kept = self._parser.should_keep_alive()
        self._parser = httptools.HttpResponseParser(self)
        self._reply = None
        if not is_kept:
            self._is_open = False
            self._transport.close()
        reply.end()

    def _fail(self, reply: Reply, error: Exception) -> None:
        """The rest of the answer is not wanted, and neither is the connection."""
        self.abort()
        reply.end(error)
