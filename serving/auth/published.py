"""The keys that an issuer publishes: fetched in the background, and once more for a name that is not known yet.

No token decides where keys come from, and no flood of tokens makes this server ask more often than its pace allows.
"""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import msgspec

from providers.document import DocumentUnavailable
from serving.auth.jwks import UnusableKeys, keys_of
from serving.auth.keys import Key, Keyring
from serving.auth.refusals import AuthUnavailable

log = logging.getLogger("tributary.auth")

MOST_WAITING = 100
"""How many tokens with unknown keys may wait for a fetch. More than these are refused at once."""


class FetchPace(msgspec.Struct, frozen=True, kw_only=True):
    """All in seconds. After a failure the next fetch is tried in 1, 2, 4 … `retry_most`."""

    refresh: float = 300.0
    """From one fetch to the next."""
    keep: float = 3600.0
    """How long keys are trusted while no newer ones can be had."""
    cool_down: float = 5.0
    """From one fetch for an unknown key's sake to the next such."""
    retry_most: float = 30.0


class PublishedKeys:
    """Keys of one issuer. `fetch` gives the document as it is published, or raises `DocumentUnavailable`."""

    def __init__(
        self,
        fetch: Callable[[], Awaitable[bytes]],
        pace: FetchPace,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch, self._pace, self._clock = fetch, pace, clock
        self._ring: Keyring | None = None
        self._document = b""
        self._fetched_at = -math.inf
        self._look_again_at = -math.inf
        self._failures = 0
        self._waiting = 0
        self._fetching: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Tries once before it lets the server start, with keys or without, and goes on in the background."""
        await self._refresh()
        task = asyncio.create_task(self._keep_fresh())
        try:
            yield
        finally:
            under_way = [task, *([self._fetching] if self._fetching else [])]
            for each in under_way:
                each.cancel()
            await asyncio.wait(under_way)

    @property
    def is_ready(self) -> bool:
        """True when there are keys, and they are not too old."""
        return self._ring is not None and self._clock() - self._fetched_at < self._pace.keep

    def current(self) -> Keyring:
        """The keys of the latest fetch that brought any."""
        if self._ring is None or not self.is_ready:
            raise AuthUnavailable(retry_after=math.ceil(self._pause()))
        return self._ring

    async def find(self, key_id: str | None, algorithm: str) -> tuple[Key | None, Keyring]:
        """The key for a token. One that is not known may have been published since: then it is fetched and waited for.

        While fetches fail, an unknown key is no proof of a bad token: the caller shall come again.
        """
        if not self.current().knows(key_id):
            await self._look_again(key_id)
            if self._failures and not self.current().knows(key_id):
                raise AuthUnavailable(retry_after=math.ceil(self._pause()))
        ring = self.current()
        return ring.fitting(key_id, algorithm), ring

    async def _look_again(self, key_id: str | None) -> None:
        if self._waiting >= MOST_WAITING:
            return
        self._waiting += 1
        try:
            if self._fetching is not None:  # which may have begun before the key was published
                await self._refresh()
            if not self.current().knows(key_id) and self._clock() >= self._look_again_at:
                self._look_again_at = self._clock() + self._pace.cool_down
                await self._refresh()
        finally:
            self._waiting -= 1

    async def _keep_fresh(self) -> None:
        while True:
            await asyncio.sleep(self._pause())
            await self._refresh()

    def _pause(self) -> float:
        if not self._failures:
            return self._pace.refresh
        return min(2.0 ** min(self._failures - 1, 16), self._pace.retry_most)

    async def _refresh(self) -> None:
        """Fetch, or wait for the fetch under way. Who stops waiting does not stop the fetch."""
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch_once())
        await asyncio.wait([self._fetching])

    async def _fetch_once(self) -> None:
        try:
            self._take(await self._fetch())
        except (DocumentUnavailable, UnusableKeys) as error:
            self._failures += 1
            log.warning("the issuer's keys cannot be fetched", extra={"reason": str(error), "failures": self._failures})
        finally:
            self._fetching = None

    def _take(self, document: bytes) -> None:
        """The same document keeps the ring, and with it what was checked with its keys."""
        if document != self._document or self._ring is None:
            self._ring, self._document = Keyring(keys_of(document)), document
            log.info("the issuer's keys have been fetched", extra={"keys": len(self._ring)})
        self._fetched_at, self._failures = self._clock(), 0
