"""Vendors' answers that replicas leave for each other, and the era that ends with every write of any of them.

Values are encrypted with a key made from the vendor's secret, and so are the names under which they lie: whoever reads
the store learns nothing, and whoever writes to it cannot give us an answer of theirs.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, cast

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from redis.asyncio import Redis

from providers.config import Secret
from providers.domain import Provider
from providers.kept import AnswerStore, Era, Left
from providers.kept.kept import Key
from providers.shared.connection import Shared, SharedUnavailable

LARGEST = 256 * 1024
"""Bytes of an answer. The store has little time for each."""

_LEFT = msgspec.msgpack.Decoder(Left)
_ERA = msgspec.json.Decoder(Era)


def answer_store(shared: Shared | None, provider: Provider, *identity: str, secret: Secret) -> AnswerStore | None:
    """The store of one credential's answers. `identity` is what beside the secret decides what the vendor shows."""
    return None if shared is None else SharedAnswers(shared, provider, identity, secret)


class SharedAnswers:
    """What the replicas have read with one credential: an `AnswerStore`."""

    def __init__(self, shared: Shared, provider: Provider, identity: tuple[str, ...], secret: Secret) -> None:
        info = b"tributary answers " + msgspec.json.encode([provider.value, *identity])
        made = HKDF(SHA256(), 80, salt=None, info=info).derive(secret.reveal().encode())
        self._shared, self._fernet, self._naming = shared, Fernet(base64.urlsafe_b64encode(made[:32])), made[32:64]
        self._key = f"{shared.prefix}:kept:{provider.value}:{made[64:].hex()}"
        self._era_key = f"{self._key}:era"
        self._owes: float | None = None
        """When something was written that could not be told to the others. Nothing is given again before it is."""

    async def era(self) -> Era | None:
        """The present era; None while the store gives no answer."""
        if self._owes is not None:
            await self.end_era(self._owes)
        try:
            value = await self._shared.run(self._present)
            return None if value is None or self._owes is not None else _ERA.decode(value)
        except (SharedUnavailable, msgspec.MsgspecError):
            return None

    async def find(self, key: Key) -> Left | None:
        """What a replica has left."""
        name = self._name(key)
        try:
            value = await self._shared.run(lambda redis: redis.get(name))
            return None if value is None else _LEFT.decode(self._fernet.decrypt(value))
        except (SharedUnavailable, InvalidToken, msgspec.MsgspecError):
            return None

    async def leave(self, key: Key, left: Left, *, seconds: float) -> None:
        """Leave an answer, unless it is large."""
        if len(left.body) > LARGEST:
            return
        name, value = self._name(key), self._fernet.encrypt(msgspec.msgpack.encode(left))
        await self._told(lambda redis: redis.set(name, value, px=max(1, int(seconds * 1000))))

    async def end_era(self, now: float) -> None:
        """Begin another era, or try to when it is next asked for. Its name is drawn, so that none comes twice."""
        self._owes = now
        if await self._told(lambda redis: redis.set(self._era_key, _era(now))) and self._owes == now:
            self._owes = None

    async def _present(self, redis: Redis) -> bytes | None:
        """A store that has lost the era begins another."""
        value = await redis.get(self._era_key)
        if value is None:
            await redis.set(self._era_key, _era(0.0), nx=True)
            value = await redis.get(self._era_key)
        return cast("bytes | None", value)

    async def _told(self, work: Callable[[Redis], Awaitable[object]]) -> bool:
        try:
            await self._shared.run(work)
        except SharedUnavailable:
            return False
        return True

    def _name(self, key: Key) -> str:
        question, decoder = key
        asked = msgspec.json.encode([question, _shape(decoder)])
        return f"{self._key}:{hmac.digest(self._naming, asked, 'sha256').hex()}"


def _era(began: float) -> bytes:
    return msgspec.json.encode(Era(secrets.token_hex(16), began))


@lru_cache(maxsize=256)
def _shape(decoder: "msgspec.json.Decoder[Any]") -> str:
    """What the decoder reads. A version of us that reads something else leaves it under another name."""
    return hashlib.sha256(msgspec.json.encode(msgspec.json.schema(decoder.type))).hexdigest()
