"""Global ids: opaque to clients, url-safe, versioned, and unique over all types.

An id is the base64url form (unpadded) of `version, type, provider, native keys`, so that it can be decoded without a
look-up. Only the canonical form is accepted: equal objects have equal ids, and no two ids name one object.
"""

import base64
import binascii
from functools import lru_cache

import msgspec

from providers.domain import NodeType, Provider, Ref
from resolvers.problems import BadInput

_VERSION = 1
_LONGEST = 2048
_REMEMBERED = 2_048
"""Ids whose meaning is remembered: an operation asks for it when its cost is computed, and when it is carried out."""


class _Id(msgspec.Struct, array_like=True, frozen=True):
    version: int
    type: NodeType
    provider: Provider | None
    keys: tuple[str, ...]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Id)

KEYS = {
    NodeType.AGGREGATED_ACCOUNT: 2,
    NodeType.CONNECTOR_TASK: 2,
    NodeType.REFRESH: 3,
    NodeType.LEDGER_ACCOUNT: 2,
    NodeType.LEDGER_TRANSACTION: 2,
    NodeType.WALLET_BALANCE: 2,
}
"""How many keys a type's ref has, where it is not one."""


def encode(ref: Ref) -> str:
    """The global id of an object."""
    return to_text(_encoder.encode(_Id(_VERSION, ref.type, ref.provider, ref.keys)))


def decode(global_id: str, *types: NodeType) -> Ref:
    """The ref in a global id. Raises `BadInput` when it is not one, or not of one of `types` (when any are given)."""
    ref = _decoded(global_id)
    if types and ref.type not in types:
        raise BadInput("The id is not one of this type of object.")
    return ref


@lru_cache(maxsize=_REMEMBERED)
def _decoded(global_id: str) -> Ref:
    try:
        parts = _decoder.decode(from_text(global_id))
    except (ValueError, msgspec.DecodeError):
        raise BadInput("The id is not valid.") from None
    ref = Ref(parts.type, parts.keys, parts.provider)
    if parts.version != _VERSION or not _is_possible(ref) or encode(ref) != global_id:
        raise BadInput("The id is not valid.")
    return ref


def _is_possible(ref: Ref) -> bool:
    """Only a customer has no provider, and a type's refs all have the same number of keys."""
    return len(ref.keys) == KEYS.get(ref.type, 1) and (ref.provider is None) is (ref.type is NodeType.CUSTOMER)


def to_text(raw: bytes) -> str:
    """Bytes as unpadded base64url."""
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def from_text(text: str, *, longest: int = _LONGEST) -> bytes:
    """Bytes from unpadded base64url of at most `longest` characters. Raises `ValueError` for anything else."""
    if len(text) > longest or not text.isascii() or "=" in text:
        raise ValueError
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError from None
