"""Every way that a write can go, on both databases."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from providers.directory import Config, SqlDirectory, connect
from providers.domain import Provider, Ref, WriteKey, WriteOutcome
from providers.errors import (
    Broken,
    Garbled,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    TimedOut,
    Unauthorized,
    UnknownOutcome,
    Unreachable,
    Unsupported,
)
from resolvers.background import Background
from resolvers.once import fingerprint
from resolvers.problems import InProgress
from tests.resolvers.once.counting import Act, Counter, Look, Replica, order

NOT_SENT = (Unreachable, RateLimited, Unauthorized)
REFUSED = (Rejected, NotFound, Unsupported)
OPEN = (UnknownOutcome, Broken, Garbled, TimedOut)


def failing(kind: type[Exception], *, after: Callable[[], object] | None = None) -> Callable[..., Awaitable[Any]]:
    """A step that fails, perhaps after it has taken effect."""

    async def fail(_notes: bytes = b"") -> None:
        if after:
            after()
        if issubclass(kind, ProviderError):
            raise kind(Provider.FORMANCE, "paymentsv3CreatePool", vendor_code="CONFLICT")
        raise kind

    return fail


def unseen() -> Look:
    async def find(_notes: bytes) -> WriteOutcome | None:
        return None

    return find


async def states(replica: Replica) -> list[str]:
    return [entry["state"] for entry in await replica.directory.writes.audited(WriteKey(replica.caller, "k"))]


async def test_the_same_key_gives_the_first_outcome(replica: Replica, counter: Counter) -> None:
    first = await replica.write(order(counter, "k"))
    again = await replica.write(order(counter, "k", send=failing(AssertionError)))

    assert first == again == counter.look("k")
    assert len(counter.effects("k")) == 1
    assert await states(replica) == ["sent", "done"]


async def test_the_audit_says_who_did_what(replica: Replica, counter: Counter) -> None:
    await replica.write(order(counter, "k"))

    entry = (await replica.directory.writes.audited(WriteKey(replica.caller, "k")))[-1]
    assert (entry["caller"], entry["operation"], entry["key"], entry["provider"]) == (
        replica.caller,
        "createPool",
        "k",
        "formance",
    )
    assert counter.effects("k")[0] in entry["ref"]
    assert len(entry["request_id"]) == 32


async def test_callers_do_not_share_keys(replica: Replica, counter: Counter) -> None:
    other = Replica(replica.directory, replica.background)
    await replica.write(order(counter, "k"))
    await other.write(order(counter, "k"))

    assert len(counter.effects("k")) == 2


@pytest.mark.parametrize("change", [{"input": {"name": "other"}}, {"operation": "deletePool"}], ids=str)
async def test_a_key_is_not_used_for_anything_else(replica: Replica, counter: Counter, change: dict[str, Any]) -> None:
    first = await replica.write(order(counter, "k"))
    other = await replica.write(order(counter, "k", **change))

    assert [(refusal.code, refusal.field) for refusal in other.refusals] == [
        ("IDEMPOTENCY_KEY_REUSED", ("idempotencyKey",))
    ]
    assert len(counter.effects("k")) == 1
    assert await replica.write(order(counter, "k")) == first


@pytest.mark.parametrize("key", ["", "k" * 256, "k\0", "line\n", "\ud800"], ids=ascii)
async def test_an_impossible_key_is_refused(replica: Replica, counter: Counter, key: str) -> None:
    outcome = await replica.write(order(counter, key))

    assert [refusal.code for refusal in outcome.refusals] == ["IDEMPOTENCY_KEY_INVALID"]
    assert counter.path.read_text() == ""


async def test_a_key_of_255_characters_is_taken(replica: Replica, counter: Counter) -> None:
    assert (await replica.write(order(counter, "é" * 255))).ref


def test_equal_inputs_have_one_fingerprint(counter: Counter) -> None:
    """Names in any order; amounts digit by digit; and the key is a part, so that inputs cannot be compared by it."""
    one = fingerprint(order(counter, "k", input={"a": 1, "b": Decimal("1.10")}))

    assert one == fingerprint(order(counter, "k", input={"b": Decimal("1.10"), "a": 1}))
    assert one != fingerprint(order(counter, "k", input={"b": Decimal("1.11"), "a": 1}))
    assert one != fingerprint(order(counter, "other", input={"a": 1, "b": Decimal("1.10")}))


@pytest.mark.parametrize("kind", REFUSED)
async def test_a_refusal_is_stored_and_given_again(replica: Replica, counter: Counter, kind: type[Exception]) -> None:
    first = await replica.write(order(counter, "k", send=failing(kind)))
    again = await replica.write(order(counter, "k"))

    assert first == again
    assert [refusal.vendor_code for refusal in first.refusals] == ["CONFLICT"]
    assert counter.effects("k") == []
    assert await states(replica) == ["sent", "refused"]


@pytest.mark.parametrize("kind", NOT_SENT)
async def test_what_was_not_sent_is_forgotten(replica: Replica, counter: Counter, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        await replica.write(order(counter, "k", send=failing(kind)))

    assert (await replica.write(order(counter, "k", input="other"))).ref
    assert await states(replica) == ["sent", "released", "sent", "done"]


@pytest.mark.parametrize("kind", [*NOT_SENT, *OPEN, ValueError])
async def test_a_failed_preparation_sends_nothing(replica: Replica, counter: Counter, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        await replica.write(order(counter, "k", prepare=failing(kind)))

    assert counter.effects("k") == []
    assert (await replica.write(order(counter, "k"))).ref


async def test_a_refused_preparation_is_a_refusal_that_is_not_stored(replica: Replica, counter: Counter) -> None:
    outcome = await replica.write(order(counter, "k", prepare=failing(NotFound)))

    assert [refusal.code for refusal in outcome.refusals] == ["NOT_FOUND"]
    assert (await replica.write(order(counter, "k"))).ref


@pytest.mark.parametrize("kind", [*OPEN, ValueError])
async def test_an_effect_behind_a_failure_is_found_at_once(
    replica: Replica, counter: Counter, kind: type[Exception]
) -> None:
    """A 500, a time-out or a garbled answer after the vendor has acted is a success."""
    send: Act = failing(kind, after=lambda: counter.act("k"))

    assert await replica.write(order(counter, "k", send=send)) == counter.look("k")
    assert len(counter.effects("k")) == 1


@pytest.mark.parametrize("kind", OPEN)
async def test_a_failure_without_effect_is_unknown_until_looked_up_again(
    replica: Replica, counter: Counter, kind: type[Exception]
) -> None:
    with pytest.raises(UnknownOutcome, match="same idempotencyKey") as caught:
        await replica.write(order(counter, "k", send=failing(kind), settle=0.2))
    assert (caught.value.retry_after, caught.value.vendor_code) == (1, "CONFLICT")
    with pytest.raises(UnknownOutcome):
        await replica.write(order(counter, "k", settle=0.2))
    assert counter.effects("k") == []

    await asyncio.sleep(0.2)
    assert (await replica.write(order(counter, "k"))).ref
    assert await states(replica) == ["sent", "unknown", "unknown", "sent", "done"]


async def test_an_effect_that_shows_late_is_not_made_twice(replica: Replica, counter: Counter) -> None:
    """Absent is not believed before the time in which an effect may still show."""
    send: Act = failing(TimedOut, after=lambda: counter.act("k"))
    hidden = order(counter, "k", send=send, find=unseen(), settle=5)
    for _ in range(2):
        with pytest.raises(UnknownOutcome):
            await replica.write(hidden)

    assert await replica.write(order(counter, "k", settle=5)) == counter.look("k")
    assert len(counter.effects("k")) == 1


async def test_an_outcome_that_cannot_be_looked_up_stays_unknown(replica: Replica, counter: Counter) -> None:
    send, find = failing(Broken, after=lambda: counter.act("k")), failing(Unreachable)
    for _ in range(3):
        with pytest.raises(UnknownOutcome):
            await replica.write(order(counter, "k", send=send, find=find))

    assert (await replica.write(order(counter, "k"))).ref
    assert len(counter.effects("k")) == 1


async def test_exists_already_of_a_second_sending_is_what_the_first_made(replica: Replica, counter: Counter) -> None:
    """The first effect showed only after its absence was believed; the provider's unique names then save us."""
    send: Act = failing(TimedOut, after=lambda: counter.act("k"))
    with pytest.raises(UnknownOutcome):
        await replica.write(order(counter, "k", send=send, find=unseen()))
    answers = iter([None, counter.look("k")])

    async def find(_notes: bytes) -> WriteOutcome | None:
        return next(answers)

    outcome = await replica.write(order(counter, "k", send=failing(Rejected), find=find))
    assert outcome == counter.look("k")


async def test_a_second_sending_that_does_not_leave_forgets_nothing(replica: Replica, counter: Counter) -> None:
    with pytest.raises(UnknownOutcome):
        await replica.write(order(counter, "k", send=failing(Broken)))
    with pytest.raises(Unreachable):
        await replica.write(order(counter, "k", send=failing(Unreachable)))

    assert (await replica.write(order(counter, "k", input="other"))).refusals[0].code == "IDEMPOTENCY_KEY_REUSED"
    assert (await replica.write(order(counter, "k"))).ref
    assert len(counter.effects("k")) == 1


async def test_ten_at_once_get_one_outcome(
    directory: SqlDirectory, database: Config, background: Background, counter: Counter
) -> None:
    other = await connect(database)
    replicas = [Replica(store, background, caller="same") for store in (directory, other)]

    async def slow(_notes: bytes) -> Ref | None:
        await asyncio.sleep(0.1)
        return counter.act("k")

    outcomes = await asyncio.gather(*(replicas[n % 2].write(order(counter, "k", send=slow)) for n in range(10)))

    await other.aclose()
    assert set(outcomes) == {counter.look("k")}
    assert len(counter.effects("k")) == 1


async def test_who_waits_for_a_failure_is_told_so_or_tries(replica: Replica, counter: Counter) -> None:
    """Of a first that was not sent, the second becomes the first; of one that is unknown, both hear that."""

    begun = asyncio.Event()

    async def slowly(_notes: bytes) -> Ref | None:
        begun.set()
        await asyncio.sleep(0.1)
        raise Unreachable(Provider.FORMANCE, "x")

    first = asyncio.create_task(replica.write(order(counter, "k", send=slowly)))
    await begun.wait()
    assert (await replica.write(order(counter, "k"))).ref
    with pytest.raises(Unreachable):
        await first


async def test_a_write_longer_than_the_deadline_goes_on(replica: Replica, counter: Counter) -> None:
    """Much longer than its lease, too."""
    release = asyncio.Event()

    async def slow(_notes: bytes) -> Ref | None:
        await release.wait()
        return counter.act("k")

    with pytest.raises(InProgress):
        await replica.write(order(counter, "k", send=slow), timeout=0.05)
    with pytest.raises(InProgress):
        await replica.write(order(counter, "k"), timeout=1.0)
    release.set()

    assert await replica.write(order(counter, "k")) == counter.look("k")
    assert len(counter.effects("k")) == 1


async def test_a_client_that_leaves_ends_nothing(replica: Replica, counter: Counter) -> None:
    begun = asyncio.Event()

    async def slow(_notes: bytes) -> Ref | None:
        begun.set()
        await asyncio.sleep(0.05)
        return counter.act("k")

    client = asyncio.create_task(replica.write(order(counter, "k", send=slow)))
    await begun.wait()
    client.cancel()
    await replica.background.drain()

    assert len(counter.effects("k")) == 1
    assert (await replica.write(order(counter, "k", send=failing(AssertionError)))).ref


async def test_a_server_that_stops_leaves_a_clear_state(replica: Replica, counter: Counter) -> None:
    """Work that outlasts the patience is cut: the next try looks it up at once, without waiting for the lease."""

    async def stuck(_notes: bytes) -> Ref | None:
        counter.act("k")
        await asyncio.sleep(60)
        return None

    client = asyncio.create_task(replica.write(order(counter, "k", send=stuck)))
    await asyncio.sleep(0.1)
    await replica.background.drain(0.01)
    assert client.cancelled() or isinstance(await asyncio.gather(client, return_exceptions=True), list)

    started = time.monotonic()
    assert await replica.write(order(counter, "k")) == counter.look("k")
    assert time.monotonic() - started < 0.4
    assert await states(replica) == ["sent", "unknown", "done"]


async def test_a_stall_longer_than_the_lease_sends_nothing_twice(replica: Replica, counter: Counter) -> None:
    stalls = iter([0.8])

    async def stalling() -> bytes:
        time.sleep(next(stalls, 0))  # noqa: ASYNC251 - nothing of this process runs meanwhile, as on a frozen machine
        return b""

    assert await replica.write(order(counter, "k", prepare=stalling)) == counter.look("k")
    assert len(counter.effects("k")) == 1
