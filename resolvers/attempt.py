"""One attempt of one process to carry a write out: prepare, note that it leaves, send, store how it ended.

    begun ── prepare ── marked as sent ── send ──┬── DONE
      │         │                           ▲    ├── REFUSED
      └─────────┴── nothing sent: forgotten │    ├── nothing sent: forgotten
                                            │    └── UNKNOWN
    taken over, was sent ── find ── absent ─┘            │
      ▲                       ├── found: DONE            │
      │                       └── cannot tell: UNKNOWN ──┤
      └──────────── the next try with the same key ──────┘

What is assumed of a provider whose effects show late: that an effect shows in `find` at most `Write.settle` seconds
after the attempt that sent it had ended, or after its lease had if it was killed. Until then "absent" is not believed
and nothing is sent again; "found" is believed at any time. An attempt ends itself before its lease does, so that it
cannot send while another one owns the write. What remains: a process that is frozen between its last look at the clock
and the socket, for longer than the lease and `settle` together; and clocks of two machines that differ by more than
that. Where the provider takes an idempotency key or a unique reference, `send` should pass one: it closes this gap too.
"""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import msgspec

from providers.domain import Provider, Ref, Refusal, WriteOutcome, WriteRecord, WriteState
from providers.errors import (
    DirectoryUnavailable,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    Unauthorized,
    UnknownOutcome,
    Unreachable,
    Unsupported,
)
from providers.protocols import Writes
from resolvers.pace import Pace

log = logging.getLogger("tributary.writes")

REFUSED = (Rejected, NotFound, Unsupported)
"""The provider refused for good: nothing happened, and the same again would be refused again."""

NOT_SENT = (Unreachable, RateLimited, Unauthorized)
"""Nothing happened, and the same again may succeed. Every other error of `send` leaves open whether it happened."""

TRY_AGAIN = "It is not known whether this took place. Try again with the same idempotencyKey: that looks it up."


class LeaseLost(Exception):
    """The write belongs to somebody else by now, or may: nothing more may be done for it here."""


def refusal(error: ProviderError) -> Refusal:
    """A provider's refusal as data."""
    return Refusal(error.code, error.message, vendor_code=error.vendor_code)


async def nothing() -> bytes:
    """What a write must know before it is sent when that is nothing."""
    return b""


class Write(msgspec.Struct, frozen=True, kw_only=True):
    """One write to be carried out once.

    `operation` is the mutation's name. `key` is the caller's idempotency key. `input` is all that the caller asked
    for, but for the key, in a form that JSON can hold: two inputs are the same when their JSON is.
    """

    operation: str
    provider: Provider
    key: str
    input: object
    send: Callable[[bytes], Awaitable[Ref | WriteOutcome | None]]
    """Does it, by one request at most, and gives the object that it changed; the whole outcome, where it is of parts.

    Raises one of `REFUSED` or `NOT_SENT` only when certainly nothing happened; any other error means that it may have.
    """
    find: Callable[[bytes], Awaitable[WriteOutcome | None]]
    """Looks up whether it happened. None: certainly not so far. Raises a `ProviderError` when it cannot tell."""
    prepare: Callable[[], Awaitable[bytes]] = nothing
    """Notes of what must be known before sending, for `send` and `find`, with no personal data. Changes nothing."""
    settle: timedelta | None = None
    """How long after it was sent an effect may take to show in `find`, where that is longer than for most writes."""
    refusal: Callable[[ProviderError], Refusal] = refusal
    """Says which field of the input a refusal is about."""


class Attempt:
    """Owns a write's record for as long as its lease holds. To be run once."""

    def __init__(self, writes: Writes, write: Write, record: WriteRecord, *, owner: str, pace: Pace) -> None:
        self._writes, self._write, self._record = writes, write, record
        self._owner, self._lease = owner, pace.lease
        self._settle = pace.settle if write.settle is None else write.settle
        self._on_its_way: timedelta | None = None
        """`settle`, from the moment that this attempt may have sent something."""

    @property
    def may_have_happened(self) -> bool:
        """Something was sent, by this attempt or by one before it."""
        return self._record.is_sent or self._on_its_way is not None

    async def outcome(self, *, since: float) -> WriteOutcome:
        """Carry out the write, which is the owner's since a moment of the loop's clock.

        Raises `LeaseLost`; `UnknownOutcome` when it may have happened; another `ProviderError` or
        `DirectoryUnavailable` when nothing was sent.
        """
        try:
            async with self._leased(since):
                return await (self._resumed() if self._record.is_sent else self._begun())
        except DirectoryUnavailable as error:
            if self.may_have_happened:
                raise unknown(self._write, error) from error
            raise
        except asyncio.CancelledError:
            await self._leave()  # the server stops: the next try need not wait for the lease to run out
            raise

    async def _begun(self) -> WriteOutcome:
        try:
            notes = await self._write.prepare()
            await self._mark_sent(notes)
        except REFUSED as error:
            await self._leave()
            return WriteOutcome(None, (self._write.refusal(error),))
        except Exception:
            await self._leave()
            raise
        return await self._sent(notes)

    async def _resumed(self) -> WriteOutcome:
        """Look up what somebody sent before; send again only what is certainly not there."""
        notes = self._record.notes or b""
        settles_at = self._record.settles_at or self._record.updated_at
        is_settled = self._writes.now() >= settles_at
        found = await self._found(notes)
        if found is not None:
            return await self._end(found)
        if not is_settled:
            await self._leave()
            raise unknown(self._write, retry_after=settles_at - self._writes.now())
        await self._mark_sent(notes)
        return await self._sent(notes)

    async def _mark_sent(self, notes: bytes) -> None:
        settle, key = self._settle, self._record.key
        if not await self._writes.mark_sent(key, self._owner, notes=notes, lease=self._lease, settle=settle):
            raise LeaseLost
        self._on_its_way = settle

    async def _sent(self, notes: bytes) -> WriteOutcome:
        self._check_lease()
        try:
            sent = await self._write.send(notes)
        except REFUSED as error:
            return await self._refused(notes, error)
        except NOT_SENT:
            self._on_its_way = timedelta() if self._record.is_sent else None
            await self._leave()
            raise
        except Exception as error:
            _report(error)
            # Most often it shows at once. That it does not, proves nothing yet.
            found = await self._found(notes, error)
            if found is None:
                await self._leave()
                raise unknown(self._write, error, retry_after=self._settle) from error
            return await self._end(found)
        return await self._end(sent if isinstance(sent, WriteOutcome) else WriteOutcome(sent))

    async def _refused(self, notes: bytes, error: ProviderError) -> WriteOutcome:
        """A refusal. Of something sent for the second time, "exists already" may mean what the first has made."""
        found = await self._found(notes, error) if self._record.is_sent else None
        return await self._end(found or WriteOutcome(None, (self._write.refusal(error),)))

    async def _found(self, notes: bytes, cause: Exception | None = None) -> WriteOutcome | None:
        try:
            return await self._write.find(notes)
        except Exception as error:
            _report(error)
            await self._leave()
            raise unknown(self._write, cause or error, retry_after=self._on_its_way) from error

    async def _end(self, outcome: WriteOutcome) -> WriteOutcome:
        """Store the outcome, however long the directory takes to come back: the lease ends this if need be."""
        state = WriteState.REFUSED if outcome.refusals else WriteState.DONE
        stored, key, pause = msgspec.json.encode(outcome), self._record.key, 0.05
        while True:
            try:
                is_mine = await self._writes.finish(key, self._owner, state, outcome=stored, ref=outcome.ref)
            except DirectoryUnavailable:
                await asyncio.sleep(pause)
                pause *= 2
                continue
            if not is_mine:
                raise LeaseLost
            return outcome

    async def _leave(self) -> None:
        """Give the write up. What may have been sent is not forgotten; if this fails, the lease runs out."""
        with suppress(DirectoryUnavailable):
            if self.may_have_happened:
                settle = self._on_its_way
                await self._writes.finish(self._record.key, self._owner, WriteState.UNKNOWN, settle=settle)
            else:
                await self._writes.release(self._record.key, self._owner)

    @asynccontextmanager
    async def _leased(self, since: float) -> AsyncIterator[None]:
        """Within, the lease is renewed. Raises `LeaseLost` when that could not be done in time."""
        try:
            async with asyncio.timeout_at(since + self._lease.total_seconds()) as self._limit:
                renewing = asyncio.create_task(self._renew())
                try:
                    yield
                finally:
                    renewing.cancel()
                    await asyncio.wait([renewing])
        except TimeoutError as error:
            raise LeaseLost from error

    async def _renew(self) -> None:
        lease, loop = self._lease.total_seconds(), asyncio.get_running_loop()
        pause = lease / 3
        while True:
            await asyncio.sleep(pause)
            began, is_mine, pause = loop.time(), True, lease / 3
            try:
                is_mine = await self._writes.renew(
                    self._record.key, self._owner, lease=self._lease, settle=self._on_its_way
                )
            except DirectoryUnavailable:
                pause = lease / 12
                continue
            if self._limit.expired():
                return
            self._limit.reschedule(began + lease if is_mine else began)

    def _check_lease(self) -> None:
        """A stalled process may wake up after its lease: the clock knows before the time-out has had its turn."""
        end = self._limit.when()
        if end is not None and asyncio.get_running_loop().time() >= end:
            raise LeaseLost


def unknown(write: Write, cause: Exception | None = None, *, retry_after: timedelta | None = None) -> UnknownOutcome:
    """The error that says that a write may have happened, and what to do. `retry_after`: when an absence will count."""
    return UnknownOutcome(
        write.provider,
        write.operation,
        TRY_AGAIN,
        vendor_code=cause.vendor_code if isinstance(cause, ProviderError) else None,
        retry_after=None if retry_after is None else max(1, math.ceil(retry_after.total_seconds())),
    )


def _report(error: Exception) -> None:
    if not isinstance(error, ProviderError):
        log.error("a write failed in an unforeseen way", exc_info=error)
