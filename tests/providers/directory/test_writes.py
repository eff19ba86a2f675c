"""The store of writes: one owner at a time, whatever two processes do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from providers.directory import Config, SqlDirectory, connect
from providers.directory.writes import SqlWrites
from providers.domain import NodeType, Provider, Ref, WriteKey, WriteRecord, WriteState
from providers.errors import DirectoryUnavailable
from tests.providers.directory.conftest import Open

KEY = WriteKey("caller", "key")
LEASE = timedelta(seconds=10)
SETTLE = timedelta(seconds=30)
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
REF = Ref(NodeType.POOL, ("p",), Provider.FORMANCE)


class Clock:
    now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def writes(config: Config, clock: Clock) -> AsyncIterator[SqlWrites]:
    directory = await connect(config, clock=clock)
    yield directory.writes
    await directory.aclose()


async def begun(writes: SqlWrites, owner: str = "a", **changes: Any) -> tuple[WriteRecord, bool]:
    about: dict[str, Any] = {"operation": "createPool", "provider": Provider.FORMANCE, "fingerprint": "f"}
    return await writes.begin(KEY, **{**about, **changes}, owner=owner, request_id=f"of {owner}", lease=LEASE)


async def stored(writes: SqlWrites) -> WriteRecord:
    return (await begun(writes, "reader"))[0]


async def test_the_first_owns_and_the_others_read(writes: SqlWrites) -> None:
    record, is_mine = await begun(writes)

    assert is_mine
    assert (record.state, record.is_sent, record.notes, record.outcome) == (WriteState.RUNNING, False, None, None)
    assert (record.created_at, record.updated_at, record.lease_until) == (START, START, START + LEASE)
    assert await begun(writes, "b", fingerprint="other") == (record, False)
    assert await begun(writes) == (record, True)


async def test_of_many_at_once_one_owns(open_directory: Open) -> None:
    stores = [(await open_directory()).writes for _ in range(2)]
    answers = await asyncio.gather(*(begun(stores[n % 2], f"o{n}") for n in range(12)))

    assert sum(is_mine for _record, is_mine in answers) == 1
    assert len({record.owner for record, _is_mine in answers}) == 1


async def test_a_lease_that_has_run_out_is_taken_over_by_one(writes: SqlWrites, clock: Clock) -> None:
    record, _ = await begun(writes)
    assert not await writes.take_over(record, owner="b", request_id="r", lease=LEASE)

    clock.now += LEASE
    taken = await asyncio.gather(
        *(writes.take_over(record, owner=f"o{n}", request_id="r", lease=LEASE) for n in range(6))
    )

    assert sorted(taken) == [False] * 5 + [True]
    assert (await stored(writes)).lease_until == clock.now + LEASE


async def test_a_renewed_lease_is_not_taken_over(writes: SqlWrites, clock: Clock) -> None:
    """Also not by somebody who saw it run out just before."""
    record, _ = await begun(writes)
    clock.now += LEASE
    assert await writes.renew(KEY, "a", lease=LEASE)

    assert not await writes.take_over(record, owner="b", request_id="r", lease=LEASE)
    assert not await writes.take_over(await stored(writes), owner="b", request_id="r", lease=LEASE)


async def test_taking_over_again_is_no_loss(writes: SqlWrites, clock: Clock) -> None:
    """A lost connection makes the same statement come twice."""
    record, _ = await begun(writes)
    clock.now += LEASE

    assert await writes.take_over(record, owner="b", request_id="r", lease=LEASE)
    assert await writes.take_over(record, owner="b", request_id="r", lease=LEASE)


async def test_what_is_sent_is_noted_with_the_time_when_it_shows(writes: SqlWrites, clock: Clock) -> None:
    await begun(writes)
    assert await writes.mark_sent(KEY, "a", notes=b"\0notes", lease=LEASE, settle=SETTLE)
    record = await stored(writes)
    assert (record.is_sent, record.notes, record.settles_at) == (True, b"\0notes", START + LEASE + SETTLE)

    clock.now += LEASE / 2
    assert await writes.renew(KEY, "a", lease=LEASE, settle=SETTLE)
    assert (await stored(writes)).settles_at == clock.now + LEASE + SETTLE
    assert await writes.finish(KEY, "a", WriteState.UNKNOWN, settle=SETTLE)
    record = await stored(writes)
    assert (record.state, record.settles_at, record.lease_until) == (
        WriteState.UNKNOWN, clock.now + SETTLE, clock.now,
    )  # fmt: skip


async def test_an_unknown_write_can_be_taken_over_at_once_and_keeps_its_time(writes: SqlWrites, clock: Clock) -> None:
    await begun(writes)
    await writes.mark_sent(KEY, "a", notes=b"n", lease=LEASE, settle=SETTLE)
    await writes.finish(KEY, "a", WriteState.UNKNOWN, settle=SETTLE)

    assert await writes.take_over(await stored(writes), owner="b", request_id="r", lease=LEASE)
    await writes.renew(KEY, "b", lease=LEASE)
    record = await stored(writes)
    assert (record.owner, record.state, record.notes) == ("b", WriteState.RUNNING, b"n")
    assert record.settles_at == START + SETTLE
    await writes.finish(KEY, "b", WriteState.UNKNOWN)
    assert (await stored(writes)).settles_at == START + SETTLE


@pytest.mark.parametrize("state", [WriteState.DONE, WriteState.REFUSED])
async def test_an_end_is_final(writes: SqlWrites, clock: Clock, state: WriteState) -> None:
    await begun(writes)
    assert await writes.finish(KEY, "a", state, outcome=b"{}", ref=REF)
    record = await stored(writes)
    assert (record.state, record.outcome) == (state, b"{}")

    clock.now += 2 * LEASE
    assert not await writes.take_over(record, owner="b", request_id="r", lease=LEASE)
    assert not await writes.renew(KEY, "a", lease=LEASE)
    assert not await writes.mark_sent(KEY, "a", notes=b"", lease=LEASE, settle=SETTLE)
    assert not await writes.finish(KEY, "a", WriteState.UNKNOWN)
    await writes.release(KEY, "a")
    assert await writes.finish(KEY, "a", state, outcome=b"{}")  # the same again, after a lost connection
    assert await stored(writes) == record


LATE: dict[str, Callable[[SqlWrites], Any]] = {
    "renew": lambda writes: writes.renew(KEY, "a", lease=LEASE),
    "mark_sent": lambda writes: writes.mark_sent(KEY, "a", notes=b"late", lease=LEASE, settle=SETTLE),
    "finish": lambda writes: writes.finish(KEY, "a", WriteState.DONE, outcome=b"late"),
    "release": lambda writes: writes.release(KEY, "a"),
}


@pytest.mark.parametrize("call", LATE.values(), ids=LATE.keys())
async def test_who_has_lost_the_lease_changes_nothing(
    writes: SqlWrites, clock: Clock, call: Callable[[SqlWrites], Any]
) -> None:
    record, _ = await begun(writes)
    clock.now += LEASE
    await writes.take_over(record, owner="b", request_id="r", lease=LEASE)
    before = await stored(writes), await writes.audited(KEY)

    assert not await call(writes)
    assert (await stored(writes), await writes.audited(KEY)) == before


async def test_a_released_key_is_free_and_was_audited(writes: SqlWrites) -> None:
    await begun(writes)
    await writes.mark_sent(KEY, "a", notes=b"", lease=LEASE, settle=SETTLE)
    await writes.release(KEY, "a")

    assert await begun(writes, "b", fingerprint="other") == (await stored(writes), True)
    await writes.finish(KEY, "b", WriteState.DONE, ref=REF)
    entries = await writes.audited(KEY)
    assert [(entry["state"], entry["request_id"]) for entry in entries] == [
        ("sent", "of a"), ("released", "of a"), ("done", "of b"),
    ]  # fmt: skip
    assert entries[-1]["ref"] == '{"type":"Pool","keys":["p"],"provider":"formance"}'


async def test_a_key_that_is_too_long_is_refused_by_the_database_too(directory: SqlDirectory) -> None:
    about: dict[str, Any] = {"operation": "o", "provider": Provider.PLUGGY, "fingerprint": "f"}
    with pytest.raises(DirectoryUnavailable):
        await directory.writes.begin(WriteKey("c", "k" * 256), **about, owner="a", request_id="r", lease=LEASE)
