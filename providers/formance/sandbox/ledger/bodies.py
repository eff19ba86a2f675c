"""Bodies of writes to ledgers, with integers of any size."""

import json
import re
from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec
from starlette.requests import Request

from providers.formance.sandbox.ledger.records import Posting
from providers.formance.sandbox.ledger.refusals import invalid

Body = TypeVar("Body")
Moment = Annotated[datetime, msgspec.Meta(tz=True)]

_ADDRESS = re.compile(r"[a-zA-Z0-9_-]+(:[a-zA-Z0-9_-]+)*")
_ASSET = re.compile(r"[A-Z][A-Z0-9]{0,16}(_[A-Z]{1,16})?(/\d{1,6})?")
LEDGER_NAME = re.compile(r"[0-9a-zA-Z_-]{1,63}")


class Script(msgspec.Struct):
    """Numscript and the values of its variables."""

    plain: str = ""
    vars: dict[str, Any] | None = None


class NewTransaction(msgspec.Struct, rename="camel"):
    """Postings or a script."""

    postings: list[Posting] | None = None
    script: Script | None = None
    timestamp: Moment | None = None
    reference: str | None = None
    metadata: dict[str, Any] | None = None
    account_metadata: dict[str, dict[str, str]] | None = None
    force: bool = False


class NewLedger(msgspec.Struct):
    """What a ledger is made with."""

    bucket: str | None = None
    metadata: dict[str, str] | None = None


class Batch(msgspec.Struct):
    """Several transactions, on ledgers 1.x."""

    transactions: list[NewTransaction] | None = None


class OldScript(msgspec.Struct):
    """A script, as ledgers 1.x run it."""

    plain: str = ""
    vars: dict[str, Any] | None = None
    reference: str | None = None
    metadata: dict[str, Any] | None = None


class Element(msgspec.Struct):
    """One write of a bulk."""

    action: str
    ik: str = ""
    data: dict[str, Any] = {}


class MetadataChange(msgspec.Struct, rename="camel"):
    """Metadata to add to an account or a transaction."""

    target_type: str
    target_id: str | int
    metadata: dict[str, str]


class MetadataRemoval(msgspec.Struct, rename="camel"):
    """Metadata to delete from an account or a transaction."""

    target_type: str
    target_id: str | int
    key: str


class Revert(msgspec.Struct, rename="camel"):
    """A transaction to revert, in a bulk."""

    id: int
    force: bool = False
    at_effective_date: bool = False


async def body(request: Request, kind: type[Body], *, empty: object = None) -> Body:
    """The body as this type. `empty` stands for none. Raises VALIDATION."""
    text = await request.body()
    if not text.strip() and empty is not None:
        return converted(empty, kind)
    return converted(loaded(text), kind)


def loaded(text: bytes) -> Any:  # noqa: ANN401 - any JSON
    """JSON with exact integers; fractions stay text. Raises VALIDATION."""
    try:
        return json.loads(text, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise invalid(f"invalid JSON: {error}") from error


def converted(value: object, kind: type[Body]) -> Body:
    """A read value as this type. Raises VALIDATION."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise invalid(f"invalid JSON: {error}") from error


def check_postings(postings: list[Posting]) -> None:
    """Raises VALIDATION for addresses, assets and amounts that are none."""
    for number, each in enumerate(postings):
        if each.amount < 0:
            raise invalid(f"posting {number}: negative amount")
        for address in (each.source, each.destination):
            check_address(address)
        if not _ASSET.fullmatch(each.asset):
            raise invalid(f"posting {number}: invalid asset {each.asset}")


def check_address(address: str) -> None:
    """Raises VALIDATION for what is no account's address."""
    if not _ADDRESS.fullmatch(address):
        raise invalid(f"invalid account address {address}")


def flag(request: Request, name: str) -> bool:
    """Whether a parameter is set, in any of the ways in which servers read one."""
    return request.query_params.get(name, "").lower() in {"true", "1", "yes"}
