"""Whatever is sent as a token, its bearer is let in or refused: nothing else ever happens."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resolvers.caller import Caller
from serving.auth import AuthSettings, Callers, Unauthenticated
from serving.auth.keys import ALGORITHMS
from tests.serving.auth.issuer import claims, signed
from tests.tokens import AUDIENCE, ISSUER, KEY

CALLERS = Callers(
    AuthSettings(issuer=ISSUER, audience=AUDIENCE, algorithms=frozenset(ALGORITHMS), source=KEY.public_key())
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
HEADERS = st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "jwk", "jku", "b64", "cty"]), VALUES)
CLAIMS = st.dictionaries(st.sampled_from([*claims(), "nbf", "iat", "jti", "customer", "cnf"]), VALUES)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """One loop for all examples."""
    with asyncio.Runner() as runner:
        yield runner


def identified(runner: asyncio.Runner, value: str) -> Caller | None:
    """The caller, or None when it is refused."""
    try:
        return runner.run(CALLERS.identify(value))
    except Unauthenticated:
        return None


@given(value=st.text() | st.text().map("Bearer {}".format) | st.from_regex(r"Bearer [\w-]*\.[\w-]*\.[\w-]*"))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_text_of_any_kind_is_refused(runner: asyncio.Runner, value: str) -> None:
    assert identified(runner, value) is None


@given(header=HEADERS, told=CLAIMS)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_true_signature_over_anything_lets_in_only_what_is_whole(
    runner: asyncio.Runner, header: dict[str, Any], told: dict[str, Any]
) -> None:
    whole = claims() | told
    value = "Bearer " + signed({"alg": "EdDSA"} | header, json.dumps(whole).encode(), key=KEY, algorithm="EdDSA")
    caller = identified(runner, value)

    if caller is not None:
        assert not {"crit", "b64"} & header.keys()
        assert (whole["iss"], caller.expires_at) == (ISSUER, whole["exp"])
        assert (caller.customers is None) == ("customer" not in whole and bool(caller.scopes))


@given(place=st.integers(min_value=0), letter=st.characters())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_one_letter_changed_is_another_token(runner: asyncio.Runner, place: int, letter: str) -> None:
    token = signed({"alg": "EdDSA", "kid": "ed"}, claims(), key=KEY)
    place %= len(token)
    changed = token[:place] + letter + token[place + 1 :]

    assert (identified(runner, f"Bearer {changed}") is None) == (changed != token)
