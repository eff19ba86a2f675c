"""Vendors' answers that replicas leave for each other, and the era that ends with every write of any of them.

Values are encrypted with a key made from the vendor's secret, and so are the names under which they lie: whoever reads
the store learns nothing, and whoever writes to it cannot give us an answer of theirs.
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from providers.config import Secret
from providers.domain import Provider
from providers.kept import AnswerStore, Era, Left
from providers.kept.kept import Key
from providers.shared.connection import Shared, SharedUnavailable

if TYPE_CHECKING:
    from redis.asyncio import Redis

LARGEST = 256 * 1024
"""Bytes of an answer. The store has little time for each."""

MOST_AT_ONCE = 100
"""Names in one question."""

_LEFT = msgspec.msgpack.Decoder(Left)
_ERA = msgspec.json.Decoder(Era)


def answer_store(shared: Shared | None, provider: Provider, *identity: str, secret: Secret) -> AnswerStore | None:
    """The store of one credential's answers. `identity` is what beside the secret decides what the vendor shows."""
    return None if shared is None else SharedAnswers(shared, provider, identity, secret)


_Told = tuple[Era | None, dict[str, bytes | None]]


class _Together:
    """What is asked in one turn of the event loop: names in order, and the task that asks."""

    def __init__(self) -> None:
        self.names: dict[str, None] = {}
        self.task: asyncio.Task[_Told] | None = None


class SharedAnswers:
    """What the replicas have read with one credential: an `AnswerStore`."""

    def __init__(self, shared: Shared, provider: Provider, identity: tuple[str, ...], secret: Secret) -> None:
        info = b"tributary answers " + msgspec.json.encode([provider.value, *identity])
        made = HKDF(SHA256(), 80, salt=None, info=info).derive(secret.reveal().encode())
        self._shared, self._fernet, self._naming = shared, Fernet(base64.urlsafe_b64encode(made[:32])), made[32:64]
        self._key = f"{shared.prefix}:kept:{provider.value}:{made[64:].hex()}"
        self._era_key = f"{self._key}:era"
        self._gathering: _Together | None = None
        self._owes: float | None = None
        """When something was written that could not be told to the others. Nothing is given again before it is."""

    async def look(self, key: Key | None) -> tuple[Era | None, Left | None]:
        """The present era, and what a replica has left for a key. All who ask in one turn of the loop ask together."""
        if self._gathering is None or len(self._gathering.names) >= MOST_AT_ONCE:
            self._gathering = question = _Together()
            question.task = asyncio.get_running_loop().create_task(self._ask(question))
        question, name = self._gathering, self._name(key) if key else self._era_key
        question.names[name] = None
        era, values = await asyncio.shield(cast("asyncio.Task[_Told]", question.task))
        return era, self._read(values.get(name)) if key else None

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

    async def _ask(self, question: "_Together") -> "_Told":
        """Who asks from now on may know of a write that this question does not see, and has one of its own."""
        if self._gathering is question:
            self._gathering = None
        if self._owes is not None:
            await self.end_era(self._owes)
        names = [self._era_key, *question.names]
        try:
            values = await self._shared.run(lambda redis: self._present(redis, names))
            return None if self._owes is not None else _ERA.decode(values[0] or b""), dict(
                zip(names, values, strict=True)
            )
        except (SharedUnavailable, msgspec.MsgspecError):
            return None, {}

    async def _present(self, redis: "Redis", names: list[str]) -> list[bytes | None]:
        """A store that has lost the era begins another."""
        values = await redis.mget(names)
        if values[0] is None:
            await redis.set(self._era_key, _era(0.0), nx=True)
            values = await redis.mget(names)
        return cast("list[bytes | None]", values)

    def _read(self, value: bytes | None) -> Left | None:
        try:
            return None if value is None else _LEFT.decode(self._fernet.decrypt(value))
        except (InvalidToken, msgspec.MsgspecError):
            return None

    async def _told(self, work: Callable[["Redis"], Awaitable[object]]) -> bool:
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
