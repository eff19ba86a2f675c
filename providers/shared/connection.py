"""The one pool of connections to the shared store, behind a switch: while it is down, few wait for it, and briefly."""

import logging
import math
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from providers.patience import patience
from providers.shared.config import Config

if TYPE_CHECKING:
    from redis.asyncio import Redis

T = TypeVar("T")

log = logging.getLogger(__name__)

CONNECTIONS = 32
PAUSE = 5.0
"""Seconds without a question after one that was not answered; then one alone tries again."""


class SharedUnavailable(Exception):
    """The shared store gave no answer, or was not asked because it gave none just now."""


class Shared:
    """A Redis or Valkey. Nothing is connected before the first question."""

    def __init__(self, config: Config, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.prefix = config.prefix
        # Only here: Redis' library takes several megabytes, and most servers share nothing.
        from redis.asyncio import BlockingConnectionPool, Redis  # noqa: PLC0415
        from redis.asyncio.retry import Retry  # noqa: PLC0415
        from redis.backoff import NoBackoff  # noqa: PLC0415
        from redis.exceptions import RedisError  # noqa: PLC0415

        self._timeout, self._clock, self.trouble = config.timeout, clock, (RedisError, OSError)
        # One retry is for a connection that the server has closed since; `patience` bounds the whole.
        pool = BlockingConnectionPool.from_url(
            config.url.reveal(),
            max_connections=CONNECTIONS,
            timeout=None,
            socket_timeout=None,
            socket_connect_timeout=None,
            retry=Retry(NoBackoff(), 1),
        )
        self.redis: Redis = Redis.from_pool(pool)
        self._ask_again_at = -math.inf
        self.is_up = True

    async def run(self, work: Callable[["Redis"], Awaitable[T]]) -> T:
        """Ask something. Raises `SharedUnavailable`."""
        if self._clock() < self._ask_again_at:
            raise SharedUnavailable
        if not self.is_up:
            self._ask_again_at = self._clock() + PAUSE
        try:
            async with patience(self._timeout):
                answer = await work(self.redis)
        except self.trouble as error:
            self._went_down(error)
            raise SharedUnavailable from error
        self._came_up()
        return answer

    async def ping(self) -> bool:
        """Whether it answers."""
        try:
            await self.run(lambda redis: redis.get(f"{self.prefix}:ping"))
        except SharedUnavailable:
            return False
        return True

    async def aclose(self) -> None:
        """Close the connections."""
        await self.redis.aclose()

    def _went_down(self, error: Exception) -> None:
        self._ask_again_at = self._clock() + PAUSE
        if self.is_up:
            self.is_up = False
            log.warning("REDIS_URL gives no answer: this replica goes on alone", extra={"reason": type(error).__name__})

    def _came_up(self) -> None:
        self._ask_again_at = -math.inf
        if not self.is_up:
            self.is_up = True
            log.info("REDIS_URL answers again")
