"""Request bodies, read as the server reads them: unknown keys are ignored, null is as good as nothing."""

from datetime import datetime
from typing import Annotated, TypeVar

import msgspec
from starlette.requests import Request

from providers.formance.sandbox.errors import bad_body

Body = TypeVar("Body")
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Metadata = dict[str, str]

_ABBREVIATIONS = {"id": "ID", "ids": "IDs"}


def wire_name(name: str) -> str:
    """`connector_id` as the API writes it: `connectorID`."""
    first, *rest = name.split("_")
    return first + "".join(_ABBREVIATIONS.get(word, word.title()) for word in rest)


async def body(request: Request, kind: type[Body]) -> Body:
    """The body as this type. Raises MISSING_OR_INVALID_BODY."""
    text = await request.body()
    if not text.strip():
        raise bad_body("EOF")
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise bad_body(str(error)) from error


class NewAccount(msgspec.Struct, rename=wire_name):
    """An account made by hand."""

    reference: str | None = None
    connector_id: str | None = None
    created_at: Moment | None = None
    account_name: str | None = None
    type: str | None = None
    default_asset: str | None = None
    metadata: Metadata | None = None


class NewPayment(msgspec.Struct, rename=wire_name):
    """A payment made by hand. The amount is in minor units of the asset."""

    reference: str | None = None
    connector_id: str | None = None
    created_at: Moment | None = None
    type: str | None = None
    amount: int | None = None
    asset: str | None = None
    scheme: str | None = None
    status: str | None = None
    source_account_id: str | None = None
    destination_account_id: str | None = None
    metadata: Metadata | None = None


class NewPool(msgspec.Struct, rename=wire_name):
    """Accounts, or on v3 a filter over accounts."""

    name: str | None = None
    account_ids: list[str] | None = None
    query: dict[str, object] | None = None


class PoolAccount(msgspec.Struct, rename=wire_name):
    """An account to add to a pool."""

    account_id: str | None = None


class NewBankAccount(msgspec.Struct, rename=wire_name):
    """With a connector it is forwarded there at once."""

    name: str | None = None
    account_number: str | None = None
    iban: str | None = None
    swift_bic_code: str | None = None
    country: str | None = None
    connector_id: str | None = None
    metadata: Metadata | None = None


class Forwarding(msgspec.Struct, rename=wire_name):
    """Where a bank account shall be made known."""

    connector_id: str | None = None


class MetadataChange(msgspec.Struct):
    """Entries to add or to change; the others stay."""

    metadata: Metadata | None = None


class NewInitiation(msgspec.Struct, rename=wire_name):
    """A transfer initiation. `provider` stands for its only connector (v2)."""

    reference: str | None = None
    scheduled_at: Moment | None = None
    description: str | None = None
    source_account_id: str | None = None
    destination_account_id: str | None = None
    connector_id: str | None = None
    provider: str | None = None
    type: str | None = None
    amount: int | None = None
    asset: str | None = None
    validated: bool | None = None
    metadata: Metadata | None = None


class StatusChange(msgspec.Struct):
    """VALIDATED or REJECTED."""

    status: str | None = None


class NewReversal(msgspec.Struct):
    """How much of a transfer shall go back."""

    reference: str | None = None
    description: str | None = None
    amount: int | None = None
    asset: str | None = None
    metadata: Metadata | None = None


class NewTransfer(msgspec.Struct):
    """Money between two accounts of a connector, given by id or reference."""

    amount: int | None = None
    asset: str | None = None
    destination: str | None = None
    source: str | None = None
