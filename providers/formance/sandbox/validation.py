"""What a field of a request body may hold, and how each generation words its refusal of the first that is wrong."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from providers.formance.sandbox import ids
from providers.formance.sandbox.errors import RefusedError, invalid
from providers.formance.sandbox.records import Generation
from providers.formance.sandbox.schemes import SCHEMES, stored_scheme
from providers.formance.sandbox.seed_payments import HISTORIES, UNDOCUMENTED

_ASSET = re.compile(r"[A-Z][A-Z0-9]{0,16}(_[A-Z]{1,16})?(/\d{1,6})?")
_PAYMENT_TYPES = {"PAY-IN", "PAYOUT", "TRANSFER", "OTHER"}
_STORED_SCHEMES = {stored_scheme(scheme) for scheme in SCHEMES}

_KINDS: dict[str, Callable[[str, Generation], bool]] = {
    "accountID": lambda text, _: ids.names(text, "ConnectorID", "Reference"),
    "connectorID": lambda text, _: ids.names(text, "Provider", "Reference"),
    "asset": lambda text, _: _ASSET.fullmatch(text) is not None,
    "accountType": lambda text, _: text in {"UNKNOWN", "INTERNAL", "EXTERNAL"},
    "paymentType": lambda text, made: text in _PAYMENT_TYPES or (made == "v3" and text == "UNKNOWN"),
    "paymentStatus": lambda text, made: text in HISTORIES or (made == "v3" and text in UNDOCUMENTED),
    "paymentScheme": lambda text, made: text in SCHEMES or (made == "v3" and text in _STORED_SCHEMES),
    "paymentInitiationType": lambda text, _: text in {"TRANSFER", "PAYOUT"},
}
"""What the validators are called in the server's own messages, and what they accept."""


class Field(msgspec.Struct, frozen=True):
    """One value of a body, under its name on the wire. Lengths are v3's alone."""

    name: str
    value: object
    kind: str = ""
    is_optional: bool = False
    least: int = 0
    most: int = 0


def check(generation: Generation, fields: Sequence[Field]) -> None:
    """Raises VALIDATION for the first field that is wrong."""
    for field in fields:
        if field.value in (None, "", []):
            if not field.is_optional:
                raise required(generation, field.name)
            continue
        text = field.value
        if field.kind and not (isinstance(text, str) and _KINDS[field.kind](text, generation)):
            raise _wrong(generation, field)
        if generation == "v3" and isinstance(text, str):
            _check_length(field, text)


def check_past(generation: Generation, moment: datetime | None, now: datetime) -> datetime:
    """`createdAt`, which must be there and not lie ahead."""
    if moment is not None and moment <= now:
        return moment
    if generation == "v2":
        raise invalid("createdAt is empty or in the future")
    if moment is None:
        raise required(generation, "createdAt")
    raise invalid("CreatedAt must be less than or equal to the current Date & Time")


def required(generation: Generation, name: str) -> RefusedError:
    """A field that is not there."""
    return invalid(f"{name} is required" if generation == "v2" else f"{_titled(name)} is a required field")


def _wrong(generation: Generation, field: Field) -> RefusedError:
    return invalid(f"invalid {field.name}" if generation == "v2" else f"{_titled(field.name)} invalid {field.kind}")


def _check_length(field: Field, text: str) -> None:
    if len(text) < field.least:
        raise invalid(f"{_titled(field.name)} must be at least {field.least} characters in length")
    if field.most and len(text) > field.most:
        raise invalid(f"{_titled(field.name)} must be a maximum of {field.most} characters in length")


def _titled(name: str) -> str:
    return name[0].upper() + name[1:]
