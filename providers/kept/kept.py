"""Answers of one vendor to one credential, given again while they are young enough.

Only answers are kept, never failures. After a write through us, nothing that was read before it is given any more, also
not by other replicas that share a store. Nothing is decided here about who may see what.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from providers.kept.shelf import Shelf

T = TypeVar("T")

Question = tuple[str, str, bool]
"""A method, a full URL with the body behind a space where there is one, and whether the call is authenticated."""
Key = tuple[Question, "msgspec.json.Decoder[Any]"]

SETTLING = 10.0
"""Seconds after a write in which nothing is kept: vendors carry some writes out after they have answered."""
ENTRIES = 20_000
_ENTRY_BYTES = 1024
_BLOAT = 8
"""Bytes in memory for one of JSON, roughly."""
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Era(msgspec.Struct, frozen=True):
    """The time from one write to the next: what was read in another one is out of date. `began` is epoch seconds."""

    name: str
    began: float


class Left(msgspec.Struct, frozen=True):
    """An answer that a replica leaves for the others: JSON for the same decoder, asked for at `asked_at` (epoch)."""

    era: str
    asked_at: float
    body: bytes


class AnswerStore(Protocol):
    """Where replicas leave answers for each other. It raises nothing: without it nothing is kept.

    An era lasts from one write of any replica to the next.
    """

    async def look(self, key: Key | None) -> tuple[Era | None, Left | None]:
        """The present era, None while it is not known; and what a replica has left for a key, of whatever era."""

    async def leave(self, key: Key, left: Left, *, seconds: float) -> None:
        """Leave an answer for so long."""

    async def end_era(self, now: float) -> None:
        """Begin another era."""


class Place(msgspec.Struct, Generic[T], frozen=True):
    """What was found for a question, and how to keep what is read because nothing was."""

    found: T | None
    keep: Callable[[T], Awaitable[None]] | None = None

    async def filled(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What asking gives, which is kept."""
        value = await ask()
        if self.keep is not None:
            await self.keep(value)
        return value


class Kept:
    """The answers to one credential. `size` is bytes of memory, roughly; `store` is what replicas share.

    `clock` is in epoch seconds, since replicas tell each other the time.
    """

    def __init__(
        self,
        *,
        size: int,
        store: AnswerStore | None = None,
        settling: float = SETTLING,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._settling, self._clock = store, settling, clock
        self._shelf: Shelf[Key, tuple[str, Any]] = Shelf(entries=ENTRIES, size=size, clock=clock)
        self._era = Era("0", 0.0)
        """The present one, when no store tells it."""

    async def look(self, question: Question, decoder: "msgspec.json.Decoder[T]", max_age: float) -> Place[T]:
        """An answer no older than `max_age` seconds, counted from when it was asked for."""
        key = question, decoder
        kept_in, value = self._shelf.get(key, max_age, (None, None))
        era, left = await self._present(key if kept_in is None else None)
        if era is not None and kept_in == era.name:
            return Place(value)
        if kept_in is not None:
            era, left = await self._present(key)
        if era is None:
            return Place(None)
        asked_at = self._clock()
        if left is not None and left.era == era.name and asked_at - left.asked_at < max_age:
            found = self._taken(key, left, decoder)
            if found is not None:
                return Place(found)

        async def keep(value: T) -> None:
            if asked_at - era.began >= self._settling:
                await self._keep(key, value, Left(era.name, asked_at, _ENCODER.encode(value)), max_age)

        return Place(None, keep)

    async def forget(self) -> None:
        """Something was written, or may have been: whatever was read before is out of date."""
        if self._store:
            await self._store.end_era(self._clock())
        else:
            self._era = Era(str(int(self._era.name) + 1), self._clock())

    async def _present(self, key: Key | None) -> tuple[Era | None, Left | None]:
        return await self._store.look(key) if self._store else (self._era, None)

    def _taken(self, key: Key, left: Left, decoder: "msgspec.json.Decoder[T]") -> T | None:
        """What another replica has left; None when it cannot be read."""
        try:
            value = decoder.decode(left.body)
        except msgspec.MsgspecError:
            return None
        self._put(key, value, left)
        return value

    async def _keep(self, key: Key, value: object, left: Left, max_age: float) -> None:
        self._put(key, value, left)
        if self._store:
            await self._store.leave(key, left, seconds=max_age)

    def _put(self, key: Key, value: object, left: Left) -> None:
        size = _ENTRY_BYTES + _BLOAT * len(left.body)
        self._shelf.put(key, (left.era, value), since=left.asked_at, size=size)
