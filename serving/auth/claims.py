"""What a token's claims let its bearer do."""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from resolvers.caller import Caller, Scope
from serving.auth.refusals import Unauthenticated

_LAST_SECOND = 253402300799.0
"""The end of the year 9999."""

_Text = Annotated[str, Meta(min_length=1, max_length=255)]
_Seconds = Annotated[float, Meta(ge=0, le=_LAST_SECOND)]
_SCOPES = {scope.value: scope for scope in Scope}


class _Claims(msgspec.Struct, frozen=True):
    iss: str
    sub: _Text
    exp: _Seconds
    nbf: _Seconds = 0.0
    iat: _Seconds = 0.0
    scope: str | list[str] = ""
    customer: _Text | list[_Text] | UnsetType = UNSET


def caller_of(claims: Mapping[str, Any]) -> Caller:
    """The caller that signed claims describe. Raises `Unauthenticated` when one of them has a wrong shape."""
    try:
        known = msgspec.convert(claims, _Claims)
    except msgspec.ValidationError:
        raise Unauthenticated("a claim has a wrong type, or is too long") from None
    scopes = _scopes(known.scope)
    customers = _customers(known.customer)
    if not all(text.isprintable() for text in (known.sub, *(customers or ()))):
        raise Unauthenticated("a claim holds what cannot be printed")
    if customers is None and not scopes:
        customers = frozenset()  # who may do nothing is not let near everybody either
    return Caller(id=_name(known.iss, known.sub), scopes=scopes, customers=customers, expires_at=known.exp)


def _scopes(claim: str | list[str]) -> frozenset[Scope]:
    """The known words. Others may mean something to another server."""
    words = claim.split(" ") if isinstance(claim, str) else claim
    found = frozenset(_SCOPES[word] for word in words if word in _SCOPES)
    return _known_scopes(found)


@lru_cache(maxsize=256)
def _known_scopes(scopes: frozenset[Scope]) -> frozenset[Scope]:
    """The same set for all callers who may do the same: thousands are remembered."""
    return scopes


def _customers(claim: str | list[str] | UnsetType) -> frozenset[str] | None:
    """None without the claim. A claim that is null or empty text never gets here: it must not mean everybody."""
    if isinstance(claim, UnsetType):
        return None
    return frozenset([claim] if isinstance(claim, str) else claim)


def _name(issuer: str, subject: str) -> str:
    """Of a fixed length, and the same for all tokens of one subject. Subjects may be e-mail addresses: not stored."""
    digest = hashlib.sha256(json.dumps([issuer, subject]).encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")
