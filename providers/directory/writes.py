"""Writes and their audit in SQL: implements `protocols.Writes` over SQLite and PostgreSQL alike.

Every change of a write is one statement that names the owner it expects, so that of two processes only one succeeds.
Each can be repeated by the same owner without harm, since a lost connection does not tell whether it took place.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import msgspec
from sqlalchemy import (
    ColumnElement,
    Executable,
    RowMapping,
    Text,
    and_,
    delete,
    insert,
    literal,
    not_,
    or_,
    select,
    update,
)

from providers.directory import translate
from providers.directory.missing import insert_missing
from providers.directory.tables import AUDIT, TIME, WRITES
from providers.domain import Provider, Ref, WriteKey, WriteRecord, WriteState

SENT = "sent"
RELEASED = "released"


class Run(Protocol):
    """Executes statements for a store."""

    async def __call__(self, statement: Executable, *then: Executable) -> Sequence[RowMapping]:
        """The rows of the statement. If it gives any, the others follow in the same transaction."""


def utc_now() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


class SqlWrites:
    """What was written once. Every method but `now` raises `DirectoryUnavailable`."""

    def __init__(self, run: Run, *, dialect: str, clock: Callable[[], datetime] = utc_now) -> None:
        self._run, self._clock = run, clock
        self._insert = insert_missing(WRITES, dialect)

    def now(self) -> datetime:
        """The time that leases are reckoned in."""
        return self._clock()

    async def begin(
        self,
        key: WriteKey,
        *,
        operation: str,
        provider: Provider,
        fingerprint: str,
        owner: str,
        request_id: str,
        lease: timedelta,
    ) -> tuple[WriteRecord, bool]:
        """The write of this key, made if there is none, and whether the owner owns it."""
        now = self._clock()
        row = {
            "caller": key.caller,
            "key": key.key,
            "operation": operation,
            "provider": provider.value,
            "fingerprint": fingerprint,
            "state": WriteState.RUNNING.value,
            "is_sent": False,
            "owner": owner,
            "request_id": request_id,
            "lease_until": now + lease,
            "created_at": now,
            "updated_at": now,
        }
        while True:
            found = await self._run(_stored(key)) or await self._run(self._insert.values(row).returning(WRITES))
            if found:
                record = translate.write(found[0])
                return record, record.owner == owner

    async def take_over(self, seen: WriteRecord, *, owner: str, request_id: str, lease: timedelta) -> bool:
        """Become the owner of an UNKNOWN write or of one whose owner is gone. False if it has changed since `seen`."""
        now = self._clock()
        is_free = or_(
            WRITES.c.state == WriteState.UNKNOWN.value,
            and_(WRITES.c.state == WriteState.RUNNING.value, WRITES.c.lease_until <= now),
        )
        values = {
            "state": WriteState.RUNNING.value,
            "owner": owner,
            "request_id": request_id,
            "lease_until": now + lease,
            "updated_at": now,
        }
        is_unchanged = and_(_of(seen.key, seen.owner), WRITES.c.updated_at == seen.updated_at)
        if await self._change(and_(is_unchanged, is_free), values):
            return True
        record = await self._read(seen.key)  # a lost connection may hide that it succeeded
        return record is not None and record.owner == owner

    async def renew(self, key: WriteKey, owner: str, *, lease: timedelta, settle: timedelta | None = None) -> bool:
        """Put the end of the lease off. False if the write is no longer the owner's.

        `settle` is given while the owner's own request is on its way.
        """
        now = self._clock()
        times = {"lease_until": now + lease, "updated_at": now, **_settling(now + lease, settle)}
        return await self._change(_running(key, owner), times)

    async def mark_sent(self, key: WriteKey, owner: str, *, notes: bytes, lease: timedelta, settle: timedelta) -> bool:
        """Note that the request leaves now. False if the write is no longer the owner's: then it must not leave."""
        now = self._clock()
        times = {"lease_until": now + lease, "updated_at": now, **_settling(now + lease, settle)}
        values = {"is_sent": True, "notes": notes, **times}
        return await self._change(_running(key, owner), values, self._audited(key, SENT))

    async def finish(
        self,
        key: WriteKey,
        owner: str,
        state: WriteState,
        *,
        outcome: bytes | None = None,
        ref: Ref | None = None,
        settle: timedelta | None = None,
    ) -> bool:
        """Store how it ended and end the lease. False if the write is no longer the owner's: nothing is changed then.

        `settle` is given with UNKNOWN when the request has just been sent; without it, the old time holds.
        """
        now = self._clock()
        values = {"state": state.value, "outcome": outcome, "lease_until": now, "updated_at": now}
        values |= _settling(now, settle)
        if await self._change(_running(key, owner), values, self._audited(key, state.value, ref)):
            return True
        record = await self._read(key)  # a try before this one may have succeeded without our knowing
        return record is not None and record.owner == owner and record.state is state

    async def release(self, key: WriteKey, owner: str) -> None:
        """Forget the write: nothing was sent. Does nothing if it is no longer the owner's."""
        forget = delete(WRITES).where(_of(key, owner))
        await self._change(_running(key, owner), {"updated_at": self._clock()}, self._audited(key, RELEASED), forget)

    async def rivals(self, operation: str, made: Sequence[Ref], *, but: WriteKey) -> tuple[bool, frozenset[Ref]]:
        """Whether another write of this operation may yet have been carried out; which of `made` is one's outcome."""
        is_open = WRITES.c.state.in_([WriteState.RUNNING.value, WriteState.UNKNOWN.value])
        others = select(WRITES.c.key).where(WRITES.c.operation == operation, WRITES.c.is_sent, is_open, not_(_is(but)))
        # In this order: a write that ends between the two is then seen by at least one of them.
        rivals = await self._run(others.limit(1))
        texts = {msgspec.json.encode(ref).decode(): ref for ref in made}
        mine = and_(AUDIT.c.caller == but.caller, AUDIT.c.key == but.key)
        claimed = select(AUDIT.c.ref).where(AUDIT.c.operation == operation, AUDIT.c.ref.in_(list(texts)), not_(mine))
        return bool(rivals), frozenset(texts[row["ref"]] for row in await self._run(claimed))

    async def audited(self, key: WriteKey) -> Sequence[Mapping[str, Any]]:
        """What was done under a key, oldest first."""
        found = select(AUDIT).where(AUDIT.c.caller == key.caller, AUDIT.c.key == key.key).order_by(AUDIT.c.id)
        return [dict(row) for row in await self._run(found)]

    async def _read(self, key: WriteKey) -> WriteRecord | None:
        found = await self._run(_stored(key))
        return translate.write(found[0]) if found else None

    async def _change(self, condition: ColumnElement[bool], values: Mapping[str, Any], *then: Executable) -> bool:
        """Whether the condition held. What follows is done in the same transaction, while the row is locked."""
        changed = update(WRITES).where(condition).values(values).returning(WRITES.c.owner)
        return bool(await self._run(changed, *then))

    def _audited(self, key: WriteKey, state: str, ref: Ref | None = None) -> Executable:
        """An entry of the audit, taken from the write's own row."""
        about = msgspec.json.encode(ref).decode() if ref else None
        same = (WRITES.c.caller, WRITES.c.operation, WRITES.c.key, WRITES.c.provider, WRITES.c.request_id)
        entry = select(*same, literal(about, Text), literal(state), literal(self._clock(), TIME)).where(_is(key))
        names = [*(column.name for column in same), "ref", "state", "at"]
        return insert(AUDIT).from_select(names, entry)


def _is(key: WriteKey) -> ColumnElement[bool]:
    return and_(WRITES.c.caller == key.caller, WRITES.c.key == key.key)


def _of(key: WriteKey, owner: str) -> ColumnElement[bool]:
    return and_(_is(key), WRITES.c.owner == owner)


def _running(key: WriteKey, owner: str) -> ColumnElement[bool]:
    return and_(_of(key, owner), WRITES.c.state == WriteState.RUNNING.value)


def _stored(key: WriteKey) -> Executable:
    return select(WRITES).where(_is(key))


def _settling(since: datetime, settle: timedelta | None) -> dict[str, datetime]:
    return {} if settle is None else {"settles_at": since + settle}
