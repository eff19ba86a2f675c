"""Messages that sandboxes send on their own: in the background, again until they are taken, to this machine alone."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from providers.connection import Lost, NotHttp
from providers.letter import Headers, Letter, Passage
from providers.loopback import is_loopback
from providers.wire import TooLong, Wire

RETRY_SECONDS = (0.1, 1.0, 5.0, 30.0, 120.0)
"""How long after an attempt the next one is made. After the last one a message is given up."""
ATTEMPT_SECONDS = 10.0
MOST_WAITING = 10_000
"""Messages. Beyond, the oldest is given up."""
PATIENCE = 5.0
"""Seconds for what is on its way when the sandbox ends. What waits for another attempt is given up then."""

LOST = 0
"""As a status: nobody answered."""

Door = Callable[[Mapping[str, str], bytes], Awaitable[int]]
"""A receiver in this process: takes headers, with names in lower case, and a body; gives a status."""


class Posting(msgspec.Struct, eq=False):
    """A message to one receiver. `headers` are made for each attempt, as they hold its time."""

    url: str
    body: bytes
    headers: Callable[[bytes], Mapping[str, str]]
    attempts: int = 0


class Mischief(msgspec.Struct, forbid_unknown_fields=True):
    """What goes wrong with messages, for tests. Nothing at first."""

    repeat: Annotated[int, Meta(ge=1, le=10)] = 1
    """How often each attempt is made."""
    reverse: bool = False
    """What waits leaves newest first."""
    forge: bool = False
    """What is sent is not what was signed."""
    lose: Annotated[int, Meta(ge=0)] = 0
    """So many attempts get lost on their way."""


class Outbox:
    """Of one sandbox. `doors` are the receivers in this process, by the address under which messages go to them."""

    def __init__(self, retry_seconds: tuple[float, ...] = RETRY_SECONDS) -> None:
        self.doors: dict[str, Door] = {}
        self.mischief = Mischief()
        self.is_local = True
        """Whether receivers outside this process, on this machine, are served."""
        self.taken = 0
        """Messages that a receiver has taken."""
        self.retry_seconds = retry_seconds
        self._waiting: dict[str, deque[Posting]] = {}
        """By their receiver: one that is slow holds up no other."""
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._later: set[asyncio.Task[None]] = set()
        self._wire: Wire | None = None
        self._is_closed = False

    def open(self, doors: Mapping[str, Door]) -> None:
        """Begin, with these receivers in this process."""
        self._is_closed = False
        self.doors.update(doors)

    def send(self, posting: Posting) -> None:
        """Send it soon. Whoever calls never waits."""
        if self._is_closed:
            return
        url = posting.url
        self._waiting.setdefault(url, deque(maxlen=MOST_WAITING)).append(posting)
        if url not in self._sending:
            self._sending[url] = asyncio.get_running_loop().create_task(self._send_all(url))

    async def idle(self) -> None:
        """Wait until nothing is under way, nor waits for another attempt."""
        while tasks := [*self._later, *self._sending.values()]:
            await asyncio.wait(tasks)
            await asyncio.sleep(0)  # what a task has done shows only after its end

    async def aclose(self, patience: float = PATIENCE) -> None:
        """End: what is under way still arrives, if that does not take long."""
        self._is_closed = True
        for later in self._later:
            later.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self.idle()
        for task in list(self._sending.values()):
            task.cancel()
        await self.idle()
        if self._wire is not None:
            await self._wire.aclose()

    async def _send_all(self, url: str) -> None:
        """To one receiver, one after the other."""
        waiting = self._waiting[url]
        try:
            while waiting:
                posting = waiting.pop() if self.mischief.reverse else waiting.popleft()
                for _ in range(self.mischief.repeat):
                    status = await self._attempt(posting)
                self._settle(posting, status)
        finally:
            del self._sending[url], self._waiting[url]

    def _settle(self, posting: Posting, status: int) -> None:
        """As the vendors do: refusals are final, but for those that say that it may go another time."""
        if 200 <= status < 300:
            self.taken += 1
        elif status in {LOST, 408, 429} or status >= 500:
            self._send_again(posting)

    def _send_again(self, posting: Posting) -> None:
        if posting.attempts >= len(self.retry_seconds) or self._is_closed:
            return
        later = asyncio.get_running_loop().create_task(self._wait(posting, self.retry_seconds[posting.attempts]))
        self._later.add(later)
        later.add_done_callback(self._later.discard)
        posting.attempts += 1

    async def _wait(self, posting: Posting, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self.send(posting)

    async def _attempt(self, posting: Posting) -> int:
        if self.mischief.lose:
            self.mischief.lose -= 1
            return LOST
        headers = {"content-type": "application/json", **posting.headers(posting.body)}
        body = posting.body + b" " if self.mischief.forge else posting.body
        door = self.doors.get(posting.url)
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                return await (door(headers, body) if door else self._posted(posting.url, headers, body))
        except (OSError, TimeoutError, TooLong, Lost, NotHttp, ValueError):
            return LOST

    async def _posted(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Over HTTP. Nobody but this machine hears of made-up data."""
        if not self.is_local or not is_near(url):
            return 403
        self._wire = self._wire or Wire()
        letter = Letter("POST", url, Headers(headers), body, ATTEMPT_SECONDS, 64 * 1024, Passage())
        reply = await self._wire.exchange(letter, large=asyncio.Semaphore(1))
        return LOST if reply.error is not None and not reply.status else reply.status


def is_near(url: str) -> bool:
    """True for an address on this machine that messages can be sent to."""
    try:
        parts = urlsplit(url)
        is_plain = parts.username is None and parts.password is None and (parts.port or 1) > 0
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and is_plain and is_loopback(parts.hostname or "")
