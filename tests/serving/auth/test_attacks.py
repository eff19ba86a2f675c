"""Every attack on tokens that is known, against the real server on a real socket, with keys from a real issuer."""

import re
import time
from collections.abc import Iterator

import httpx
import pytest

from providers.config import Environment
from serving.auth import AuthSettings, Callers, Unauthenticated
from serving.auth.published import FetchPace
from tests.process import Process, serving
from tests.serving.auth.attacks import EC, ED, RSA, attacks
from tests.serving.auth.issuer import Issuer, claims, issuing, jwk, private, signed
from tests.tokens import AUDIENCE, ISSUER

KEYS = "/keys"
BODY = {"query": "{ providers { provider } }"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    """Publishes three keys; the RSA key says that it is for RS256 only."""
    with issuing() as issuer:
        issuer.publish(
            jwk(private("RSA"), "rsa", alg="RS256"),
            jwk(private("EC"), "ec"),
            jwk(private("Ed25519"), "ed"),
        )
        yield issuer


@pytest.fixture(scope="module")
def server(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A server that takes that issuer's tokens, and tells its log all that it ever would."""
    settings = {"AUTH_JWKS_URL": issuer.url + KEYS, "AUTH_ISSUER": ISSUER, "AUTH_AUDIENCE": AUDIENCE}
    with serving(
        tmp_path_factory.mktemp("server"), LOG_LEVEL="debug", RATE_LIMIT_FAILURES="off", **settings
    ) as process:
        yield process


@pytest.fixture(scope="module")
def client(server: Process) -> Iterator[httpx.Client]:
    """Keeps its connection: a refusal does not cost one."""
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield client


def ask(client: httpx.Client, authorization: bytes) -> httpx.Response:
    """The answer to an operation with this header."""
    return client.post("/graphql", json=BODY, headers={b"authorization": authorization})


@pytest.mark.parametrize(
    ("header", "key"), [(RSA, "RSA"), (EC, "EC"), (ED, "Ed25519")], ids=["RS256", "ES256", "EdDSA"]
)
@pytest.mark.parametrize("scheme", [b"Bearer ", b"bearer ", b"BEARER   "], ids=repr)
def test_a_valid_token_of_each_kind_is_taken(
    client: httpx.Client, header: dict[str, str], key: str, scheme: bytes
) -> None:
    """Otherwise the refusals below would prove nothing."""
    answer = ask(client, scheme + signed(header, claims(), key=private(key)).encode())

    assert (answer.status_code, len(answer.json()["data"]["providers"])) == (200, 3)


def test_every_forged_token_gets_one_and_the_same_refusal(
    client: httpx.Client, server: Process, issuer: Issuer
) -> None:
    """No difference tells an attacker how near they came."""
    tried = list(attacks(issuer.url + "/attacker"))
    assert len({name for name, _ in tried}) == len(tried) > 150

    refusals = {name: ask(client, value) for name, value in tried}

    assert {name: answer.text for name, answer in refusals.items() if answer.status_code != 401} == {}
    told = {name: _told(answer) for name, answer in refusals.items()}
    usual = told["expired"]
    assert {name: each for name, each in told.items() if each != usual} == {}
    assert usual[0] == {"message": "The bearer token is not valid.", "extensions": {"code": "UNAUTHENTICATED"}}


def _told(answer: httpx.Response) -> tuple[dict[str, object], str]:
    body = answer.json()
    assert list(body) == ["errors"]
    (error,) = body["errors"]
    assert error["extensions"].pop("requestId") == answer.headers["x-request-id"]
    return error, answer.headers["www-authenticate"]


def test_after_all_attacks_the_server_has_asked_for_nothing_and_told_its_log_nothing(
    client: httpx.Client, server: Process, issuer: Issuer
) -> None:
    """However many keys are unknown, they are fetched once in each cool-down. (All attacks again: it may run alone.)"""
    before, started = len(issuer.asked), time.monotonic()
    tried = [value for _, value in attacks(issuer.url + "/attacker")]
    good = signed(ED, claims(sub="personal-name", customer="private-customer"), key=private("Ed25519"))
    answers = [ask(client, value) for value in [*tried, b"Bearer " + good.encode()]]

    assert answers[-1].status_code == 200
    assert set(issuer.asked) == {KEYS}
    assert len(issuer.asked) - before <= 2 + (time.monotonic() - started) / FetchPace().cool_down
    text = server.text
    assert '"reason":"no key fits the token"' in text
    for secret in ("personal-name", "private-customer", "user-1", AUDIENCE + "-2", ISSUER, "attacker.example", "eyJ"):
        assert secret not in text
    assert {line["level"] for line in server.lines} <= {"debug", "info"}


REASONS = {
    "the algorithm is not allowed": r"alg 'none' with signature|HS(256|512) with .*",
    "no key fits the token": r"kid is (unknown|a path upwards|a URL|SQL|NUL)|.* with the key \w+|.*, kid unknown",
    "the header asks for an extension": r"crit of .*|b64 without crit|zip",
    "the token is of another type": r"typ .*",
    "the header is not JSON of unique names": r"alg twice|header of (no JSON|deep lists|deep objects|no UTF-8)",
    "InvalidSignatureError": r"(jwk|jku|x5u|x5c) of the attacker|another's .*|\w+ of zeros|RS256 of the attacker",
    "InvalidAudienceError": r"wrong aud|aud of others|aud that holds ours|number as aud",
    "InvalidIssuerError": r"wrong iss|iss without its end|list as iss",
    "MissingRequiredClaimError": r"no (aud|iss|sub|exp)|null (sub|exp)",
    "ExpiredSignatureError": r"expired|negative exp",
    "ImmatureSignatureError": r"not yet valid|issued in future",
    "a claim has a wrong type, or is too long": r"exp (of digits|in the year) .*|(null|empty|number as) customer",
    "a claim holds what cannot be printed": r"(NUL|lone surrogate) in (sub|customer)",
    "DecodeError": r"payload of deep .*|infinite exp|exp of (NaN|Infinity|5000 digits)",
    "the token is too long": r"too long",
}
"""For this server's own log, by the names of the attacks."""


async def test_each_attack_is_refused_for_what_is_wrong_with_it(issuer: Issuer) -> None:
    """If a mistake in its making were the reason, an attack would prove nothing."""
    settings = {"AUTH_JWKS_URL": issuer.url + KEYS, "AUTH_ISSUER": ISSUER, "AUTH_AUDIENCE": AUDIENCE}
    callers, found = Callers(AuthSettings.read(Environment(settings))), {}
    async with callers.running():
        for name, value in attacks(issuer.url + "/attacker"):
            with pytest.raises(Unauthenticated) as caught:
                await callers.identify(value.decode("latin-1"))
            found[name] = caught.value.reason

    for reason, pattern in REASONS.items():
        meant = {name for name in found if re.fullmatch(pattern, name)}
        assert meant
        assert {name: found[name] for name in meant if found[name] != reason} == {}
