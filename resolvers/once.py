"""A write that happens once: the same idempotency key gives the first outcome, on every replica and after a crash.

    mutation → once → directory: whose is this key? ──┬── ours: resolvers.attempt carries it out
                                                      ├── somebody's: wait for their outcome
                                                      └── it has ended: its outcome

The work belongs to the app and goes on when its client leaves. `resolvers.attempt` says what is assumed of a provider.
"""

import asyncio
import hashlib
from uuid import uuid4

import msgspec

from providers.domain import LONGEST_KEY, Refusal, WriteKey, WriteOutcome, WriteRecord, WriteState
from providers.errors import DirectoryUnavailable
from resolvers.attempt import Attempt, LeaseLost, Write, unknown
from resolvers.context import RequestContext
from resolvers.pace import Pace
from resolvers.problems import InProgress

FIELD = ("idempotencyKey",)
KEY_INVALID = Refusal(
    "IDEMPOTENCY_KEY_INVALID", f"The idempotencyKey must have 1 to {LONGEST_KEY} printable characters.", FIELD
)
KEY_REUSED = Refusal(
    "IDEMPOTENCY_KEY_REUSED", "This idempotencyKey was used for another operation or with other input.", FIELD
)

_OUTCOME = msgspec.json.Decoder(WriteOutcome)


async def once(context: RequestContext, write: Write) -> WriteOutcome:
    """The outcome of a write, its refusals included, whoever carried it out.

    Raises `InProgress` when it has not ended by the operation's deadline, `UnknownOutcome` when it may have happened,
    and another `ProviderError` or `DirectoryUnavailable` when nothing was sent and the key was forgotten.
    """
    if not _is_valid(write.key):
        return WriteOutcome(None, (KEY_INVALID,))
    return await _Pursuit(context, write, context.pace).outcome()


def fingerprint(write: Write) -> str:
    """SHA-256 of the input and the key in canonical JSON. The key makes equal inputs of two writes look different."""
    canonical = msgspec.json.encode([write.key, write.input], order="sorted")
    return hashlib.sha256(canonical).hexdigest()


class _Pursuit:
    """Gets one request's outcome: by carrying the write out, or by waiting for whoever does."""

    def __init__(self, context: RequestContext, write: Write, pace: Pace) -> None:
        self._write, self._pace = write, pace
        self._writes, self._background = context.providers.directory.writes, context.background
        self._operation = context.operation
        self._key = WriteKey(context.caller.id, write.key)
        self._fingerprint = fingerprint(write)
        self._may_have_happened = False

    async def outcome(self) -> WriteOutcome:
        has_waited = False
        for pause in self._pace.pauses():
            # The client may leave at any time: what it has begun goes on, what it only waits for is not begun.
            task = self._background.start(self._tried(has_waited=has_waited))
            await asyncio.wait([task], timeout=self._operation.remaining)
            if not task.done():
                break
            outcome = self._result(task)
            if outcome is not None:
                return outcome
            has_waited = True
            await asyncio.sleep(min(pause, self._operation.remaining))
            if not self._operation.remaining:
                break
        raise InProgress

    def _result(self, task: "asyncio.Task[WriteOutcome | None]") -> WriteOutcome | None:
        try:
            return task.result()
        except DirectoryUnavailable as error:
            if self._may_have_happened:
                raise unknown(self._write, error) from error
            raise

    async def _tried(self, *, has_waited: bool) -> WriteOutcome | None:
        """The outcome, or None when somebody else is at work on it."""
        since, owner = asyncio.get_running_loop().time(), uuid4().hex
        record, is_mine = await self._begun(owner)
        if (record.operation, record.fingerprint) != (self._write.operation, self._fingerprint):
            return WriteOutcome(None, (KEY_REUSED,))
        if record.outcome is not None:
            return _OUTCOME.decode(record.outcome)
        if record.state is WriteState.UNKNOWN and has_waited:  # whoever was waited for has just looked it up
            settles_at = record.settles_at
            raise unknown(self._write, retry_after=settles_at - self._writes.now() if settles_at else None)
        if is_mine or (self._is_free(record) and await self._taken_over(record, owner)):
            return await self._attempted(record, owner, since)
        return None

    async def _begun(self, owner: str) -> tuple[WriteRecord, bool]:
        return await self._writes.begin(
            self._key,
            operation=self._write.operation,
            provider=self._write.provider,
            fingerprint=self._fingerprint,
            owner=owner,
            request_id=self._operation.request_id,
            lease=self._pace.lease,
        )

    def _is_free(self, record: WriteRecord) -> bool:
        return record.state is WriteState.UNKNOWN or record.lease_until <= self._writes.now()

    async def _taken_over(self, record: WriteRecord, owner: str) -> bool:
        lease = self._pace.lease
        return await self._writes.take_over(record, owner=owner, request_id=self._operation.request_id, lease=lease)

    async def _attempted(self, record: WriteRecord, owner: str, since: float) -> WriteOutcome | None:
        attempt = Attempt(self._writes, self._write, record, owner=owner, pace=self._pace)
        try:
            return await attempt.outcome(since=since)
        except LeaseLost:
            return None
        finally:
            self._may_have_happened |= attempt.may_have_happened


def _is_valid(key: str) -> bool:
    """Within the length, and text that every database stores: no control characters, no halves of characters."""
    return 0 < len(key) <= LONGEST_KEY and key.isprintable()
