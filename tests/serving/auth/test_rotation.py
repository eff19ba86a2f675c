"""The real server while its issuer changes keys, fails, and comes back."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.process import Process, serving
from tests.serving.auth.issuer import Issuer, claims, issuing, jwk, signed
from tests.tokens import AUDIENCE, ISSUER

ROTATIONS = 4
PATIENCE = 60.0


class Key:
    """One of an issuer's keys."""

    def __init__(self, name: str) -> None:
        self.name, self.key = name, Ed25519PrivateKey.generate()

    @property
    def published(self) -> dict[str, Any]:
        """As a JWK."""
        return jwk(self.key, self.name)

    def bearer(self, sub: str = "user-1") -> dict[str, str]:
        """The header with a token of its own."""
        return {"authorization": "Bearer " + signed({"alg": "EdDSA", "kid": self.name}, claims(sub=sub), key=self.key)}


@contextmanager
def guarded(folder: Path, issuer: Issuer, **variables: str) -> Iterator[Process]:
    """A server that takes this issuer's tokens."""
    settings = {"AUTH_JWKS_URL": issuer.url, "AUTH_ISSUER": ISSUER, "AUTH_AUDIENCE": AUDIENCE}
    with serving(folder, **settings, AUTH_JWKS_REFRESH="1", **variables) as process:
        yield process


class Crowd:
    """Clients that ask all the while, each time with a fresh token of the current key and one of the key before."""

    def __init__(self, url: str, keys: list[Key]) -> None:
        self.keys = keys
        self.seen: Counter[tuple[str, int]] = Counter()
        self._url = url
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(2)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def has_used(self, key: Key) -> None:
        """Wait for the first answer to a token of this key."""
        give_up = time.monotonic() + PATIENCE
        while key.name not in {name for name, _ in list(self.seen)}:
            assert time.monotonic() < give_up
            time.sleep(0.01)

    def _ask(self, number: int) -> None:
        turn = 0
        with httpx.Client(base_url=self._url, timeout=60) as client:
            while not self._is_over.is_set():
                turn += 1
                for key in self.keys[-2:]:
                    header = key.bearer(f"user-{number}-{turn % 3}")
                    answer = client.post("/graphql", json={"query": "{ __typename }"}, headers=header)
                    self.seen[key.name, answer.status_code] += 1


def test_keys_are_changed_again_and_again_without_one_failed_request(tmp_path: Path) -> None:
    """As issuers do it: a key is published, then used, and withdrawn when its last token has expired."""
    keys = [Key("key-0")]
    with issuing() as issuer:
        issuer.publish(keys[0].published)
        with guarded(tmp_path, issuer) as process, Crowd(process.url, keys) as crowd:
            for number in range(1, ROTATIONS + 1):
                key = Key(f"key-{number}")
                issuer.publish(*(each.published for each in [*keys[-3:], key]))
                issuer.served()
                keys.append(key)
            crowd.has_used(keys[-1])

    assert {status for _, status in crowd.seen} == {200}
    assert {name for name, _ in crowd.seen} == {f"key-{number}" for number in range(ROTATIONS + 1)}


def test_a_key_that_is_used_the_moment_it_is_published_is_taken(tmp_path: Path) -> None:
    old, new = Key("old"), Key("new")
    with issuing() as issuer:
        issuer.publish(old.published)
        with guarded(tmp_path, issuer) as process, httpx.Client(base_url=process.url, timeout=60) as client:
            issuer.publish(old.published, new.published)
            statuses = [
                client.post("/graphql", json={"query": "{ __typename }"}, headers=key.bearer()).status_code
                for key in (new, old, new)
            ]

    assert statuses == [200, 200, 200]


def test_a_server_starts_without_its_issuer_says_so_and_recovers(tmp_path: Path) -> None:
    key = Key("key")
    with issuing() as issuer:
        issuer.status = 500
        with guarded(tmp_path, issuer) as process, httpx.Client(base_url=process.url, timeout=60) as client:
            answer = client.post("/graphql", json={"query": "{ __typename }"}, headers=key.bearer())
            ready = client.get("/readyz")
            anonymous = client.post("/graphql", json={"query": "{ __typename }"})
            issuer.publish(key.published)
            issuer.status = 200
            _wait_until_ready(client)
            recovered = client.post("/graphql", json={"query": "{ __typename }"}, headers=key.bearer())
            is_ready = client.get("/readyz").json()

    (error,) = answer.json()["errors"]
    seconds = error["extensions"]["retryAfter"]
    assert (answer.status_code, answer.headers["retry-after"]) == (503, str(seconds))
    assert 1 <= seconds <= 30
    assert error["message"] == "Tokens cannot be checked at present."
    assert error["extensions"] | {"requestId": "-"} == {
        "code": "AUTH_UNAVAILABLE",
        "retryable": True,
        "retryAfter": seconds,
        "requestId": "-",
    }
    assert (ready.status_code, ready.json()["auth"], anonymous.status_code) == (503, "down", 401)
    assert (recovered.status_code, is_ready["auth"]) == (200, "up")
    assert issuer.url not in process.text


def _wait_until_ready(client: httpx.Client) -> None:
    give_up = time.monotonic() + PATIENCE
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < give_up
        time.sleep(0.02)
