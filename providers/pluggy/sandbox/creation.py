"""`POST /payments/smart-accounts`: a new account with no money in it, for a body of either published shape.

The older shape names the owner (`name`, `taxNumber`); the newer one names an item (`itemId`) instead, unless the
account is a sandbox one. Nothing makes two requests one: the vendor knows no idempotency key, so the same body twice is
two accounts. Only the words `taxNumber is required` are the vendor's own; the other refusals follow their pattern.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal
from uuid import uuid4

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from providers.pluggy.sandbox import errors
from providers.pluggy.sandbox.auth import Handler
from providers.pluggy.sandbox.notices import Notices
from providers.pluggy.sandbox.state import ISPB, Holding, SandboxState, SmartAccount, SmartAccountBalance
from providers.pluggy.sandbox.wire import answer

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TAX_NUMBER = re.compile(r"[0-9]{11}|[0-9]{14}")
_TEXTS = ("name", "taxNumber", "email", "phoneNumber", "itemId")
_ADDRESS_TEXTS = ("addressType", "postalCode", "streetName", "streetNumber", "city", "state")
_ADDRESS_FLAGS = ("isPrimaryAddress", "isMailingAddress")

Fields = dict[str, object]


def smart_account_create(state: SandboxState, notices: Notices) -> Handler:
    """The handler. Unknown fields are ignored, and so is the `id` that the vendor's own examples carry."""

    async def handle(request: Request) -> Response:
        try:
            fields = msgspec.json.decode(await request.body(), type=Fields)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return errors.invalid("Body must be a JSON object")
        fault = next(_faults(fields), None)
        if fault is not None:
            return errors.invalid(fault)
        holding = _opened(state, is_sandbox=fields.get("isSandbox") is True)
        state.holdings[holding.account.id] = holding
        notices.smart_account("created", holding.account.id)
        return answer(holding.account)

    return handle


def _faults(fields: Fields) -> Iterator[str]:
    """What is wrong with a body, the first thing first."""
    by_item = fields.get("itemId") is not None and fields.get("isSandbox") is not True
    owner = () if by_item else ("taxNumber", "name")
    yield from _missing(fields, *owner, "email", "phoneNumber", "address")
    yield from _mistyped(fields, texts=_TEXTS, flags=("isSandbox",))
    tax_number, item_id, address = (fields.get(name) for name in ("taxNumber", "itemId", "address"))
    if isinstance(tax_number, str) and not _TAX_NUMBER.fullmatch(tax_number):
        yield "taxNumber must be a CPF or CNPJ"
    if isinstance(item_id, str) and not _UUID.fullmatch(item_id):
        yield "itemId must be a UUID"
    if not isinstance(address, dict):
        yield "address must be an object"
        return
    yield from _missing(address, "city", of="address.")
    yield from _mistyped(address, texts=_ADDRESS_TEXTS, flags=_ADDRESS_FLAGS, of="address.")
    if address.get("addressType", "residential") not in {"residential", "commercial", None}:
        yield "address.addressType must be one of the following values: residential, commercial"


def _missing(fields: Fields, *names: str, of: Literal["", "address."] = "") -> Iterator[str]:
    return (f"{of}{name} is required" for name in names if fields.get(name) is None or fields[name] == "")


def _mistyped(
    fields: Fields, *, texts: tuple[str, ...], flags: tuple[str, ...], of: Literal["", "address."] = ""
) -> Iterator[str]:
    for name in texts:
        if not isinstance(fields.get(name), str | None):
            yield f"{of}{name} must be a string"
    for name in flags:
        if not isinstance(fields.get(name), bool | None):
            yield f"{of}{name} must be a boolean value"


def _opened(state: SandboxState, *, is_sandbox: bool) -> Holding:
    """A new account. Its id is random as the vendor's are: a link to one of an earlier sandbox must not meet it."""
    serial = f"{9_000_000 + len(state.holdings):07d}"
    account = SmartAccount(
        id=str(uuid4()),
        agency="0001",
        number=serial[:6],
        verifying_digit=serial[6],
        ispb=ISPB,
        is_sandbox=is_sandbox,
        pix_key=str(uuid4()),
    )
    opened_at = datetime.fromtimestamp(state.clock(), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Holding(account, SmartAccountBalance(opened_at, Decimal(0), Decimal(0), Decimal(0)))
