"""Mutations of the notes of ledgers' accounts and transactions."""

import strawberry

from resolvers import ledger_note_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.ledger_account import LedgerAccount
from schema.ledger_transaction import LedgerTransaction
from schema.payload import IDEMPOTENCY_KEY, Payload
from schema.scalars import JSON

_NOTES = "Notes to add or to change: an object of strings. The other notes stay."
_KEY = "The note's key. One that is not there is as good as deleted."
_ACCOUNT, _TRANSACTION = "The account's global id.", "The transaction's global id."
_SECOND = "Servers of the first generation cannot do this: a `userErrors` entry of code `UNSUPPORTED`."


@strawberry.input(description="Notes to be added to a transaction of a ledger.")
class UpdateLedgerTransactionMetadataInput:
    """GraphQL `UpdateLedgerTransactionMetadataInput`."""

    transaction_id: strawberry.ID = described(_TRANSACTION)
    metadata: JSON = described(_NOTES)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A note to be deleted from a transaction of a ledger.")
class DeleteLedgerTransactionMetadataInput:
    """GraphQL `DeleteLedgerTransactionMetadataInput`."""

    transaction_id: strawberry.ID = described(_TRANSACTION)
    metadata_key: str = described(_KEY)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="Notes to be added to an account of a ledger.")
class UpdateLedgerAccountMetadataInput:
    """GraphQL `UpdateLedgerAccountMetadataInput`."""

    account_id: strawberry.ID = described(_ACCOUNT)
    metadata: JSON = described(_NOTES)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A note to be deleted from an account of a ledger.")
class DeleteLedgerAccountMetadataInput:
    """GraphQL `DeleteLedgerAccountMetadataInput`."""

    account_id: strawberry.ID = described(_ACCOUNT)
    metadata_key: str = described(_KEY)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `updateLedgerTransactionMetadata` and `deleteLedgerTransactionMetadata` answer.")
class LedgerTransactionMetadataPayload(Payload):
    """GraphQL `LedgerTransactionMetadataPayload`, backed by `resolvers.writing.Changed`."""

    transaction: LedgerTransaction | None = resolved_by(
        writing.node, "The transaction as it is now. Null when it was not changed.", needs=Scope.LEDGER_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `updateLedgerAccountMetadata` and `deleteLedgerAccountMetadata` answer.")
class LedgerAccountMetadataPayload(Payload):
    """GraphQL `LedgerAccountMetadataPayload`, backed by `resolvers.writing.Changed`."""

    account: LedgerAccount | None = resolved_by(
        writing.node, "The account as it is now. Null when it was not changed.", needs=Scope.LEDGER_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class LedgerNoteMutations:
    """The mutations of notes in ledgers, a part of the root `Mutation`."""

    update_ledger_transaction_metadata: LedgerTransactionMetadataPayload | None = ordered_by(
        resolve.update_ledger_transaction_metadata,
        "Adds to a transaction's notes.",
        needs=Scope.LEDGER_WRITE,
        is_organisations=True,
    )
    delete_ledger_transaction_metadata: LedgerTransactionMetadataPayload | None = ordered_by(
        resolve.delete_ledger_transaction_metadata,
        f"Deletes one of a transaction's notes. {_SECOND}",
        needs=Scope.LEDGER_WRITE,
        is_organisations=True,
    )
    update_ledger_account_metadata: LedgerAccountMetadataPayload | None = ordered_by(
        resolve.update_ledger_account_metadata,
        "Adds to an account's notes. The account is made if it is not there.",
        needs=Scope.LEDGER_WRITE,
        is_organisations=True,
    )
    delete_ledger_account_metadata: LedgerAccountMetadataPayload | None = ordered_by(
        resolve.delete_ledger_account_metadata,
        f"Deletes one of an account's notes. {_SECOND}",
        needs=Scope.LEDGER_WRITE,
        is_organisations=True,
    )
