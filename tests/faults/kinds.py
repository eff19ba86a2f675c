"""What can go wrong with one vendor call, and what a client is told of it."""

from collections.abc import Mapping
from typing import Any

import msgspec

CANARY = "canary-93f1"
"""In every body and header of a fault: an answer of ours never shows it."""

_MEGABYTE = f'{{"error": "{CANARY}"}}'.ljust(1_000_000)


class Kind(msgspec.Struct, frozen=True):
    """A fault at a vendor. `effect` is for the sandbox, `code` and the rest are for our client."""

    name: str
    effect: Mapping[str, Any]
    code: str
    retryable: bool = False
    retry_after: int | None = None


def _answer(status: int, body: str = "", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"status": status, "body": body, "headers": {"x-told": CANARY, **named}}


_REFUSAL = f'{{"message": "{CANARY}", "code": "{CANARY}"}}'

KINDS = (
    Kind("503", _answer(503, _REFUSAL), "UPSTREAM_UNAVAILABLE", retryable=True),
    Kind("429, 1 s", _answer(429, _REFUSAL, retry_after="1"), "UPSTREAM_RATE_LIMITED", retryable=True, retry_after=1),
    Kind("429, 60 s", _answer(429, retry_after="60"), "UPSTREAM_RATE_LIMITED", retryable=True, retry_after=60),
    Kind("no answer", {"delay_ms": 2_600}, "UPSTREAM_TIMEOUT", retryable=True),
    Kind("dropped before", {"drop": "before"}, "UPSTREAM_UNAVAILABLE", retryable=True),
    Kind("dropped half", {"drop": "half"}, "UPSTREAM_UNAVAILABLE", retryable=True),
    Kind("drip", {"drip_ms": 50}, "UPSTREAM_TIMEOUT", retryable=True),
    Kind("200 MB", {**_answer(200, _MEGABYTE), "repeat": 200}, "UPSTREAM_INVALID_RESPONSE"),
    Kind("gzip bomb", {**_answer(200, _MEGABYTE), "repeat": 100, "gzip": True}, "UPSTREAM_INVALID_RESPONSE"),
    Kind("html", _answer(200, f"<html>{CANARY}</html>", content_type="text/html"), "UPSTREAM_INVALID_RESPONSE"),
    Kind("cut", _answer(200, f'{{"results": [], "cursor": {{"data": [{{"x": "{CANARY}'), "UPSTREAM_INVALID_RESPONSE"),
    Kind("NaN", _answer(200, "NaN"), "UPSTREAM_INVALID_RESPONSE"),
    Kind("Infinity", _answer(200, "-Infinity"), "UPSTREAM_INVALID_RESPONSE"),
    Kind("empty 401", _answer(401), "UPSTREAM_UNAUTHORIZED"),
    Kind("other type", _answer(200, "{}", content_type="text/plain"), "UPSTREAM_INVALID_RESPONSE"),
    Kind("redirect", _answer(302, _REFUSAL), "UPSTREAM_INVALID_RESPONSE"),
)
"""`NaN` and `Infinity` stand for an amount in the body, and `redirect` has no place to go: the tests put these in."""

NUMBERS = {"NaN": "NaN", "Infinity": "-Infinity"}
