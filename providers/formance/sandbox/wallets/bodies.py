"""Request bodies of the wallets service."""

from typing import Any, TypeVar

import msgspec
from starlette.requests import Request

from providers.formance.sandbox.bodies import Metadata, Moment
from providers.formance.sandbox.errors import invalid
from providers.formance.sandbox.wallets.chart import Subject

BodyT = TypeVar("BodyT")


class Monetary(msgspec.Struct):
    """An amount in the smallest unit of its asset."""

    asset: str
    amount: int


class NewWallet(msgspec.Struct):
    """A wallet to be made."""

    name: str = ""
    metadata: Metadata | None = None


class Notes(msgspec.Struct):
    """Notes to add."""

    metadata: Metadata | None = None


class NewBalance(msgspec.Struct, rename="camel"):
    """A balance to be made."""

    name: str = ""
    expires_at: Moment | None = None
    priority: int | None = None


class Credit(msgspec.Struct):
    """Money for a wallet."""

    amount: Monetary
    sources: list[Subject] | None = None
    balance: str = ""
    reference: str = ""
    metadata: Metadata | None = None
    timestamp: Moment | None = None


class Debit(msgspec.Struct):
    """Money out of a wallet."""

    amount: Monetary
    pending: bool = False
    metadata: Metadata | None = None
    description: str = ""
    destination: Subject | None = None
    balances: list[str] | None = None
    timestamp: Moment | None = None


class Confirmation(msgspec.Struct):
    """How much of a hold goes where it was meant for; 0 is all of it."""

    amount: int = 0
    final: bool = False


async def body(request: Request, kind: type[BodyT]) -> BodyT:
    """The body as this type; what is missing has its default. Raises VALIDATION."""
    text = await request.body()
    try:
        return msgspec.json.decode(text.strip() or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise invalid(str(error)) from error


def fingerprint(request: Request, given: Any) -> bytes:  # noqa: ANN401 - any of the bodies
    """What tells one order from another."""
    return msgspec.json.encode([request.method, request.url.path, given])
