"""Values that are not there yet."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from graphql import FieldNode

from executor.position import Position

if TYPE_CHECKING:
    from executor.run import Run

Complete = Callable[[Any, Position, "Run"], Any]
_BACKGROUND: set["asyncio.Future[Any]"] = set()
"""Keeps what nobody waits for alive until it has ended."""


Awaited: TypeAlias = tuple[Any, Complete, Position, Sequence[FieldNode]]
"""A value, and what to do with it when it is there. A tuple is made in a quarter of the time of a class."""
POSITION: Final = 2


def future_of(value: Any) -> "asyncio.Future[Any]":
    """What tells that an awaitable's value is there: itself if it can, or a new task."""
    if asyncio.isfuture(value):
        return value
    coroutine = value if asyncio.iscoroutine(value) else _awaited(value)
    return asyncio.get_running_loop().create_task(coroutine)


def settle_in_background(awaitables: Sequence[Any]) -> None:
    """Let what was begun go on, although nobody waits for it: its errors are taken, and lost."""
    if not awaitables:
        return
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        dispose(awaitables)
        return
    gathered = asyncio.gather(*awaitables, return_exceptions=True)
    _BACKGROUND.add(gathered)
    gathered.add_done_callback(_BACKGROUND.discard)


def dispose(awaitables: Sequence[Any]) -> None:
    """Give up what was not begun."""
    for awaitable in awaitables:
        if asyncio.iscoroutine(awaitable):
            awaitable.close()


async def _awaited(awaitable: Awaitable[Any]) -> Any:
    return await awaitable
