"""Published keys: fetched in the background, and for an unknown name; trusted for a while when they are gone."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import pytest

from providers.document import DocumentUnavailable
from resolvers.caller import Caller
from serving.auth import AuthSettings, AuthUnavailable, Callers, Unauthenticated
from serving.auth.keys import ALGORITHMS
from serving.auth.published import MOST_WAITING, FetchPace, PublishedKeys
from tests.providers.vendor import until
from tests.serving.auth.issuer import claims, jwk, private, signed
from tests.tokens import AUDIENCE, ISSUER, KEY

pytestmark = pytest.mark.usefixtures("tidy")

ED = jwk(private("Ed25519"), "ed")
EC = jwk(private("EC"), "ec")
NUMBERS = count()
PACE = FetchPace(refresh=300, keep=3600, cool_down=5, retry_most=30)


def token(kid: str = "ed", key: str = "Ed25519", alg: str = "EdDSA", **others: object) -> str:
    """The value of `Authorization`."""
    return "Bearer " + signed({"alg": alg, "kid": kid}, claims(**others), key=private(key))


NEW = token("ec", "EC", "ES256")


class Source:
    """What is fetched, how often it was, and a gate that holds it back."""

    def __init__(self, *keys: dict[str, object]) -> None:
        self.document: bytes | Exception = b""
        self.publish(*keys)
        self.fetches = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.now = 1000.0

    def publish(self, *keys: dict[str, object]) -> None:
        """These keys from now on."""
        self.document = json.dumps({"keys": keys}).encode()

    def fail(self) -> None:
        """No keys from now on."""
        self.document = DocumentUnavailable("Unreachable")

    async def fetch(self) -> bytes:
        """The document as it is when the gate opens."""
        self.fetches += 1
        await self.gate.wait()
        if isinstance(self.document, Exception):
            raise self.document
        return self.document


class World:
    """Callers over a source, with a clock that stands still until it is moved."""

    def __init__(self, source: Source, pace: FetchPace) -> None:
        settings = AuthSettings(
            issuer=ISSUER, audience=AUDIENCE, algorithms=frozenset(ALGORITHMS), source=KEY.public_key()
        )
        self.source = source
        self.keys = PublishedKeys(source.fetch, pace, clock=lambda: source.now)
        self.callers = Callers(settings, self.keys)

    async def identify(self, value: str) -> Caller:
        """As a request does."""
        return await self.callers.identify(value)


@asynccontextmanager
async def callers_of(source: Source, pace: FetchPace = PACE) -> AsyncIterator[World]:
    """Started and stopped as by the app."""
    world = World(source, pace)
    async with world.callers.running():
        yield world


async def test_keys_are_fetched_once_for_any_number_of_tokens() -> None:
    source = Source(ED)
    async with callers_of(source) as world:
        callers = [await world.identify(token(sub=f"user-{number}")) for number in range(20)]

    assert len({caller.id for caller in callers}) == 20
    assert source.fetches == 1


async def test_a_key_that_was_published_since_is_fetched_for_its_first_token() -> None:
    source = Source(ED)
    async with callers_of(source) as world:
        source.publish(ED, EC)
        assert await world.identify(NEW)
        assert await world.identify(token())

    assert source.fetches == 2


async def test_many_tokens_with_a_new_key_wait_for_one_fetch_and_hold_up_no_other() -> None:
    source = Source(ED)
    async with callers_of(source) as world:
        source.publish(ED, EC)
        source.gate.clear()
        waiting = [asyncio.create_task(world.identify(NEW)) for _ in range(50)]
        await until(lambda: source.fetches == 2)
        assert await world.identify(token())
        assert not any(task.done() for task in waiting)
        source.gate.set()
        assert len(await asyncio.gather(*waiting)) == 50

    assert source.fetches == 2


async def test_a_fetch_that_began_too_early_is_followed_by_another() -> None:
    source = Source(ED)
    async with callers_of(source) as world:
        source.gate.clear()
        early = asyncio.create_task(world.keys._refresh())
        await until(lambda: source.fetches == 2)
        waiting = asyncio.create_task(world.identify(NEW))
        await asyncio.sleep(0)
        source.gate.set()
        await early
        source.publish(ED, EC)
        assert await waiting

    assert source.fetches == 3


async def test_whoever_stops_waiting_takes_the_fetch_from_nobody() -> None:
    source = Source(ED)
    async with callers_of(source) as world:
        source.publish(ED, EC)
        source.gate.clear()
        leaving, staying = (asyncio.create_task(world.identify(NEW)) for _ in range(2))
        await until(lambda: source.fetches == 2)
        leaving.cancel()
        await asyncio.wait([leaving])
        source.gate.set()
        assert await staying

    assert source.fetches == 2


async def test_random_keys_cost_one_fetch_in_each_cool_down() -> None:
    source = Source(ED)
    async with callers_of(source) as world:
        for second in range(20):
            for number in range(50):
                with pytest.raises(Unauthenticated):
                    await world.identify(token(f"random-{second}-{number}"))
            source.now += 1
            assert await world.identify(token())

    assert source.fetches == 1 + 4


async def test_a_flood_of_unknown_keys_does_not_wait_without_end() -> None:
    source = Source(ED)
    async with callers_of(source) as world:
        source.gate.clear()
        waiting = [asyncio.create_task(world.identify(token(f"random-{number}"))) for number in range(MOST_WAITING)]
        await until(lambda: source.fetches == 2)
        with pytest.raises(Unauthenticated):
            await world.identify(token("one-more"))
        source.gate.set()
        refused = await asyncio.gather(*waiting, return_exceptions=True)

    assert {type(refusal) for refusal in refused} == {Unauthenticated}


async def test_a_key_that_was_withdrawn_is_no_longer_taken_although_its_tokens_were_seen() -> None:
    source = Source(ED, EC)
    async with callers_of(source) as world:
        assert await world.identify(NEW)
        source.publish(ED)
        await world.keys._refresh()
        source.now += 10
        with pytest.raises(Unauthenticated):
            await world.identify(NEW)
        assert await world.identify(token())


async def test_another_key_under_the_same_name_takes_the_place_of_the_first() -> None:
    source = Source(ED)
    async with callers_of(source) as world:
        assert await world.identify(token())
        source.publish(jwk(private("EC"), "ed"))
        await world.keys._refresh()
        assert await world.identify(token("ed", "EC", "ES256"))
        with pytest.raises(Unauthenticated):
            await world.identify(token())


async def test_keys_outlive_their_publisher_for_a_while() -> None:
    source = Source(ED)
    async with callers_of(source) as world:
        source.fail()
        await world.keys._refresh()
        source.now += PACE.keep - 1
        assert await world.identify(token())
        source.now += 1
        assert not world.callers.is_ready
        with pytest.raises(AuthUnavailable):
            await world.identify(token())


async def test_an_unknown_key_while_fetches_fail_is_told_to_come_again() -> None:
    """It may be a new one: a client that was told "not valid" would throw its token away."""
    source = Source(ED)
    async with callers_of(source) as world:
        source.fail()
        with pytest.raises(AuthUnavailable):
            await world.identify(NEW)
        assert await world.identify(token())
        source.publish(ED, EC)
        source.now += PACE.cool_down
        assert await world.identify(NEW)


async def test_without_keys_at_start_the_server_starts_and_says_when_to_come_again() -> None:
    source = Source(ED)
    source.fail()
    async with callers_of(source, FetchPace(retry_most=0.01)) as world:
        assert world.callers.is_ready is False
        with pytest.raises(AuthUnavailable) as caught:
            await world.identify(token())
        source.publish(ED)
        await until(lambda: world.callers.is_ready is True)
        assert await world.identify(token())

    assert caught.value.status == 503
    assert caught.value.headers == {"retry-after": "1"}
    assert caught.value.details == {"retryable": True, "retryAfter": 1}


async def test_keys_are_fetched_again_before_anybody_needs_them() -> None:
    source = Source(ED)
    async with callers_of(source, FetchPace(refresh=0.01)) as world:
        await until(lambda: source.fetches > 2)
        source.publish(EC)
        seen = source.fetches
        await until(lambda: source.fetches > seen + 1)
        assert await world.identify(NEW)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"keys": null}',
        b'{"keys": []}',
        b'{"keys": ["ed"]}',
        b'{"keys": [{}]}',
        b"<html>",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"keys": [' + b"[" * 100_000,
        json.dumps({"keys": [{"kty": "oct", "kid": "ed", "k": "c2VjcmV0", "alg": "HS256"}]}).encode(),
        json.dumps({"keys": [ED] * 101}).encode(),
        json.dumps({"keys": [{**ED, "use": "enc"}]}).encode(),
        json.dumps({"keys": [{**ED, "alg": "ES256"}]}).encode(),
        json.dumps({"keys": [{**ED, "d": "AAAA"}]}).encode(),
        json.dumps({"keys": [{**ED, "kty": ["OKP"]}]}).encode(),
        json.dumps({"keys": [{**ED, "x": 5}]}).encode(),
        json.dumps({"keys": [{**ED, "crv": "Ed448"}]}).encode(),
        json.dumps({"keys": [{**EC, "y": EC["x"]}]}).encode(),
        json.dumps({"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}).encode(),
        json.dumps({"keys": [{"kty": "RSA", "n": "_" * 100_000, "e": "_" * 100_000}]}).encode(),
    ],
    ids=lambda _document: str(next(NUMBERS)),  # keys are new in each process, and names must not be
)
async def test_a_document_without_a_key_to_use_takes_no_place_of_good_keys(document: bytes) -> None:
    source = Source(ED)
    async with callers_of(source) as world:
        source.document = document
        await world.keys._refresh()
        assert await world.identify(token())
        assert world.keys._failures == 1


async def test_a_broken_key_spoils_none_beside_it() -> None:
    async with callers_of(Source({**EC, "y": 5}, {"kty": "oct", "k": "c2VjcmV0"}, ED)) as world:
        assert await world.identify(token())
