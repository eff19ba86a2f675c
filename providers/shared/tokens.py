"""One token for all replicas: whoever needs it first fetches it, the others wait for it and take it.

The value in the store is encrypted with a key made from the vendor's secret, and so is what the key's name is made of:
whoever reads the store learns nothing, and whoever writes to it cannot give us a token of theirs.
"""

import asyncio
import base64
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from providers.config import Secret
from providers.domain import Provider
from providers.shared.connection import Shared, SharedUnavailable
from providers.token import Left, TokenStore, Turn

if TYPE_CHECKING:
    from redis.asyncio import Redis

LEASE = 3.0
"""Seconds after which another replica may fetch when the one that does has died."""
PATIENCE = 20.0
"""Seconds after which a replica fetches for itself, whoever else may be fetching."""
POLL = 0.05

_KEEP = "return redis.call('get', KEYS[1]) == ARGV[1] and redis.call('pexpire', KEYS[1], ARGV[2]) or 0"
_RELEASE = "return redis.call('get', KEYS[1]) == ARGV[1] and redis.call('del', KEYS[1]) or 0"
_LEFT = msgspec.json.Decoder(Left)


def token_store(shared: Shared | None, provider: Provider, *identity: str, secret: Secret) -> TokenStore | None:
    """The store of one credential's token. `identity` is what beside the secret decides which token it is."""
    return None if shared is None else SharedTokens(shared, provider, identity, secret)


class SharedTokens:
    """What the replicas know of one credential's token: a `TokenStore`."""

    def __init__(self, shared: Shared, provider: Provider, identity: tuple[str, ...], secret: Secret) -> None:
        info = b"tributary token " + msgspec.json.encode([provider.value, *identity])
        made = HKDF(SHA256(), 48, salt=None, info=info).derive(secret.reveal().encode())
        self._shared, self._fernet = shared, Fernet(base64.urlsafe_b64encode(made[:32]))
        self._key = f"{shared.prefix}:token:{provider.value}:{made[32:].hex()}"
        self._lock = f"{self._key}:lock"

    @asynccontextmanager
    async def turn(self, refused: str | None) -> AsyncIterator[Turn]:
        """What another replica has left, but not the token `refused`; or the turn to fetch, while the block lasts."""
        holder = secrets.token_hex(16)
        left = None
        with suppress(SharedUnavailable):
            left = await self._wait(holder, refused)
        if left is not None:
            yield Turn(left, self._leave)
            return
        keeping = asyncio.create_task(self._keep(holder))
        try:
            yield Turn(None, self._leave)
        finally:
            keeping.cancel()
            with suppress(SharedUnavailable):
                await self._shared.run(lambda redis: _script(redis, _RELEASE, self._lock, holder))

    async def _wait(self, holder: str, refused: str | None) -> Left | None:
        """What was left; None when it is this replica's turn."""
        give_up = time.monotonic() + PATIENCE
        while True:
            left = await self._look(refused)
            if left is not None or time.monotonic() > give_up:
                return left
            if await self._shared.run(lambda redis: redis.set(self._lock, holder, nx=True, px=_ms(LEASE))):
                return await self._look(refused)  # it may have been left in between
            await asyncio.sleep(POLL)

    async def _look(self, refused: str | None) -> Left | None:
        async def ask(redis: "Redis") -> tuple[bytes | None, int]:
            async with redis.pipeline(transaction=True) as pipe:
                pipe.get(self._key)
                pipe.pttl(self._key)
                value, ms = await pipe.execute()
                return value, ms

        value, ms = await self._shared.run(ask)
        if value is None or ms <= 0:
            return None
        try:
            left = _LEFT.decode(self._fernet.decrypt(value))
        except (InvalidToken, msgspec.MsgspecError):
            return None
        return None if left.token is not None and left.token == refused else left.lasting(ms / 1000)

    async def _leave(self, left: Left) -> None:
        """For the other replicas, as long as it is good."""
        if left.seconds <= 0:
            return
        value = self._fernet.encrypt(msgspec.json.encode(left))
        with suppress(SharedUnavailable):
            await self._shared.run(lambda redis: redis.set(self._key, value, px=_ms(left.seconds)))

    async def _keep(self, holder: str) -> None:
        """The lease goes on while the holder lives."""
        while True:
            await asyncio.sleep(LEASE / 3)
            with suppress(SharedUnavailable):
                await self._shared.run(lambda redis: _script(redis, _KEEP, self._lock, holder, _ms(LEASE)))


async def _script(redis: "Redis", script: str, key: str, *arguments: str | int) -> Any:  # noqa: ANN401 - Redis' own
    return await cast("Any", redis.eval(script, 1, key, *map(str, arguments)))


def _ms(seconds: float) -> int:
    return max(1, int(seconds * 1000))
