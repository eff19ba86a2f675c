"""How old an answer may be: the argument `maxAge`."""

from typing import Annotated

import strawberry

from resolvers.problems import BadInput

OLDEST = 3600

MaxAge = Annotated[
    int | None,
    strawberry.argument(
        description="How many seconds ago they may have been read: 0 to 3600. The provider is not called when the "
        "server still has an answer that is not older, and `fetchedAt` says when it came. They are read anew when this "
        "is omitted or 0, and soon after a change was made through this server."
    ),
]


def seconds(max_age: int | None) -> int:
    """The age in seconds. Raises `BadInput`."""
    if max_age is not None and not 0 <= max_age <= OLDEST:
        raise BadInput(f"`maxAge` must be from 0 to {OLDEST}.")
    return max_age or 0
