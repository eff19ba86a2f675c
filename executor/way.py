"""How a field's values, or a list's items, become what the answer has: the careful way, and a short one for most."""

from collections.abc import Set as AbstractSet

from executor.classes import PLAIN
from executor.run import Completer


class Way:
    """Callers look first whether a value's class is in `ready`: that spares two calls for every value."""

    __slots__ = ("complete", "make", "present", "ready")

    complete: Completer
    """For any value: awaitables, exceptions and null too."""

    def __init__(self, present: Completer, ready: AbstractSet[type] = PLAIN) -> None:
        self.present = present
        """For values that are there: neither awaitable nor null."""
        self.make = present
        """For instances of the classes that are `ready`."""
        self.ready = ready
        """Classes that need no check: plain ones, and of the type that is wanted. May grow."""
