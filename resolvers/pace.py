"""How fast replicas follow each other in carrying writes out: what the operator sets for `resolvers.once`."""

import random
from collections.abc import Iterator
from datetime import timedelta

import msgspec


class Pace(msgspec.Struct, frozen=True):
    """How long a process that no longer answers keeps its writes, and the pauses in seconds between looks at others'.

    The lease must be longer than the clocks of the replicas differ. `settle` is how long after a write was sent its
    effect may take to show at the provider, for writes that name no time of their own.
    """

    lease: timedelta = timedelta(seconds=20)
    settle: timedelta = timedelta(seconds=30)
    first: float = 0.02
    longest: float = 1.0

    def pauses(self) -> Iterator[float]:
        """Growing pauses, no two processes' alike."""
        pause = self.first
        while True:
            yield pause * random.uniform(0.75, 1.25)  # noqa: S311 - spreads the load, guards nothing
            pause = min(self.longest, pause * 1.6)
