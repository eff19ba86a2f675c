"""Tokens as an issuer signs them, with keys of this test run, and the settings of a server that accepts them."""

import time
from collections.abc import Iterable
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from resolvers.caller import Scope

ISSUER = "https://issuer.example/"
AUDIENCE = "tributary"
KEY = Ed25519PrivateKey.generate()
PUBLIC_PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

SETTINGS = {"AUTH_PUBLIC_KEY": PUBLIC_PEM, "AUTH_ISSUER": ISSUER, "AUTH_AUDIENCE": AUDIENCE}
"""The variables of a server that lets in whoever has a token of this run."""

LEFT_OUT = object()
"""As a claim's value: the token does not have the claim."""


def token(
    *,
    scopes: Iterable[str] = tuple(Scope),
    customers: str | Iterable[str] | None = None,
    sub: str = "user-1",
    ttl: float = 600,
    **claims: Any,
) -> str:
    """A token, of an administrator by default. `customers` binds it to the directory's ids; `claims` replace others."""
    bound = {} if customers is None else {"customer": customers if isinstance(customers, str) else list(customers)}
    now = int(time.time())
    told = {"iss": ISSUER, "aud": AUDIENCE, "sub": sub, "iat": now, "exp": now + int(ttl), **bound}
    told |= {"scope": " ".join(scopes), **claims}
    return jwt.encode({name: value for name, value in told.items() if value is not LEFT_OUT}, KEY, algorithm="EdDSA")


def bearer(**claims: Any) -> dict[str, str]:
    """The header of a request that carries such a token."""
    return {"authorization": f"Bearer {token(**claims)}"}
