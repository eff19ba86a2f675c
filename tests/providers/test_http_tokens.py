"""Calls with a credential: one token for all, renewed once, and never asked for in a hurry."""

import asyncio
from collections.abc import Mapping

import pytest

from providers.errors import (
    ProviderError,
    TimedOut,
    Unauthorized,
    Unreachable,
)
from providers.http import Upstream
from providers.operation import Operation
from providers.token import Token, TokenCache
from providers.transport import InProcessTransport
from tests.providers.vendor import (
    DECODER,
    TOKEN,
    Asked,
    Reply,
    Vendor,
    calling,
    get,
    reached,
    until,
    wired,
)

pytestmark = pytest.mark.usefixtures("tidy")


class Login:
    """Our credential at the vendor: a token in a header."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self._cache = TokenCache(self._fetch, clock=lambda: 0.0)

    async def headers(self, operation: Operation) -> Mapping[str, str]:
        return {"x-token": await self._cache.current(operation)}

    def refused(self, headers: Mapping[str, str]) -> None:
        self._cache.drop(headers["x-token"])

    async def _fetch(self, operation: Operation) -> Token:
        headers = {"content-type": "application/json"}
        thing = await self._upstream.fetch_token(TOKEN, DECODER, operation, content=b"{}", headers=headers)
        return Token(str(thing.value), 100.0)


class Guarded(Vendor):
    """Gives tokens 1, 2, 3…; only the newest that it has not revoked is good."""

    issued = 0
    revoked = 0
    slips = 0

    def reply(self, asked: Asked) -> Reply:
        if asked.method == "POST":
            self.issued += 1
            return Reply(body=b'{"value": %d}' % self.issued)
        if self.slips:
            self.slips -= 1
            return Reply(status=401, body=b"")
        is_good = self.revoked < int(asked.headers.get("x-token", "0"))
        return Reply() if is_good else Reply(status=401, body=b"")


@pytest.fixture
async def guarded() -> Guarded:
    return Guarded()


@pytest.fixture
async def member(guarded: Guarded) -> Upstream:
    """A caller with a credential."""
    upstream = calling(InProcessTransport(guarded))
    upstream.authenticator = Login(upstream)
    return upstream


async def test_reads_share_a_token(guarded: Guarded, member: Upstream) -> None:
    await asyncio.gather(*(get(member, str(number)) for number in range(50)))
    await get(member)
    assert guarded.issued == 1
    assert guarded.asked[0].body == b"{}"


async def test_a_read_without_authentication_carries_no_token(guarded: Guarded, member: Upstream) -> None:
    with pytest.raises(Unauthorized):
        await get(member, authenticated=False)
    assert guarded.issued == 0


async def test_a_refused_token_is_renewed_once_for_all_reads_and_each_is_replayed(
    guarded: Guarded, member: Upstream
) -> None:
    await get(member)
    guarded.revoked = 1
    operation = Operation(timeout=5)
    await asyncio.gather(*(get(member, f"n{number}", operation=operation) for number in range(50)))
    assert guarded.issued == 2
    reads = [call for call in operation.calls if call.operation == "get_thing"]
    assert {(call.attempts, call.status) for call in reads} == {(2, 200)}


async def test_a_read_is_replayed_once_only(guarded: Guarded, member: Upstream) -> None:
    guarded.revoked = 1000
    with pytest.raises(Unauthorized):
        await get(member)
    assert [asked.method for asked in guarded.asked] == ["POST", "GET", "POST", "GET"]


async def test_a_refusal_that_is_a_slip_costs_no_read_while_it_is_too_early_for_another_token(
    guarded: Guarded, member: Upstream
) -> None:
    """The token that is refused has just been good for another read."""
    await get(member)
    guarded.revoked = 1
    await get(member)
    guarded.slips = 1
    operation = Operation(timeout=5)
    await get(member, "slip", operation=operation)
    assert guarded.issued == 2
    assert [(call.attempts, call.status) for call in operation.calls] == [(2, 200)]


async def test_a_fresh_token_that_was_good_for_nothing_is_not_tried_twice(guarded: Guarded, member: Upstream) -> None:
    await get(member)
    guarded.revoked = 1000
    for _ in range(3):
        with pytest.raises(Unauthorized):
            await get(member)
    asked = [asked.method for asked in guarded.asked]
    assert asked == ["POST", "GET", *["GET", "POST", "GET"], "GET", "GET"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 401])
async def test_a_token_is_not_asked_for_again_after_an_answer(status: int) -> None:
    """Vendors count attempts to log in and lock who fails too often."""
    vendor = Vendor(Reply(status=status))
    upstream = calling(InProcessTransport(vendor))
    with pytest.raises(ProviderError):
        await upstream.fetch_token(TOKEN, DECODER, Operation(timeout=5), content=b"", headers={})
    assert len(vendor.asked) == 1


async def test_a_token_is_asked_for_again_when_no_answer_came() -> None:
    operation = Operation(timeout=5)
    async with wired("http://127.0.0.1:1") as upstream:
        with pytest.raises(Unreachable):
            await upstream.fetch_token(TOKEN, DECODER, operation, content=b"", headers={})
    assert operation.calls[0].attempts == 3


async def test_a_call_that_waited_for_its_token_is_of_the_wave_after_it(guarded: Guarded, member: Upstream) -> None:
    operation = Operation(timeout=5)
    await asyncio.gather(*(get(member, str(number), operation=operation) for number in range(3)))
    assert sorted((call.wave, call.operation, call.is_token) for call in operation.calls) == [
        (1, "create_token", True),
        *[(2, "get_thing", False)] * 3,
    ]
    later = Operation(timeout=5)
    await get(member, operation=later)
    assert [(call.wave, call.is_token) for call in later.calls] == [(1, False)]


async def test_the_operations_deadline_ends_a_wait_for_a_token() -> None:
    """The fetch goes on, and is there for whoever comes next."""
    gate = asyncio.Event()
    vendor = Vendor(Reply(gate=gate), Reply())
    async with reached("in process", vendor) as upstream:
        upstream.authenticator = Login(upstream)
        with pytest.raises(TimedOut):
            await get(upstream, operation=Operation(timeout=0.05))
        gate.set()
        await get(upstream)
        await until(lambda: vendor.busy == 0)
    assert [asked.method for asked in vendor.asked] == ["POST", "GET"]
