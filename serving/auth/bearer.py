"""From `Authorization` to a token that is worth checking: its form, its size and its header (RFC 6750, 7515)."""

import base64
import binascii
import json
import re
from typing import Any

import msgspec

from serving.auth.refusals import Unauthenticated

LONGEST = 8192
"""Characters of a token."""

_BEARER = re.compile(r"(?i:bearer) +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)")
_TYPES = frozenset({"jwt", "at+jwt", "application/jwt", "application/at+jwt"})
_LONGEST_KEY_ID = 256


class Header(msgspec.Struct, frozen=True):
    """What is read of a token's header. Keys and addresses of keys that stand there (`jwk`, `jku`, `x5u`) never are."""

    algorithm: str
    key_id: str | None


def token_of(authorization: str | None) -> str:
    """The one token in the value of `Authorization`. Raises `Unauthenticated`."""
    if not authorization:
        raise Unauthenticated("there is no Authorization", is_absent=True)
    if len(authorization) > LONGEST + len("Bearer "):
        raise Unauthenticated("the token is too long")
    found = _BEARER.fullmatch(authorization)
    if found is None:
        raise Unauthenticated("Authorization is not Bearer and one signed token")
    return found[1]


def header_of(token: str) -> Header:
    """The header, before anything is known to be true. Raises `Unauthenticated`."""
    members = _members(token.partition(".")[0])
    algorithm, key_id, kind = members.get("alg"), members.get("kid"), members.get("typ", "JWT")
    if not isinstance(algorithm, str):
        raise Unauthenticated("the header has no algorithm")
    if not (key_id is None or (isinstance(key_id, str) and len(key_id) <= _LONGEST_KEY_ID)):
        raise Unauthenticated("the key's id is not a short text")
    if not (isinstance(kind, str) and kind.lower() in _TYPES):
        raise Unauthenticated("the token is of another type")
    if not members.keys().isdisjoint({"crit", "b64", "enc", "zip"}):
        raise Unauthenticated("the header asks for an extension")
    return Header(algorithm, key_id)


def _members(segment: str) -> dict[str, Any]:
    try:
        raw = base64.b64decode(segment + "=" * (-len(segment) % 4), altchars=b"-_", validate=True)
        members = json.loads(raw, object_pairs_hook=_unique)
    except (binascii.Error, ValueError, RecursionError):
        raise Unauthenticated("the header is not JSON of unique names") from None
    if not isinstance(members, dict):
        raise Unauthenticated("the header is not an object")
    return members


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers of one header must not see two headers."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError
    return members
