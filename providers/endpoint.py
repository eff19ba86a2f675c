"""What is called, within which limits, and with whose credential."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from providers.breaker import BreakerSettings
from providers.kept import Config
from providers.letter import Headers
from providers.operation import Operation
from providers.retry import RetrySettings

Query = Sequence[tuple[str, str]]


class Endpoint(msgspec.Struct, frozen=True):
    """A documented operation of a vendor: its name in the vendor's words, and a path with `{names}` in it."""

    operation: str
    method: str
    path: str
    answers: int = 200
    """A status of refusals whose body may be an answer all the same, as for a bulk of which a part failed."""


class HttpSettings(msgspec.Struct, frozen=True):
    """Limits of one vendor. `timeout` is the total seconds of one attempt, `max_bytes` counts decoded bytes.

    `concurrency` is how many reads may be under way, and how many writes: slow writes take no room from reads.
    """

    timeout: float = 8.0
    max_bytes: int = 8 * 1024 * 1024
    concurrency: int = 32
    retry: RetrySettings = RetrySettings()
    breaker: BreakerSettings = BreakerSettings()
    kept: Config = Config()


class Authenticator(Protocol):
    """Puts our credential on a request."""

    async def headers(self, operation: Operation) -> Mapping[str, str]:
        """The headers that authenticate a call; may fetch a token first."""

    def refused(self, headers: Mapping[str, str]) -> None:
        """The vendor refused a call with these headers. If they stay the same, the call is not replayed."""


class Request(msgspec.Struct, frozen=True):
    """A call that is going to be made. `patience` is in seconds, where a vendor takes longer than usual."""

    endpoint: Endpoint
    url: str
    headers: Headers
    content: bytes = b""
    patience: float | None = None
    is_write: bool = False
    lines: int = 0
    """Lines of the answer's body after which the rest is not wanted; 0 for all of it."""
