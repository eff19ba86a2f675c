"""A DataLoader whose keys cannot harm one another: not by failing, and not by a waiter that leaves.

`aiodataloader` shares one future between all who wait for a key; cancelling one of them would cancel the others and
leave the key cancelled for good. Every waiter therefore gets a shielded future of its own, but for an executor that is
known never to cancel what it waits for.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Mapping, Sequence
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
    `lends` says that whoever is lent a future never cancels it.
    """

    def __init__(
        self,
        batch: Callable[[list[K]], Coroutine[Any, Any, list[Any]]],
        *,
        identity: Callable[[K], Hashable] | None = None,
        lends: bool = False,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        # The library's own looks at the function for long: dozens of loaders are made for an operation.
        self.loop = loop or asyncio.get_running_loop()
        self.batch_load_fn = batch
        self.get_cache_key = identity or _itself  # type: ignore[assignment]  # any hashable will do
        self._cache: dict[Any, asyncio.Future[V]] = {}
        self._queue: list[Waiting] = []
        self._batches: dict[asyncio.Task[None], list[Waiting]] = {}
        self._given: dict[Any, V] = {}
        """Values that nobody has asked for yet."""
        self._lends = lends

    def stop(self) -> None:
        """End the batches under way and begin no more. Whoever still waits for a key is cancelled."""
        for task in self._batches:
            task.cancel()
        for waiting in (*self._queue, *chain.from_iterable(self._batches.values())):
            waiting.future.cancel()
        self._queue.clear()

    def load(self, key: K) -> "asyncio.Future[V]":
        """The value of a key. Raises the key's own error."""
        return asyncio.shield(self._future(key))

    def lend(self, key: K) -> "asyncio.Future[V]":
        """The same for a resolver to hand on to the executor, which waits for it once for all who do."""
        if not self._lends:
            return self.load(key)
        return self._cache.get(self.get_cache_key(key)) or self._future(key)

    def prime(self, key: K, value: V) -> "Loader[K, V]":
        """Give a value that need not be loaded. What is known already stays."""
        known = self.get_cache_key(key)
        if known not in self._cache:
            self._given.setdefault(known, value)
        return self

    def knows(self, key: K) -> bool:
        """Whether the value of a key was asked for, or given."""
        known = self.get_cache_key(key)
        return known in self._cache or known in self._given

    def _future(self, key: K) -> "asyncio.Future[V]":
        known = self.get_cache_key(key)
        future = self._cache.get(known)
        if future is None and known in self._given:
            future = self._cache[known] = self.loop.create_future()
            future.set_result(self._given.pop(known))
        return super().load(key) if future is None else future

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


def _itself(key: K) -> K:
    return key


def _observed(future: "asyncio.Future[Any]") -> None:
    """A failure that all waiters have left before it came is nobody's loss."""
    if not future.cancelled():
        future.exception()


def loader(
    fetch: Callable[[Sequence[K]], Awaitable[Mapping[Any, Any]]],
    *,
    missing: Any = None,  # noqa: ANN401 - whatever the values are
    identity: Callable[[K], Hashable] | None = None,
    accept: Callable[[K, Any], bool] | None = None,
    lends: bool = False,
    loop: asyncio.AbstractEventLoop | None = None,
) -> Loader[K, Any]:
    """A loader over a batch method of the providers: key → value or `ProviderError`; `missing` for keys left out.

    `identity` tells keys apart that cannot be hashed themselves; the batch method's answer is then by identity.
    A value that `accept` does not take is missing. `lends` as for `Loader`.
    """

    async def batch(keys: list[K]) -> list[Any]:
        found = await fetch(keys)
        values = [found.get(identity(key) if identity else key, missing) for key in keys]
        if accept is None:
            return values
        return [value if accept(key, value) else missing for key, value in zip(keys, values, strict=True)]

    return Loader(batch, identity=identity, lends=lends, loop=loop)


def value_of(outcome: Outcome[V]) -> V:
    """The value of an outcome. Raises its error."""
    if isinstance(outcome, ProviderError):
        raise outcome
    return outcome
