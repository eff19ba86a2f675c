"""How often one caller may ask: counted by caller, or by address where nobody has to say who they are.

Replicas count together in the shared store; while it is down, each counts by itself.
"""

import hashlib
import ipaddress
import math
import re
import time
from collections.abc import Awaitable, Callable

import msgspec

from providers.config import ConfigurationError, Environment
from providers.shared import Shared, SharedUnavailable
from resolvers.caller import Caller
from resolvers.screening import Refused
from serving.counting import SlidingWindows

USUAL = "1200/minute"
USUAL_FAILURES = "60/minute"
USUAL_MESSAGES = "6000/minute"


_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "month": 30 * 86_400, "year": 360 * 86_400}
_WRITTEN = re.compile(rf"([0-9]{{1,9}})\s*(?:/|per)\s*([0-9]{{0,9}})\s*({'|'.join(_SECONDS)})s?")


class Rate(msgspec.Struct, frozen=True):
    """So many in so many seconds, and how that was written."""

    amount: int
    seconds: int
    written: str


Hit = Callable[[Rate, str], Awaitable[int | None]]
"""Counts one under a key: seconds to wait, or None when there is room."""


class RateLimited(Refused):
    """429. `retry_after` is in seconds."""

    def __init__(self, *, retry_after: int) -> None:
        message = "Too many requests: ask again later."
        super().__init__("RATE_LIMITED", message, status=429, retryable=True, retryAfter=retry_after)
        self.headers = {"retry-after": str(retry_after)}


class RateSettings(msgspec.Struct, frozen=True):
    """None is no limit."""

    requests: Rate | None
    failures: Rate | None
    messages: Rate | None
    """That vendors send."""

    @classmethod
    def read(cls, environment: Environment, *, is_open: bool) -> "RateSettings":
        """`is_open`: nobody has to say who they are. Raises `ConfigurationError`."""
        return cls(
            requests=_limit(environment, "RATE_LIMIT", "off" if is_open else USUAL),
            failures=_limit(environment, "RATE_LIMIT_FAILURES", "off" if is_open else USUAL_FAILURES),
            messages=_limit(environment, "RATE_LIMIT_WEBHOOKS", USUAL_MESSAGES),
        )


class RateLimits:
    """The counters of one replica, and those that it shares."""

    def __init__(self, settings: RateSettings, shared: Shared | None) -> None:
        self._settings, self._shared = settings, shared
        self._own = SlidingWindows()
        self._common = _common(shared) if shared else None

    async def take(self, caller: Caller, address: str) -> None:
        """Count one operation, over HTTP or a socket. Raises `RateLimited`."""
        await self._count(self._settings.requests, *(("caller", caller.id) if caller.id else ("address", address)))

    async def failed(self, address: str) -> None:
        """Count a caller that was not let in. Raises `RateLimited` when this address has sent too many of them.

        It never holds up who has a valid token: others may be behind the same address.
        """
        await self._count(self._settings.failures, "failed", address)

    async def message(self, address: str) -> None:
        """Count a message before it is known whose it is. Raises `RateLimited`."""
        await self._count(self._settings.messages, "message", address)

    async def _count(self, limit: Rate | None, kind: str, who: str) -> None:
        if limit is None:
            return
        key = f"{kind}:{_digest(who if kind == 'caller' else _network(who))}"
        wait = await self._hit(limit, key)
        if wait is not None:
            raise RateLimited(retry_after=wait)

    async def _hit(self, limit: Rate, key: str) -> int | None:
        """Seconds to wait; None when there is room."""
        common = self._common
        if self._shared is not None and common is not None:
            try:
                return await self._shared.run(lambda _: common(limit, key))
            except SharedUnavailable:
                pass
        wait = self._own.hit(key, limit.amount, limit.seconds)
        return None if wait is None else max(1, math.ceil(wait))


def _common(shared: Shared) -> Hit:
    # Only here, with Redis' library: few servers share anything.
    from limits import parse  # noqa: PLC0415
    from limits.aio.storage import RedisStorage  # noqa: PLC0415
    from limits.aio.strategies import SlidingWindowCounterRateLimiter  # noqa: PLC0415

    storage = RedisStorage(
        "async+redis://",
        implementation="redispy",
        key_prefix=f"{shared.prefix}:rate",
        connection_pool=shared.redis.connection_pool,  # type: ignore[arg-type]  # typed for options from a URL
    )
    limiter = SlidingWindowCounterRateLimiter(storage)

    async def hit(limit: Rate, key: str) -> int | None:
        item = parse(limit.written)
        if await limiter.hit(item, key):
            return None
        stats = await limiter.get_window_stats(item, key)
        return max(1, math.ceil(stats.reset_time - time.time()))

    return hit


def _limit(environment: Environment, name: str, usual: str) -> Rate | None:
    given = (environment.get(name) or usual).strip().lower()
    if given == "off":
        return None
    found = _WRITTEN.fullmatch(given)
    if found is None:
        raise ConfigurationError(f"{name} must be like 600/minute, or off")
    amount, times, unit = int(found[1]), int(found[2] or 1), found[3]
    if amount < 1 or times < 1:
        raise ConfigurationError(f"{name} must let at least one request through")
    return Rate(amount, times * _SECONDS[unit], given)


def _network(address: str) -> str:
    """An IPv6 caller has a network of addresses: the first 64 bits say which."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _digest(who: str) -> str:
    """Names and addresses stay out of the store."""
    return hashlib.blake2b(who.encode(), digest_size=16).hexdigest()
