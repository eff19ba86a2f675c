"""What no answer may be, whoever asks for whatever."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

TELLING = re.compile(r"Traceback|File \"|site-packages|\.py\b|0x[0-9a-f]{6,}|://|<[a-zA-Z_.]+ object|SELECT |INSERT ")
"""What errors would show if something of this server, or of a vendor's address, got into them."""

VENDORS_FAULTS = frozenset({"UPSTREAM_UNAVAILABLE", "UPSTREAM_TIMEOUT", "UPSTREAM_INVALID_RESPONSE"})
"""No vendor fails here, so where one seems to, either we have sent nonsense or the sandbox has a fault."""

FORM = frozenset({"data", "errors", "extensions"})


def faults(status: int, body: bytes, *, secrets: Sequence[str] = ()) -> list[str]:
    """Everything that is wrong with an answer of `/graphql`, in a few words each."""
    text = body.decode("utf-8", "replace")
    found = [f"status {status}"] if status >= 500 else []
    found += ["shows a secret" for secret in secrets if secret in text]
    try:
        told = json.loads(body)
    except ValueError:
        return [*found, f"no JSON with status {status}"]
    if not isinstance(told, dict) or not told.keys() <= FORM or not told.keys() & {"data", "errors"}:
        return [*found, "not of GraphQL's form"]
    return [*found, *_of_errors(told)]


def codes(body: bytes) -> list[str]:
    """The codes of an answer's errors."""
    return [error["extensions"]["code"] for error in json.loads(body).get("errors", [])]


def _of_errors(told: dict[str, Any]) -> Iterator[str]:
    errors = told.get("errors", [{"message": "", "extensions": {"code": "", "requestId": ""}}])
    if not isinstance(errors, list) or not errors:
        yield "errors are no list of some"
        return
    if "errors" not in told and told["data"] is None:
        yield "null without an error"
    for error in errors:
        extensions = error.get("extensions", {})
        code = extensions.get("code")
        if not isinstance(error.get("message"), str) or not isinstance(code, str) or "requestId" not in extensions:
            yield f"an error without its code or its request: {error}"
        elif code == "INTERNAL_SERVER_ERROR" or code in VENDORS_FAULTS:
            yield f"{code} at {error.get('path')}: {extensions.get('operation', '')} {error['message']}"
        if match := TELLING.search(json.dumps(error)):
            yield f"an error that shows {match[0]!r}: {error['message'][:200]}"
