"""Where in the answer a value belongs.

A position is a tuple `(parent, key, container, is_nullable, type name)`: `container[key]` is the value's place, in a
dict or a list of the answer. A tuple because one is made for every object and every list item: a class of the same
five fields costs three times as much to make.
"""

from collections.abc import MutableMapping
from typing import Any, Final, TypeAlias

from graphql.pyutils import Path

Position: TypeAlias = tuple[Any, "str | int", Any, bool, "str | None"]
PARENT: Final = 0
KEY: Final = 1
CONTAINER: Final = 2
IS_NULLABLE: Final = 3
TYPE_NAME: Final = 4


class Unmade(dict[str, Any]):
    """Stands for an object of the answer that is not made yet; what is written here goes there once it is."""

    made: MutableMapping[str, Any]

    def __setitem__(self, key: str, value: Any) -> None:
        self.made[key] = value


def keys(position: Position | None) -> list[str | int]:
    """The path as GraphQL's errors tell it."""
    found: list[str | int] = []
    while position is not None:
        found.append(position[KEY])
        position = position[PARENT]
    found.reverse()
    return found


def path(position: Position | None) -> Path | None:
    """The path as graphql-core's `info.path`."""
    if position is None:
        return None
    return Path(path(position[PARENT]), position[KEY], position[TYPE_NAME])


def is_below(position: Position | None, top: Position) -> bool:
    """Whether a position is `top` or hangs below it."""
    while position is not None:
        if position is top:
            return True
        position = position[PARENT]
    return False


def nearest_nullable(position: Position | None) -> Position | None:
    """The position that becomes null when this one must not be; None for the whole answer."""
    while position is not None and not position[IS_NULLABLE]:
        position = position[PARENT]
    return position
