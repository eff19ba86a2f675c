"""What asking a vendor costs: how its calls grow with what is wanted at once. Each vendor's own are in its `costs.py`.

They are the worst cases of what a vendor's `provider.py` does. What no number bounds is assumed, and said here.
Not counted: tokens, the question for a server's version, and further attempts at one call.
"""

from collections.abc import Mapping

import msgspec

ACCOUNTS_EACH = 5
"""Accounts that one customer is taken to have at each provider."""

WHOLE_LIST = 3
"""Pages that a list is taken to have which can only be read whole."""

ALL = 1_000_000
"""The batch of a call that answers all keys, however many they are."""

WRITE = 16
"""Calls of a mutation: its look-ups before and after, the write itself, and the changed object read anew."""


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """Calls of an operation for keys that are asked for together.

    `each`: so many for each key. `batch`: besides one for each so many keys, `least` at the least; 0: no such call.
    `alone`: so many for a single key, where that is another number, of the operation `single`, where that is another.
    `is_shared`: who asks for the same key again in the same operation of the graph causes no call.
    """

    operation: str
    each: int = 0
    batch: int = 0
    least: int = 1
    alone: int | None = None
    single: str = ""
    is_shared: bool = True


class PageRate(msgspec.Struct, frozen=True, kw_only=True):
    """Calls of an operation for a window on a list: `page` for each page of the vendor's, and one for each `wanted`
    items of it, for 25 of them at most.

    `is_full`: a page from the start of the list holds as many items as were wanted, if the list has them.
    """

    operation: str
    page: int = 1
    wanted: int = 0
    is_full: bool = True


Costs = Mapping[str, tuple[Rate | PageRate, ...]]
"""By what is asked for: the name of a loader, of a method of the providers' protocols, or of a mutation."""


def orders(rates: Mapping[str, str]) -> dict[str, tuple[Rate | PageRate, ...]]:
    """The costs of mutations, each with the name of the vendor's operation that it orders."""
    return {name: (Rate(operation=operation, each=WRITE, is_shared=False),) for name, operation in rates.items()}
