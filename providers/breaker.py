"""A circuit breaker: after too many failures nobody asks for a while, then one call alone tries again."""

from collections import deque
from collections.abc import Callable
from enum import Enum

import msgspec


class BreakerSettings(msgspec.Struct, frozen=True):
    """Opens for `pause` seconds when, of at least `least` calls that ended within `window` seconds, `ratio` failed."""

    window: float = 10.0
    least: int = 20
    ratio: float = 0.8
    pause: float = 5.0


SLICES = 50
"""Parts of the window in which calls are counted together: a busy server ends tens of thousands of calls within it."""


class Permit(Enum):
    """What a breaker says to a call that wants to start."""

    GO = "go"
    PROBE = "probe"
    REFUSED = "refused"


class _Slice(msgspec.Struct):
    """Calls that ended close to each other."""

    began: float
    ended: int = 0
    failures: int = 0


class Breaker:
    """The state of one thing that may fail."""

    def __init__(self, settings: BreakerSettings, clock: Callable[[], float]) -> None:
        self._settings, self._clock = settings, clock
        self._slices: deque[_Slice] = deque()
        self._ended = self._failures = 0
        self._opened_at: float | None = None
        self._is_probing = False

    @property
    def is_open(self) -> bool:
        """True while calls are refused or probed."""
        return self._opened_at is not None

    def ask(self) -> Permit:
        """May a call start? A probe must be ended by `succeed`, `fail` or `abandon`."""
        if self._opened_at is None:
            return Permit.GO
        if self._is_probing or self._clock() - self._opened_at < self._settings.pause:
            return Permit.REFUSED
        self._is_probing = True
        return Permit.PROBE

    def succeed(self, permit: Permit) -> None:
        """A call has ended well. A probe that did closes the breaker."""
        if permit is Permit.PROBE:
            self._opened_at, self._is_probing = None, False
            self._slices.clear()
            self._ended = self._failures = 0
        self._note(failed=False)

    def fail(self, permit: Permit) -> None:
        """A call has failed."""
        if permit is Permit.PROBE:
            self._opened_at, self._is_probing = self._clock(), False
            return
        self._note(failed=True)
        if self._opened_at is None and self._is_too_much():
            self._opened_at = self._clock()

    def abandon(self, permit: Permit) -> None:
        """A call was given up before it could tell anything."""
        if permit is Permit.PROBE:
            self._is_probing = False

    def _note(self, *, failed: bool) -> None:
        now = self._clock()
        if not self._slices or now - self._slices[-1].began > self._settings.window / SLICES:
            self._slices.append(_Slice(now))
        latest = self._slices[-1]
        latest.ended += 1
        latest.failures += failed
        self._ended += 1
        self._failures += failed
        while now - self._slices[0].began > self._settings.window:
            oldest = self._slices.popleft()
            self._ended -= oldest.ended
            self._failures -= oldest.failures

    def _is_too_much(self) -> bool:
        return self._ended >= self._settings.least and self._failures >= self._settings.ratio * self._ended


Verdict = Callable[[BaseException], bool | None]
"""Whether an error is a failure of a breaker's thing. None: it tells nothing about that thing."""


class BreakerRefused(Exception):
    """A breaker is open."""


class Breakers:
    """The breakers of one vendor: one for its host, and one for each operation.

    A host that cannot be reached stops every call; an operation that answers with failures stops only its own, so that
    one broken endpoint does not take the vendor's other answers with it.
    """

    def __init__(self, settings: BreakerSettings, clock: Callable[[], float]) -> None:
        self._settings, self._clock = settings, clock
        self._host = Breaker(settings, clock)
        self._operations: dict[str, Breaker] = {}

    def guard(self, operation: str, *, is_lost: Verdict, is_failure: Verdict) -> "Guard":
        """Run a call. `is_lost` judges errors for the host, `is_failure` for the operation. Raises `BreakerRefused`."""
        own = self._operations.get(operation)
        if own is None:
            own = self._operations[operation] = Breaker(self._settings, self._clock)
        return Guard(self._host, own, is_lost, is_failure)


class Guard:
    """Around one call: asks both breakers before it, and tells them after it how it went."""

    __slots__ = ("_for_host", "_for_own", "_host", "_is_failure", "_is_lost", "_own")

    def __init__(self, host: Breaker, own: Breaker, is_lost: Verdict, is_failure: Verdict) -> None:
        self._host, self._own, self._is_lost, self._is_failure = host, own, is_lost, is_failure

    def __enter__(self) -> None:
        self._for_host, self._for_own = _ask(self._host, self._own)

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None:
            self._host.succeed(self._for_host)
            self._own.succeed(self._for_own)
        else:
            _end(self._host, self._for_host, self._is_lost(error))
            _end(self._own, self._for_own, self._is_failure(error))


def _ask(host: Breaker, own: Breaker) -> tuple[Permit, Permit]:
    for_host = host.ask()
    for_own = Permit.REFUSED if for_host is Permit.REFUSED else own.ask()
    if for_own is Permit.REFUSED:
        host.abandon(for_host)
        raise BreakerRefused
    return for_host, for_own


def _end(breaker: Breaker, permit: Permit, is_failure: bool | None) -> None:  # noqa: FBT001 - a verdict, no option
    if is_failure is None:
        breaker.abandon(permit)
    elif is_failure:
        breaker.fail(permit)
    else:
        breaker.succeed(permit)
