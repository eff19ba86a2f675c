"""Values by key in bounded memory, each with the time at which it was true."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
D = TypeVar("D")


class Shelf(Generic[K, V]):
    """At most `entries` values of at most `size` together; those that were used longest ago make room.

    Values are handed out to many and must be immutable. Times are seconds of `clock`.
    """

    def __init__(self, *, entries: int, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._entries, self._size, self._room = entries, size, size
        self._kept: OrderedDict[K, tuple[V, float, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K, seconds: float, default: D) -> V | D:
        """The value, if it was true no longer than `seconds` ago; else `default`."""
        found = self._kept.get(key)
        if found is None or self.clock() - found[1] >= seconds:
            return default
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, *, since: float, size: int) -> None:
        """Keep a value that was true at `since`; `size` is about what it takes, in bytes. One too large is not kept."""
        self.drop(key)
        if size > self._size:
            return
        self._kept[key] = value, since, size
        self._room -= size
        while self._room < 0 or len(self._kept) > self._entries:
            _, (_, _, freed) = self._kept.popitem(last=False)
            self._room += freed

    def drop(self, key: K) -> None:
        """Forget a value, if there is one."""
        found = self._kept.pop(key, None)
        if found is not None:
            self._room += found[2]
