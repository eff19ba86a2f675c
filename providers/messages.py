"""What the vendors' messages to us have in common: how they come, and what shows whose they are."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from secrets import token_bytes
from typing import TypeVar

import msgspec

from providers.config import ConfigurationError, Environment, Secret

T = TypeVar("T")

SHORTEST_SECRET = 16
MOST_SECRETS = 50
MOST_SIGNATURES = 8
"""In one header. A vendor that changes its secret signs with the old one and the new one."""
LONGEST_ID = 200


class Untrusted(Exception):
    """Nothing shows that a message is the vendor's."""


class Unreadable(Exception):
    """The vendor's message, and yet not in the form that it has."""


class Delivery(msgspec.Struct, frozen=True):
    """A message as it came. Names of headers are in lower case; `received_at` is in UTC.

    `token` is what its address had under that name.
    """

    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    token: str = ""

    def header(self, name: str) -> str:
        """A header's value, empty when it was not sent."""
        return self.headers.get(name, "")


def webhook_secrets(environment: Environment, name: str) -> tuple[Secret, ...]:
    """What a vendor's messages may be signed with: several while one takes the place of another. None: no messages.

    Raises `ConfigurationError`.
    """
    texts = tuple(text for text in re.split(r"[\s,]+", environment.get(name) or "") if text)
    if any(len(text) < SHORTEST_SECRET for text in texts):
        raise ConfigurationError(f"{name} must hold secrets of {SHORTEST_SECRET} characters or more")
    if len(texts) > MOST_SECRETS:
        raise ConfigurationError(f"{name} must hold {MOST_SECRETS} secrets at most")
    return tuple(map(Secret, texts))


def made_secret() -> Secret:
    """One that nobody knows, for a sandbox of this process: base64 of 24 bytes, as stacks make theirs."""
    return Secret(base64.b64encode(token_bytes(24)).decode())


def digest(secret: Secret, *parts: bytes) -> bytes:
    """HMAC with SHA-256, as all vendors sign."""
    made = hmac.new(secret.reveal().encode(), digestmod=hashlib.sha256)
    for part in parts:
        made.update(part)
    return made.digest()


def is_any(given: Iterable[bytes], expected: Iterable[bytes]) -> bool:
    """Whether one of these is one of those, told in a time that depends on how many there are alone."""
    right = tuple(expected)
    found = False
    for each in given:
        for other in right:
            found |= hmac.compare_digest(each, other)
    return found


def decoded(body: bytes, kind: type[T]) -> T:
    """A body that must be JSON of this form. Raises `Unreadable`."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreadable from None  # without its words, which quote the body


def checked_id(text: str) -> str:
    """The id that a vendor gave to a message. Raises `Unreadable` for what can be none."""
    if not 0 < len(text) <= LONGEST_ID or not text.isascii() or not text.isprintable():
        raise Unreadable
    return text


def body_id(body: bytes) -> str:
    """An id for a message of a vendor that gives none: the same bytes are the same message."""
    return hashlib.sha256(body).hexdigest()


def moment(text: object) -> datetime | None:
    """A time with an offset; None for anything else."""
    try:
        found = msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        return None
    return found if found.tzinfo is not None else None


def distinct(items: Iterable[T]) -> tuple[T, ...]:
    """Each once, in their order."""
    return tuple(dict.fromkeys(items))


def values(found: Sequence[object], kind: type[T]) -> tuple[T, ...]:
    """Those of a list that have this form."""
    kept = []
    for each in found:
        try:
            kept.append(msgspec.convert(each, kind))
        except msgspec.ValidationError:
            continue
    return tuple(kept)
