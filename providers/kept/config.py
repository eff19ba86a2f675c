"""How long answers are kept: `CACHE_…`, by what was asked for."""

from typing import Self

import msgspec

from providers.config import Environment

LONGEST = 3600.0
"""Seconds."""
MIB = 1024 * 1024


class Config(msgspec.Struct, frozen=True):
    """Seconds for which answers are given again; 0 for not at all. `size` is bytes of memory, for each vendor.

    Balances are given again only to who says how old they may be: `balances` is the most that may be said.
    """

    directory: float = 0.0
    connectors: float = 0.0
    pools: float = 0.0
    balances: float = 0.0
    size: int = 32 * MIB

    @classmethod
    def read(cls, environment: Environment, *, is_imitated: bool) -> Self:
        """From the environment. Raises `ConfigurationError`.

        `is_imitated`: a vendor is a sandbox of this process. People change a sandbox by hand and want to see it at
        once, so there nothing is kept that was not asked to be.
        """
        usual = cls() if is_imitated else cls(directory=30.0, connectors=60.0, pools=5.0)
        return cls(
            directory=environment.number("CACHE_DIRECTORY_SECONDS", usual.directory, least=0.0, most=LONGEST),
            connectors=environment.number("CACHE_CONNECTORS_SECONDS", usual.connectors, least=0.0, most=LONGEST),
            pools=environment.number("CACHE_POOLS_SECONDS", usual.pools, least=0.0, most=LONGEST),
            balances=environment.number("CACHE_BALANCES_SECONDS", LONGEST, least=0.0, most=LONGEST),
            size=environment.number("CACHE_MAX_BYTES", usual.size, least=0),
        )

    def balances_within(self, max_age: float) -> float:
        """How old a balance may be for who takes it up to `max_age` seconds old."""
        return min(max_age, self.balances)
