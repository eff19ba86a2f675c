"""From a token's claims to a caller: who it is, what it may, and whose data it may see."""

from typing import Any

import pytest

from resolvers.caller import ANYBODY, NOBODY, Caller, Scope
from serving.auth import AuthSettings, Callers, Unauthenticated
from serving.auth.callers import LEEWAY
from serving.auth.keys import ALGORITHMS
from serving.auth.remembered import MOST, Remembered
from tests.tokens import AUDIENCE, ISSUER, KEY, LEFT_OUT, token


def callers(now: list[float] | None = None) -> Callers:
    """Callers of one public key; `now` holds the time."""
    settings = AuthSettings(issuer=ISSUER, audience=AUDIENCE, algorithms=frozenset(ALGORITHMS), source=KEY.public_key())
    return Callers(settings, now=lambda: now[0]) if now else Callers(settings)


async def caller(**claims: Any) -> Caller:
    """The bearer of a token with these claims."""
    return await callers().identify(f"Bearer {token(**claims)}")


@pytest.mark.parametrize(
    ("scope", "scopes"),
    [
        ("accounts:read", {Scope.ACCOUNTS_READ}),
        ("accounts:read payments:read", {Scope.ACCOUNTS_READ, Scope.PAYMENTS_READ}),
        (["accounts:read", "payments:read"], {Scope.ACCOUNTS_READ, Scope.PAYMENTS_READ}),
        ("openid profile accounts:read accounts:*", {Scope.ACCOUNTS_READ}),
        ("  accounts:read  accounts:read ", {Scope.ACCOUNTS_READ}),
        (["accounts:read payments:read"], set()),
        ("ACCOUNTS:READ", set()),
        ("accounts:read,payments:read", set()),
        ("accounts:read\tpayments:read", set()),
        ("*", set()),
        ("", set()),
        ([], set()),
        (LEFT_OUT, set()),
    ],
)
async def test_scopes_are_the_known_words_and_no_others(scope: Any, scopes: set[Scope]) -> None:
    assert (await caller(scope=scope)).scopes == scopes


@pytest.mark.parametrize(
    ("customer", "customers"),
    [
        ("cus_1", {"cus_1"}),
        (["cus_1", "cus_2"], {"cus_1", "cus_2"}),
        (["cus_1", "cus_1"], {"cus_1"}),
        ("cus_1 cus_2", {"cus_1 cus_2"}),
        ([], set()),
    ],
)
async def test_customers_are_those_that_the_claim_names(customer: Any, customers: set[str]) -> None:
    """An empty list is nobody, not everybody; text is one id, whatever is in it."""
    assert (await caller(customer=customer)).customers == customers


async def test_without_the_claim_a_caller_sees_all_customers_if_it_may_do_anything_at_all() -> None:
    assert (await caller()).customers is None
    assert (await caller(scope="providers:read")).customers is None
    assert (await caller(scope="openid")).customers == frozenset()
    assert (await caller(scope=LEFT_OUT)).customers == frozenset()


async def test_a_caller_is_the_same_for_all_of_its_tokens_and_nobody_else() -> None:
    first, second = await caller(ttl=60), await caller(ttl=600, scope="accounts:read", customer="cus_1")
    others = [await caller(sub=sub) for sub in ("user-2", "USER-1", "user-1 ")]

    assert first.id == second.id
    assert len({first.id, *(other.id for other in others), ANYBODY.id}) == 5
    assert len(first.id) == 43
    assert "user" not in first.id


async def test_a_caller_knows_when_its_token_ends() -> None:
    assert (await caller(exp=4_000_000_000)).expires_at == 4_000_000_000


async def test_clocks_may_differ_a_little() -> None:
    assert await caller(ttl=-LEEWAY + 20)
    with pytest.raises(Unauthenticated):
        await caller(ttl=-LEEWAY - 1)


async def test_a_token_that_was_taken_before_is_refused_once_it_has_ended() -> None:
    now = [3_000_000_000.0]
    known, value = callers(now), f"Bearer {token(exp=4_000_000_000)}"
    assert await known.identify(value) is await known.identify(value)

    now[0] = 4_000_000_000 + LEEWAY - 1
    assert await known.identify(value)
    now[0] += 1
    with pytest.raises(Unauthenticated):
        await known.identify(value)


async def test_only_so_many_tokens_are_remembered_and_those_that_are_used() -> None:
    known = callers()
    ring = known._keys.current()  # type: ignore[union-attr]
    remembered = Remembered()
    for number in range(MOST):
        remembered.put(b"%d" % number, NOBODY, ring)
    assert remembered.get(b"0", ring)
    remembered.put(b"one more", NOBODY, ring)

    assert remembered.get(b"0", ring)
    assert remembered.get(b"1", ring) is None
    assert remembered.get(b"2", ring)


async def test_a_key_that_is_set_takes_every_name_and_only_its_own_kind_of_signature() -> None:
    settings = AuthSettings(issuer=ISSUER, audience=AUDIENCE, algorithms=frozenset({"ES256"}), source=KEY.public_key())
    with pytest.raises(Unauthenticated) as caught:
        await Callers(settings).identify(f"Bearer {token()}")

    assert caught.value.reason == "the algorithm is not allowed"


async def test_where_nobody_has_to_say_who_they_are_everybody_may_everything() -> None:
    nobody_asks = Callers(None)

    assert await nobody_asks.identify(None) is ANYBODY
    assert await nobody_asks.identify("Bearer forged") is ANYBODY
    assert (nobody_asks.unidentified, callers().unidentified) == (ANYBODY, NOBODY)
    assert (nobody_asks.is_ready, callers().is_ready) == (None, True)
