"""How long answers are kept: `CACHE_…_SECONDS`, by what was asked for."""

from typing import Self

import msgspec

from providers.config import Environment

LONGEST = 3600.0
"""Seconds."""


class Config(msgspec.Struct, frozen=True):
    """Seconds for which answers are kept; 0 for not at all."""

    directory: float = 0.0

    @classmethod
    def read(cls, environment: Environment, *, is_imitated: bool) -> Self:
        """From the environment. Raises `ConfigurationError`.

        `is_imitated`: a vendor is a sandbox of this process. People change a sandbox by hand and want to see it at
        once, so there nothing is kept that was not asked to be.
        """
        usual = cls() if is_imitated else cls(directory=5.0)
        return cls(directory=environment.number("CACHE_DIRECTORY_SECONDS", usual.directory, least=0.0, most=LONGEST))
