"""Payments' ids, read without asking: unpadded base64url of JSON that tells connector, reference and payment type."""

import base64
import binascii
import re
import uuid
from typing import TypeVar

import msgspec

PartsT = TypeVar("PartsT")

_ALPHABET = re.compile(r"[A-Za-z0-9_-]+")


class ConnectorId(msgspec.Struct, frozen=True, rename="pascal", forbid_unknown_fields=True):
    """What a connector's id says."""

    provider: str
    reference: str


class AccountId(msgspec.Struct, frozen=True, rename="pascal", forbid_unknown_fields=True):
    """What an account's id says."""

    connector: ConnectorId = msgspec.field(name="ConnectorID")
    reference: str


class PaymentId(AccountId, frozen=True, rename="pascal", forbid_unknown_fields=True):
    """What a payment's id says."""

    type: str


_CONNECTOR = msgspec.json.Decoder(ConnectorId)
_ACCOUNT = msgspec.json.Decoder(AccountId)
_PAYMENT = msgspec.json.Decoder(PaymentId)


def connector(text: str) -> ConnectorId | None:
    """The parts of a connector's id; None for a text that cannot be one."""
    return _decoded(text, _CONNECTOR)


def account(text: str) -> AccountId | None:
    """The parts of an account's id; None for a text that cannot be one, which need not be asked for."""
    return _decoded(text, _ACCOUNT)


def payment(text: str) -> PaymentId | None:
    """The parts of a payment's id; None for a text that cannot be one."""
    return _decoded(text, _PAYMENT)


def transfer(text: str) -> AccountId | None:
    """The parts of a transfer initiation's id, which are those of an account's."""
    return account(text)


def connector_of(parts: AccountId) -> str:
    """The id of the connector that an account or payment came through."""
    return base64.urlsafe_b64encode(msgspec.json.encode(parts.connector, order="sorted")).rstrip(b"=").decode()


def is_uuid(text: str) -> bool:
    """True for a UUID in its canonical form, which the ids of pools and bank accounts are."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _decoded(text: str, decoder: "msgspec.json.Decoder[PartsT]") -> PartsT | None:
    """Only the canonical spelling is taken: two ids of one object would be two nodes."""
    if not _ALPHABET.fullmatch(text):
        return None
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if base64.urlsafe_b64encode(content).rstrip(b"=").decode() != text:
            return None
        return decoder.decode(content)
    except (binascii.Error, msgspec.DecodeError, UnicodeDecodeError):
        return None
