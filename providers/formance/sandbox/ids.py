"""Payments' ids: unpadded base64url of canonical JSON that tells connector, reference and payment type.

v2 wrote the provider in its documented upper-case form, v3 writes its own lower-case name without dashes;
ids given by v2 stay as they are after an upgrade.
"""

import base64
import binascii
import re
import uuid

import msgspec

from providers.formance.sandbox.errors import invalid_id

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def encode(value: object) -> str:
    """Unpadded base64url of the value's JSON, keys sorted."""
    text = msgspec.json.encode(value, order="sorted")
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of unpadded base64url. ValueError for anything else."""
    if not _ALPHABET.fullmatch(text):
        raise ValueError("illegal base64 data")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_")
    except binascii.Error as error:
        raise ValueError("illegal base64 data") from error


def account_id(connector: dict[str, str], reference: str) -> str:
    """The id of an account at a connector."""
    return encode({"ConnectorID": connector, "Reference": reference})


def payment_id(connector: dict[str, str], *, reference: str, kind: str) -> str:
    """The id of a payment seen by a connector."""
    return encode({"ConnectorID": connector, "Reference": reference, "Type": kind})


def initiation_id(connector: dict[str, str], reference: str) -> str:
    """The id of a transfer initiation: made like an account's, so only its place tells them apart."""
    return encode({"ConnectorID": connector, "Reference": reference})


def step_id(connector: dict[str, str], *, reference: str, status: str, created_at: str) -> str:
    """The id that v3 gives to an adjustment of a transfer initiation."""
    initiation = {"ConnectorID": connector, "Reference": reference}
    return encode({"CreatedAt": created_at, "PaymentInitiationID": initiation, "Status": status})


def names(text: str, *keys: str) -> bool:
    """True when the id decodes to an object that has these keys."""
    try:
        return set(keys) <= set(msgspec.json.decode(decode(text), type=dict[str, object]))
    except (ValueError, msgspec.DecodeError):
        return False


def checked(text: str) -> str:
    """The id itself when it decodes to a JSON object. Raises INVALID_ID otherwise."""
    try:
        msgspec.json.decode(decode(text), type=dict[str, object])
    except (ValueError, msgspec.DecodeError) as error:
        raise invalid_id(str(error)) from error
    return text


def checked_uuid(text: str) -> str:
    """The canonical form of a pool's id. Raises INVALID_ID when it is none."""
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        raise invalid_id(f"invalid UUID length: {len(text)}" if len(text) != 36 else "invalid UUID format") from error
