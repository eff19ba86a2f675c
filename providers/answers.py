"""What an HTTP answer means: a value of the documented shape, or the reason why there is none."""

from collections.abc import Callable, Mapping
from typing import TypeVar, cast

import msgspec

from providers.domain import Provider
from providers.errors import (
    Broken,
    Garbled,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    TimedOut,
    Unauthorized,
)
from providers.money import InvalidAmount
from providers.retry import retry_after

T = TypeVar("T")


class Answer(msgspec.Struct, frozen=True):
    """A complete HTTP answer. `headers` are looked up without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_json(self) -> bool:
        """True when the answer says that its body is JSON."""
        return self.media_type == "application/json" or self.media_type.endswith("+json")


class Explanation(msgspec.Struct, frozen=True):
    """What a vendor's own error body says. `message` must be ours, not the vendor's."""

    kind: type[ProviderError]
    vendor_code: str | None = None
    message: str | None = None


Explain = Callable[[Answer], Explanation | None]
"""A vendor's reading of its error answers. None leaves it to the status alone."""

Blame = Callable[..., ProviderError]
"""Makes an error of a class for the provider and operation at hand."""

COUNT = msgspec.json.Decoder(int)
"""Stands for an answer without a body, whose header `Count` is the value."""
LINES = msgspec.json.Decoder(bytes)
"""Stands for an answer of JSON lines, which are given as they came. Whether they are any is for the caller to see."""
_LONGEST_COUNT = 80

_KINDS: dict[int, type[ProviderError]] = {
    401: Unauthorized,
    403: Unauthorized,
    404: NotFound,
    408: TimedOut,
    429: RateLimited,
}


def problem(answer: Answer, blame: Blame, explain: Explain | None) -> ProviderError | None:
    """The error that an answer stands for; None for a 2xx."""
    if 200 <= answer.status < 300:
        return None
    explanation = (explain(answer) if explain else None) or Explanation(_by_status(answer.status))
    return blame(
        explanation.kind,
        explanation.message,
        status=answer.status,
        vendor_code=explanation.vendor_code,
        retry_after=retry_after(answer.headers.get("retry-after")),
    )


def decode(answer: Answer, decoder: "msgspec.json.Decoder[T]", blame: Blame) -> T:
    """The value in a 2xx answer. `NaN`, `Infinity`, cut or foreign bodies are `Garbled`."""
    if decoder is COUNT:
        return cast("T", _count(answer, blame))
    if decoder is LINES:
        return cast("T", answer.body)
    if not answer.is_json:
        raise blame(Garbled, "The provider's answer is not JSON.", status=answer.status)
    status = answer.status
    try:
        return decoder.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        del answer  # the traceback would keep its body until the garbage is collected
        raise blame(Garbled, status=status) from error


def _count(answer: Answer, blame: Blame) -> int:
    digits = answer.headers.get("count", "").strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_COUNT):
        raise blame(Garbled, "The provider's answer does not say how many there are.", status=answer.status)
    return int(digits)


def _by_status(status: int) -> type[ProviderError]:
    if status >= 500:
        return Broken
    return _KINDS.get(status, Rejected if status >= 400 else Garbled)


class translating:  # noqa: N801 - used like a function
    """Around a translation: a number that cannot be an amount makes the whole answer `Garbled`."""

    __slots__ = ("_operation", "_provider")

    def __init__(self, provider: Provider, operation: str) -> None:
        self._provider, self._operation = provider, operation

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, InvalidAmount):
            reason = "The provider sent a number that cannot be an amount."
            raise Garbled(self._provider, self._operation, reason) from error
