"""Choices that look random and never change: all of them follow from a name's hash."""

import hashlib
import uuid
from collections.abc import Sequence
from typing import TypeVar

Option = TypeVar("Option")

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "formance.sandbox.tributary")


class Draw:
    """A series of choices under one name. Good for some 400 bits of them: plenty for one record."""

    def __init__(self, *name: object) -> None:
        text = "/".join(str(part) for part in name)
        self._left = int.from_bytes(hashlib.sha512(text.encode()).digest(), "big")

    def below(self, limit: int) -> int:
        """An integer from 0 to `limit` - 1."""
        self._left, chosen = divmod(self._left, limit)
        return chosen

    def pick(self, options: Sequence[Option]) -> Option:
        """One of the options."""
        return options[self.below(len(options))]

    def token(self) -> str:
        """Fourteen hexadecimal digits."""
        return f"{self.below(16**14):014x}"


def name_uuid(*name: object) -> str:
    """The UUID of a name in the sandbox's own namespace."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(str(part) for part in name)))
