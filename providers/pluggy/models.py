"""Pluggy's answers as they are on the wire, in Pluggy's words.

Lenient: the vendor's own examples leave out fields that its documentation calls required, so only what an object is
nothing without is required here. Unknown fields are ignored. Amounts are decoded into exact decimals.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import msgspec

from providers.kept import Dated


class AuthRequest(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """The body of `POST /auth`."""

    client_id: str
    client_secret: str


class AuthResponse(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """The answer of `POST /auth`. The key is a JWT, good for two hours."""

    api_key: str


class ApiKeyClaims(msgspec.Struct, frozen=True, gc=False):
    """What an API key says about its own life, in epoch seconds."""

    exp: float
    iat: float | None = None


class SmartAccount(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A smart account. There is no currency, owner or time in it."""

    id: str
    ispb: str | None = None
    agency: str | None = None
    number: str | None = None
    verifying_digit: str | None = None
    type: str | None = None
    is_sandbox: bool | None = None
    pix_key: str | None = None


class SmartAccountAddress(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True, kw_only=True):
    """Where an owner lives; `address_type` is `residential` or `commercial`."""

    city: str
    address_type: str | None = None
    postal_code: str | None = None
    street_name: str | None = None
    street_number: str | None = None
    state: str | None = None
    is_primary_address: bool | None = None
    is_mailing_address: bool | None = None


class CreateSmartAccountRequest(
    msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True, kw_only=True
):
    """The body that opens a smart account; what is None is left out.

    The older shape has `name` and `tax_number` (CPF or CNPJ, digits alone) of the owner. The newer one has them only
    for sandbox accounts, and `item_id` for all others.
    """

    email: str
    phone_number: str
    address: SmartAccountAddress
    name: str | None = None
    tax_number: str | None = None
    item_id: str | None = None
    is_sandbox: bool | None = None


class SmartAccountBalance(Dated, frozen=True, rename="camel"):
    """Amounts in reais."""

    balance: Decimal
    blocked_balance: Decimal | None = None
    scheduled_balance: Decimal | None = None
    last_updated_at: datetime | None = None


Count = Annotated[float, msgspec.Meta(ge=0, le=1e9)]
"""A whole number that the vendor declares as a double: both `2` and `2.0` are read. Never an amount."""


class SmartAccountPage(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A page of the list of all smart accounts of the client."""

    results: tuple[SmartAccount, ...]
    total: Count | None = None
    total_pages: Count | None = None


class GlobalErrorResponse(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """An error body. Only some carry a `codeDescription`."""

    code_description: str | None = None
