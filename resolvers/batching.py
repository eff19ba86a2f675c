"""A DataLoader whose keys cannot harm one another: not by failing, and not by a waiter that leaves.

`aiodataloader` shares one future between all who wait for a key; cancelling one of them would cancel the others and
leave the key cancelled for good. Every waiter therefore gets a shielded future of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

from aiodataloader import DataLoader, dispatch_queue_batch
from aiodataloader import Loader as Waiting

from providers.errors import Outcome, ProviderError

K = TypeVar("K")
V = TypeVar("V")

_TURNS = 8


class Loader(DataLoader[K, V]):
    """Loads by key in batches, once for each key of an operation.

    A batch waits a few turns of the event loop for keys from branches of the query that are a little behind.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - the library's own
        super().__init__(*arguments, **options)
        self._batches: dict[asyncio.Task[None], list[Waiting]] = {}

    def stop(self) -> None:
        """End the batches under way and begin no more. Whoever still waits for a key is cancelled."""
        for task in self._batches:
            task.cancel()
        for waiting in (*self._queue, *chain.from_iterable(self._batches.values())):
            waiting.future.cancel()
        self._queue.clear()

    def load(self, key: K) -> "asyncio.Future[V]":
        """The value of a key. Raises the key's own error."""
        return asyncio.shield(super().load(key))

    def knows(self, key: K) -> bool:
        """Whether the value of a key was asked for, or given."""
        return self.get_cache_key(key) in self._cache

    def do_resolve_reject(self, key: K, future: "asyncio.Future[V]") -> None:
        """Put a key into the batch that is being collected."""
        future.add_done_callback(_observed)
        self._queue.append(Waiting(key=key, future=future))
        if len(self._queue) == 1:
            self._collect(_TURNS)

    def _collect(self, turns: int) -> None:
        if turns:
            self.loop.call_soon(self._collect, turns - 1)
        elif self._queue:
            queue, self._queue = self._queue, []
            task = self.loop.create_task(dispatch_queue_batch(self, queue))
            self._batches[task] = queue
            task.add_done_callback(self._batches.pop)


def _observed(future: "asyncio.Future[Any]") -> None:
    """A failure that all waiters have left before it came is nobody's loss."""
    if not future.cancelled():
        future.exception()


def loader(
    fetch: Callable[[Sequence[K]], Awaitable[Mapping[Any, Any]]],
    *,
    missing: Any = None,  # noqa: ANN401 - whatever the values are
    identity: Callable[[K], Hashable] | None = None,
) -> Loader[K, Any]:
    """A loader over a batch method of the providers: key → value or `ProviderError`; `missing` for keys left out.

    `identity` tells keys apart that cannot be hashed themselves; the batch method's answer is then by identity.
    """

    async def batch(keys: list[K]) -> list[Any]:
        found = await fetch(keys)
        return [found.get(identity(key) if identity else key, missing) for key in keys]

    return Loader(batch, get_cache_key=identity)


def value_of(outcome: Outcome[V]) -> V:
    """The value of an outcome. Raises its error."""
    if isinstance(outcome, ProviderError):
        raise outcome
    return outcome
