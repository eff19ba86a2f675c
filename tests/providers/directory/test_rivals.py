"""Which writes may have made an object that nobody knows the origin of: on every database."""

from datetime import timedelta

import pytest

from providers.directory import SqlDirectory
from providers.domain import NodeType, Provider, Ref, WriteKey, WriteState

ME, OTHER = WriteKey("caller", "me"), WriteKey("another", "other")
ONE, TWO = (Ref(NodeType.SMART_ACCOUNT, (each,), Provider.PLUGGY) for each in ("one", "two"))
OPEN = "createSmartAccount"


async def begin(directory: SqlDirectory, key: WriteKey, *, is_sent: bool = True, operation: str = OPEN) -> None:
    """A write of this key, by an owner of the same name."""
    lease = timedelta(seconds=10)
    await directory.writes.begin(
        key,
        operation=operation,
        provider=Provider.PLUGGY,
        fingerprint="f",
        owner=key.key,
        request_id="r",
        lease=lease,
    )
    if is_sent:
        await directory.writes.mark_sent(key, key.key, notes=b"", lease=lease, settle=lease)


async def test_a_write_is_no_rival_of_its_own(directory: SqlDirectory) -> None:
    """Neither while it runs nor by what it has made."""
    await begin(directory, ME)
    assert await directory.writes.rivals(OPEN, [ONE], but=ME) == (False, frozenset())
    await directory.writes.finish(ME, "me", WriteState.DONE, outcome=b"{}", ref=ONE)

    assert await directory.writes.rivals(OPEN, [ONE], but=ME) == (False, frozenset())
    assert await directory.writes.rivals(OPEN, [ONE, TWO], but=OTHER) == (False, frozenset([ONE]))


@pytest.mark.parametrize("state", [WriteState.RUNNING, WriteState.UNKNOWN])
async def test_what_was_sent_and_has_no_outcome_is_a_rival(directory: SqlDirectory, state: WriteState) -> None:
    """Whoever asked for it. Once it has one, that is known to be its own."""
    await begin(directory, ME)
    await begin(directory, OTHER)
    if state is WriteState.UNKNOWN:
        await directory.writes.finish(OTHER, "other", state)
        assert await directory.writes.rivals(OPEN, [ONE, TWO], but=ME) == (True, frozenset())
        return
    assert await directory.writes.rivals(OPEN, [ONE, TWO], but=ME) == (True, frozenset())
    await directory.writes.finish(OTHER, "other", WriteState.DONE, outcome=b"{}", ref=TWO)

    assert await directory.writes.rivals(OPEN, [ONE, TWO], but=ME) == (False, frozenset([TWO]))


async def test_what_was_not_sent_or_is_something_else_is_no_rival(directory: SqlDirectory) -> None:
    """It cannot have made the object."""
    await begin(directory, ME)
    await begin(directory, OTHER, is_sent=False)
    await begin(directory, WriteKey("caller", "pool"), operation="createPool")
    await begin(directory, WriteKey("caller", "no"))
    await directory.writes.finish(WriteKey("caller", "no"), "no", WriteState.REFUSED, outcome=b"{}")

    assert await directory.writes.rivals(OPEN, [ONE, TWO], but=ME) == (False, frozenset())
