"""Mutations of transfer initiations."""

from datetime import datetime

import strawberry

from providers.domain import TransferType
from resolvers import transfer_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.node import Node
from schema.payload import IDEMPOTENCY_KEY, MoneyInput, Payload
from schema.scalars import JSON
from schema.transfer import TransferInitiation

_SLOW = (
    " Where the payment provider takes longer than about 5 seconds, the answer shows the transfer initiation as it is "
    "by then, or is the error `IN_PROGRESS`; it goes on, and the same key has the outcome later."
)
_METADATA = "Notes to be kept with it: an object of strings. None when omitted."


@strawberry.input(description="Money to be moved by a payment provider.")
class CreateTransferInitiationInput:
    """GraphQL `CreateTransferInitiationInput`."""

    connector_id: strawberry.ID = described("Global id of the connector that shall carry it out.")
    reference: str = described("The caller's own reference, unique for each connector.")
    type: TransferType = described("`TRANSFER` to an internal account, `PAYOUT` to an external one.")
    money: MoneyInput = described("How much.")
    destination_id: strawberry.ID = described("Global id of the payment account that the money shall reach.")
    source_id: strawberry.ID | None = described(
        "Global id of the payment account that the money shall leave. The payment provider chooses when omitted.",
        default=None,
    )
    description: str | None = described("What it is for, in words.", default=None)
    is_validated: bool = described(
        "True: it is carried out at once. False: it waits until `validateTransferInitiation`.", default=False
    )
    scheduled_at: datetime | None = described("When it shall be carried out. At once when omitted.", default=None)
    metadata: JSON | None = described(_METADATA, default=None)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="The transfer initiation that something shall be done to.")
class TransferInitiationInput:
    """GraphQL `TransferInitiationInput`."""

    transfer_initiation_id: strawberry.ID = described("The transfer initiation's global id.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A transfer to be taken back, in whole or in part.")
class ReverseTransferInitiationInput:
    """GraphQL `ReverseTransferInitiationInput`."""

    transfer_initiation_id: strawberry.ID = described("The transfer initiation's global id.")
    reference: str = described("The caller's own reference of the reversal, unique for each connector.")
    money: MoneyInput = described("How much, in the transfer's asset; not more than is left of it.")
    description: str | None = described("What it is for, in words.", default=None)
    metadata: JSON | None = described(_METADATA, default=None)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="Money to be moved between two accounts of the only connector of a kind.")
class TransferBetweenInput:
    """GraphQL `TransferBetweenInput`."""

    provider_name: str = described("The payment provider's name in the stack's word, such as `STRIPE`.")
    money: MoneyInput = described("How much.")
    source_reference: str | None = described(
        "The payment provider's own id of the account that the money shall leave; its main one when omitted.",
        default=None,
    )
    destination_reference: str = described("The payment provider's own id of the account that the money shall reach.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What the mutations that move money answer.")
class TransferInitiationPayload(Payload):
    """GraphQL `TransferInitiationPayload`, backed by `resolvers.writing.Changed`."""

    transfer_initiation: TransferInitiation | None = resolved_by(
        writing.node,
        "The transfer initiation as it is now. Null when nothing was changed.",
        needs=Scope.TRANSFERS_READ,
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `deleteTransferInitiation` answers.")
class DeleteTransferInitiationPayload(Payload):
    """GraphQL `DeleteTransferInitiationPayload`, backed by `resolvers.writing.Changed`."""

    deleted_transfer_initiation_id: strawberry.ID | None = resolved_by(
        writing.deleted_id, "The global id of the transfer initiation that is no more. Null when it was not deleted."
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `transferBetweenConnectorAccounts` answers.")
class TransferBetweenPayload(Payload):
    """GraphQL `TransferBetweenPayload`, backed by `resolvers.writing.Changed`."""

    moved: Node | None = resolved_by(
        writing.node,
        "The payment or transfer initiation that came of it. Null when it was refused, or when the provider does not "
        "say.",
        needs=Scope.TRANSFERS_READ,
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class TransferMutations:
    """The mutations of transfer initiations, a part of the root `Mutation`."""

    create_transfer_initiation: TransferInitiationPayload | None = ordered_by(
        resolve.create_transfer_initiation,
        "Orders a payment provider to move money. One that is refused by the payment provider is kept, as `FAILED`."
        + _SLOW,
        needs=Scope.TRANSFERS_WRITE,
    )
    validate_transfer_initiation: TransferInitiationPayload | None = ordered_by(
        resolve.validate_transfer_initiation,
        "Lets a transfer go that waits for it. One that is then refused by the payment provider is shown as `FAILED`."
        + _SLOW,
        needs=Scope.TRANSFERS_WRITE,
    )
    reject_transfer_initiation: TransferInitiationPayload | None = ordered_by(
        resolve.reject_transfer_initiation,
        "Stops for good a transfer that waits for validation.",
        needs=Scope.TRANSFERS_WRITE,
    )
    retry_transfer_initiation: TransferInitiationPayload | None = ordered_by(
        resolve.retry_transfer_initiation,
        "Tries again a transfer that has failed. It may fail again: see its status." + _SLOW,
        needs=Scope.TRANSFERS_WRITE,
    )
    reverse_transfer_initiation: TransferInitiationPayload | None = ordered_by(
        resolve.reverse_transfer_initiation,
        "Takes back money that was transferred. This may fail at the payment provider: see the status." + _SLOW,
        needs=Scope.TRANSFERS_WRITE,
    )
    delete_transfer_initiation: DeleteTransferInitiationPayload | None = ordered_by(
        resolve.delete_transfer_initiation,
        "Deletes a transfer that still waits for validation.",
        needs=Scope.TRANSFERS_WRITE,
    )
    transfer_between_connector_accounts: TransferBetweenPayload | None = ordered_by(
        resolve.transfer_between_connector_accounts,
        "Moves money between two accounts of the only connector of a kind.",
        deprecation_reason="The servers of today refuse it. Use `createTransferInitiation` instead.",
        needs=Scope.TRANSFERS_WRITE,
        is_organisations=True,
    )
