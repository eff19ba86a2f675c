"""The public keys that tokens are checked with, each with the algorithms that fit its own kind."""

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Protocol

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

PublicKey = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey

_RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
ALGORITHMS = (*_RSA, *_CURVES.values(), "EdDSA")
"""All that a token may ever be signed with. A secret that both sides know is none of them."""

_RSA_BITS = range(2048, 8192 + 1)


class Key(msgspec.Struct, frozen=True):
    """`id` is None when its publisher gave it no name."""

    id: str | None
    algorithms: frozenset[str]
    public: PublicKey


class Keyring:
    """The keys of one moment. It is never changed, only replaced."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._keys = tuple(keys)

    def __len__(self) -> int:
        return len(self._keys)

    def knows(self, key_id: str | None) -> bool:
        """True when one of these keys could be meant."""
        return key_id is None or any(key.id in (None, key_id) for key in self._keys)

    def fitting(self, key_id: str | None, algorithm: str) -> Key | None:
        """The one key of this name and for this algorithm. None when there is none, or a choice of several.

        A key or a token without a name fits any.
        """
        named = [key for key in self._keys if key_id is None or key.id in (None, key_id)]
        fitting = [key for key in named if algorithm in key.algorithms]
        return fitting[0] if len(fitting) == 1 else None


class Keys(Protocol):
    """Where the keys come from."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """Keeps them up to date inside the block."""

    @property
    def is_ready(self) -> bool:
        """True when tokens can be checked."""

    def current(self) -> Keyring:
        """The keys as they are known now. Raises `AuthUnavailable`. No key ever comes from a token."""

    async def find(self, key_id: str | None, algorithm: str) -> tuple[Key | None, Keyring]:
        """The key for a token, and the ring that it hangs on. Raises `AuthUnavailable`."""


class StaticKey:
    """One key that the operator set, for every token, whatever key the token names."""

    is_ready = True

    def __init__(self, public: PublicKey) -> None:
        self._ring = Keyring([Key(None, fitting_algorithms(public), public)])

    def running(self) -> AbstractAsyncContextManager[None]:
        """Nothing to do."""
        return nullcontext()

    def current(self) -> Keyring:
        """Always the same."""
        return self._ring

    async def find(self, key_id: str | None, algorithm: str) -> tuple[Key | None, Keyring]:
        """The key, if the algorithm is one of its own."""
        return self._ring.fitting(key_id, algorithm), self._ring


def from_pem(text: str) -> PublicKey:
    """A public key in PEM. Raises `ValueError` for any other, and for one that is too weak to trust."""
    try:
        key = load_pem_public_key(text.encode())
    except UnsupportedAlgorithm:
        raise ValueError from None
    if not (isinstance(key, PublicKey) and fitting_algorithms(key)):
        raise ValueError
    return key


def fitting_algorithms(key: PublicKey) -> frozenset[str]:
    """What this kind of key can check. None for a curve that is not used, or a length that is too short or absurd."""
    if isinstance(key, RSAPublicKey):
        return frozenset(_RSA if key.key_size in _RSA_BITS else ())
    if isinstance(key, EllipticCurvePublicKey):
        return frozenset({_CURVES[key.curve.name]} if key.curve.name in _CURVES else ())
    return frozenset({"EdDSA"})
