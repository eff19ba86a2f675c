"""What the payments service is sent. Amounts are whole numbers of the smallest unit, times are texts in RFC 3339.

What is None is left out: servers check a text that is there, even when it is empty.
"""

from collections.abc import Mapping
from typing import Annotated

import msgspec

Metadata = Mapping[str, str]


class PoolRequest(msgspec.Struct, frozen=True, gc=False):
    """A pool to be made."""

    name: str
    account_ids: tuple[str, ...] = msgspec.field(name="accountIDs")


class AddAccountToPoolRequest(msgspec.Struct, frozen=True, gc=False):
    """An account for a pool."""

    account_id: str = msgspec.field(name="accountID")


class AccountRequest(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, rename="camel"):
    """An account to be recorded."""

    reference: str
    connector_id: str = msgspec.field(name="connectorID")
    created_at: str
    account_name: str
    type: str
    default_asset: str | None = None
    metadata: Metadata | None = None


class PaymentRequest(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, rename="camel"):
    """A payment to be recorded."""

    reference: str
    connector_id: str = msgspec.field(name="connectorID")
    created_at: str
    amount: int
    asset: str
    type: str
    status: str
    scheme: str
    source_account_id: str | None = msgspec.field(name="sourceAccountID", default=None)
    destination_account_id: str | None = msgspec.field(name="destinationAccountID", default=None)
    metadata: Metadata | None = None


class BankAccountRequest(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, rename="camel"):
    """A bank account to be kept, and forwarded where a connector is named."""

    name: str
    country: str | None = None
    connector_id: str | None = msgspec.field(name="connectorID", default=None)
    iban: str | None = None
    account_number: str | None = None
    swift_bic_code: str | None = None
    metadata: Metadata | None = None


class ForwardBankAccountRequest(msgspec.Struct, frozen=True, gc=False):
    """Where a bank account is to be made known."""

    connector_id: str = msgspec.field(name="connectorID")


class UpdateBankAccountMetadataRequest(msgspec.Struct, frozen=True, gc=False):
    """Notes to be added to a bank account's."""

    metadata: Metadata


class TransferInitiationRequest(
    msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, rename="camel"
):
    """Money to be moved."""

    reference: str
    description: str
    connector_id: str = msgspec.field(name="connectorID")
    type: str
    amount: int
    asset: str
    destination_account_id: str = msgspec.field(name="destinationAccountID")
    source_account_id: str | None = msgspec.field(name="sourceAccountID", default=None)
    scheduled_at: str | None = None
    validated: bool
    metadata: Metadata | None = None


class UpdateTransferInitiationStatusRequest(msgspec.Struct, frozen=True, gc=False):
    """VALIDATED or REJECTED."""

    status: str


class ReverseTransferInitiationRequest(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """How much of a transfer is to go back."""

    reference: str
    description: str
    amount: int
    asset: str
    metadata: Metadata


class TransferRequest(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Money between two accounts of a kind of connector."""

    amount: int
    asset: str
    destination: str
    source: str | None = None


class TransferResponse(msgspec.Struct, frozen=True, gc=False):
    """The answer to a `TransferRequest`. It is not wrapped in `data`."""

    id: str | None = None


Id = Annotated[str, msgspec.Meta(min_length=1)]


class Created(msgspec.Struct, frozen=True, gc=False):
    """All that is read of an answer to a creation: the rest is read again where it is wanted."""

    id: Id


class Installed(msgspec.Struct, frozen=True, gc=False):
    """The answer to an installation."""

    connector_id: Id = msgspec.field(name="connectorID")
