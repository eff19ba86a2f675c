"""Which generation of the payments server answers: what can be filtered, and so how reads are batched, hangs on it."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from providers.errors import ProviderError, Unauthorized
from providers.formance.client import PaymentsService
from providers.operation import Operation

REMEMBERED = 3600.0
"""Seconds until the server is asked again: a stack may be upgraded under us."""

_MAJOR = re.compile(r"v?([0-9]+)\.")


class Generation:
    """The generation, "v2" or "v3": as it was set, or as the server says."""

    def __init__(
        self,
        setting: str,
        client: PaymentsService,
        warm: Callable[[Operation], Awaitable[object]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._setting, self._client, self._warm, self._clock = setting, client, warm, clock
        self._known: str | None = None
        self._ask_again_at = 0.0

    @property
    def known(self) -> str | None:
        """The generation as it was set or last told; None while nobody has asked."""
        return self._setting if self._setting != "auto" else self._known

    async def current(self, operation: Operation) -> str:
        """Raises a `ProviderError` when the server has never told."""
        if self._setting != "auto":
            return self._setting
        if self._known is not None and self._clock() < self._ask_again_at:
            return self._known
        failure, _ = await asyncio.gather(self._ask(operation), self._ready(operation))
        if self._known is None:
            raise failure or AssertionError
        return self._known

    async def _ask(self, operation: Operation) -> ProviderError | None:
        """Learn the generation; whoever asks from then on need not wait for the token too."""
        try:
            try:
                info = await self._client.paymentsget_server_info(operation, authenticated=False)
            except Unauthorized:
                info = await self._client.paymentsget_server_info(operation, authenticated=True)
        except ProviderError as error:
            return error
        self._known, self._ask_again_at = generation_of(info.version), self._clock() + REMEMBERED
        return None

    async def _ready(self, operation: Operation) -> None:
        """Fetch the token meanwhile: every read that needs to know the generation needs it next."""
        with suppress(ProviderError):  # that read reports it
            await self._warm(operation)


def generation_of(version: str) -> str:
    """ "v2" up to 2.x. A version without a number is a build of the newest source."""
    major = _MAJOR.match(version)
    return "v2" if major and int(major[1]) < 3 else "v3"
