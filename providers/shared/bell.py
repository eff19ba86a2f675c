"""A bell that all replicas hear: rung when one of them has stored what the others should look at."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from providers.shared.connection import Shared, SharedUnavailable

AGAIN = 1.0
"""Seconds until it is listened to again when it could not be heard."""


class Bell:
    """Says that there is something new, and not what. Whoever hears nothing has to look by itself, now and then."""

    def __init__(self, shared: Shared, name: str) -> None:
        self._shared, self._channel = shared, f"{shared.prefix}:{name}"
        self.is_heard = False
        """Whether it would be heard at present, as far as is known."""

    async def ring(self) -> None:
        """Tell the others, as far as they can be reached."""
        with suppress(SharedUnavailable):
            await self._shared.run(lambda redis: redis.publish(self._channel, b"1"))

    async def listen(self, heard: Callable[[], None]) -> None:
        """Until cancelled. It is heard, too, when it can be heard again: nobody knows what was missed."""
        while True:
            with suppress(*self._shared.trouble):
                await self._hear(heard)
            await asyncio.sleep(AGAIN)

    async def _hear(self, heard: Callable[[], None]) -> None:
        async with self._shared.redis.pubsub() as subscription:
            try:
                await subscription.subscribe(self._channel)
                async for message in subscription.listen():
                    self.is_heard = True
                    if message["type"] in {"subscribe", "message"}:
                        heard()
            finally:
                self.is_heard = False
