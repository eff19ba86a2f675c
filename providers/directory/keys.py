"""Keys as the database takes them: only those it could hold, in lists of few different lengths."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

CHUNK = 500
"""Most keys in one statement, well below every database's limit on parameters."""

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def is_storable(key: str) -> bool:
    """False for text that PostgreSQL refuses or that is not Unicode: nothing stored can equal it."""
    return _UNSTORABLE.search(key) is None


def storable(keys: Iterable[str]) -> list[str]:
    """The keys that are worth asking for."""
    return [key for key in keys if is_storable(key)]


def chunks(keys: Iterable[T]) -> Iterator[Sequence[T]]:
    """The distinct keys in lists of at most `CHUNK`.

    A list is filled up to a power of two with its last key: so a statement comes in few texts, and the connection finds
    the prepared one again, which spares a round trip.
    """
    distinct = list(dict.fromkeys(keys))
    for start in range(0, len(distinct), CHUNK):
        chunk = distinct[start : start + CHUNK]
        length = min(CHUNK, 1 << (len(chunk) - 1).bit_length())
        yield chunk + chunk[-1:] * (length - len(chunk))
