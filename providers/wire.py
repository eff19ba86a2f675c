"""Real connections to the vendors: kept alive, without cookies, redirects and the environment's proxies.

Calls are what this server makes most of, and the quickest library takes three times as much of the processor for one.
`connection.py` is one connection; here is who owns them.
"""

import asyncio
import ssl
import time
from functools import lru_cache

from providers.connection import Connection, Reply
from providers.letter import Letter

IDLE_SECONDS = 30.0
_LONGEST_URL = 64 * 1024
_PORTS = {"http": 80, "https": 443}
_WITH_A_BODY = frozenset({"POST", "PUT", "PATCH"})

_Key = tuple[str, str, bool]


class TooLong(Exception):
    """An address that no server accepts."""


class Wire:
    """The connections to a vendor. Writes have others than reads.

    How many there are at once is for those to say who ask: a request never waits here for another one to end.
    """

    def __init__(self) -> None:
        self._idle: dict[_Key, list[Connection]] = {}
        self._sweeping: asyncio.TimerHandle | None = None
        self._is_closed = False

    async def exchange(self, letter: Letter, *, large: asyncio.Semaphore) -> Reply:
        """Send a request and give its whole answer. A large one is read when `large` lets it.

        How it ended stands in the reply, also that it took too long. Raises `OSError` when there is no connection,
        `TimeoutError` when there was none in time, and `TooLong`.
        """
        scheme, authority, target = _parts(letter.url)
        key = scheme, authority, letter.passage is not None
        request = _written(letter, authority, target)
        connection, seconds = self._kept(key), letter.timeout
        if connection is None:
            began = time.monotonic()
            async with asyncio.timeout(seconds):
                connection = await _connected(scheme, authority)
            seconds -= time.monotonic() - began
        try:
            if letter.passage is not None:
                letter.passage.has_left = True
            reply = connection.ask(request, limit=letter.max_bytes, lines=letter.lines, is_head=letter.method == "HEAD")
            clock = connection.loop.call_later(seconds, connection.expire)
            try:
                await reply.awaited
                if not reply.is_over:
                    await _rest(connection, reply, large, clock.when())
            finally:
                clock.cancel()
        except BaseException:
            connection.abort()
            raise
        self._keep(key, connection)
        return reply

    async def aclose(self) -> None:
        """Close the connections."""
        self._is_closed = True
        if self._sweeping is not None:
            self._sweeping.cancel()
        for connections in self._idle.values():
            for connection in connections:
                connection.abort()
        self._idle.clear()
        await asyncio.sleep(0)  # the loop closes them in its next turn

    def _kept(self, key: _Key) -> Connection | None:
        idle = self._idle.get(key)
        while idle:
            connection = idle.pop()
            if connection.is_idle:
                return connection
        return None

    def _keep(self, key: _Key, connection: Connection) -> None:
        if not connection.is_idle:
            return
        if self._is_closed:
            connection.abort()
            return
        connection.idle_since = connection.loop.time()
        self._idle.setdefault(key, []).append(connection)
        if self._sweeping is None:
            self._sweeping = connection.loop.call_later(IDLE_SECONDS, self._sweep)

    def _sweep(self) -> None:
        """Close what has been idle for long: the other side soon does, and a request must not meet that."""
        loop = asyncio.get_running_loop()
        for idle in self._idle.values():
            for connection in idle:
                if loop.time() - connection.idle_since >= IDLE_SECONDS:
                    connection.abort()
            idle[:] = [connection for connection in idle if connection.is_idle]
        is_any_left = any(self._idle.values())
        self._sweeping = loop.call_later(IDLE_SECONDS / 4, self._sweep) if is_any_left else None


async def _rest(connection: Connection, reply: Reply, large: asyncio.Semaphore, deadline: float) -> None:
    """The rest of a large body. Its turn may come too late."""
    async with asyncio.timeout_at(deadline), large:
        connection.go_on(reply)
        await reply.awaited


async def _connected(scheme: str, authority: str) -> Connection:
    host, port = _address(scheme, authority)
    _, connection = await asyncio.get_running_loop().create_connection(
        Connection, host, port, ssl=_tls() if scheme == "https" else None
    )
    return connection


@lru_cache(maxsize=64)
def _address(scheme: str, authority: str) -> tuple[str, int]:
    host, colon, port = authority.rpartition(":")
    if not colon or port.endswith("]"):
        host, port = authority, ""
    return host.strip("[]"), int(port or _PORTS[scheme])


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _parts(url: str) -> tuple[str, str, str]:
    """Scheme, host with port, and the rest, which is percent-encoded."""
    if len(url) > _LONGEST_URL:
        raise TooLong
    scheme, _, rest = url.partition("://")
    authority, slash, target = rest.partition("/")
    return scheme, authority, f"{slash}{target}" or "/"


def _written(letter: Letter, authority: str, target: str) -> bytes:
    content = letter.content
    length = f"content-length: {len(content)}\r\n" if content or letter.method in _WITH_A_BODY else ""
    head = f"{letter.method} {target} HTTP/1.1\r\nhost: {authority}\r\n{length}".encode("ascii")
    return b"%b%b\r\n%b" % (head, letter.headers.written, content)
