"""From the JSON that an issuer publishes to the keys in it that can be used here (RFC 7517)."""

from typing import Any

import jwt
import msgspec

from serving.auth.keys import Key, PublicKey, fitting_algorithms

MOST_KEYS = 100

_PUBLIC = frozenset({"RSA", "EC", "OKP"})


class UnusableKeys(Exception):
    """What came is not a set of keys, or none of them can be used. The message holds nothing of it."""


class _Jwk(msgspec.Struct, frozen=True):
    kty: str
    kid: str | None = None
    alg: str | None = None
    use: str | None = None
    crv: str | None = None
    key_ops: list[str] | None = None


class _Jwks(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


_decoder = msgspec.json.Decoder(_Jwks)


def keys_of(document: bytes) -> tuple[Key, ...]:
    """The keys that check signatures. Others are passed over: of secrets, for encryption, weak, private, broken.

    Raises `UnusableKeys` when there is none.
    """
    try:
        published = _decoder.decode(document).keys
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UnusableKeys("no set of keys") from None
    if len(published) > MOST_KEYS:
        raise UnusableKeys("too many keys")
    keys = tuple(key for key in map(_key, published) if key is not None)
    if not keys:
        raise UnusableKeys("no key that can be used")
    return keys


def _key(members: dict[str, Any]) -> Key | None:
    try:
        jwk = msgspec.convert(members, _Jwk)
    except msgspec.ValidationError:
        return None
    if not _is_for_signatures(jwk) or "d" in members:
        return None
    try:
        public = jwt.PyJWK(members).key
    except (jwt.PyJWTError, TypeError, ValueError):
        return None
    if not isinstance(public, PublicKey):
        return None
    algorithms = fitting_algorithms(public)
    if jwk.alg is not None:
        algorithms &= {jwk.alg}
    return Key(jwk.kid, algorithms, public) if algorithms else None


def _is_for_signatures(jwk: _Jwk) -> bool:
    verifies = jwk.key_ops is None or "verify" in jwk.key_ops
    return jwk.kty in _PUBLIC and jwk.use in (None, "sig") and verifies
