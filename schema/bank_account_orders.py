"""Mutations of bank accounts."""

import strawberry

from resolvers import bank_account_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.bank_account import BankAccount
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.payload import IDEMPOTENCY_KEY, Payload
from schema.scalars import JSON

_SLOW = (
    " Where a connector takes longer than about 5 seconds, the answer shows the bank account as it is by then, or is "
    "the error `IN_PROGRESS`; it goes on, and the same key has the outcome later."
)


@strawberry.input(description="A bank account to be kept. Its number cannot be read in clear again.")
class CreateBankAccountInput:
    """GraphQL `CreateBankAccountInput`."""

    name: str = described("Its name.")
    country: str | None = described(
        "Its country, by ISO 3166-1 alpha-2. Servers of the second generation need it.", default=None
    )
    iban: str | None = described("Its IBAN. Either this or `accountNumber` is needed.", default=None)
    account_number: str | None = described("Its number. Either this or `iban` is needed.", default=None)
    swift_bic_code: str | None = described("Its bank's BIC.", default=None)
    connector_id: strawberry.ID | None = described(
        "The global id of a connector that it is forwarded to at once. When the connector does not take it, the bank "
        "account is kept all the same, or not made at all; `userErrors` and the payload tell which.",
        default=None,
    )
    metadata: JSON | None = described(
        "Notes to keep with it: an object of strings. This server adds one of its own, `idempotency_hash`.",
        default=None,
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A bank account to be made known to a payment provider.")
class ForwardBankAccountInput:
    """GraphQL `ForwardBankAccountInput`."""

    bank_account_id: strawberry.ID = described("The bank account's global id.")
    connector_id: strawberry.ID = described("The global id of the connector to forward it to.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="Notes for a bank account.")
class UpdateBankAccountMetadataInput:
    """GraphQL `UpdateBankAccountMetadataInput`."""

    bank_account_id: strawberry.ID = described("The bank account's global id.")
    metadata: JSON = described(
        "Notes to add: an object of 1 to 100 strings. Notes of the same names are replaced, others stay."
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `createBankAccount` answers.")
class CreateBankAccountPayload(Payload):
    """GraphQL `CreateBankAccountPayload`, backed by `resolvers.writing.Changed`."""

    bank_account: BankAccount | None = resolved_by(
        writing.node,
        "The bank account. Null when it was not made. With the user error `NOT_FORWARDED` it was made, but the "
        "connector did not take it.",
        needs=Scope.BANK_ACCOUNTS_READ,
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `forwardBankAccount` and `updateBankAccountMetadata` answer.")
class BankAccountPayload(Payload):
    """GraphQL `BankAccountPayload`, backed by `resolvers.writing.Changed`."""

    bank_account: BankAccount | None = resolved_by(
        writing.node,
        "The bank account as it is now. Null when it was not changed.",
        needs=Scope.BANK_ACCOUNTS_READ,
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class BankAccountMutations:
    """The mutations of bank accounts, a part of the root `Mutation`."""

    create_bank_account: CreateBankAccountPayload | None = ordered_by(
        resolve.create_bank_account,
        "Keeps a bank account, to pay to. With a connector it may take minutes: when it has not ended by this server's "
        "deadline, ask again with the same key.",
        needs=Scope.BANK_ACCOUNTS_WRITE,
    )
    forward_bank_account: BankAccountPayload | None = ordered_by(
        resolve.forward_bank_account,
        "Makes a bank account known to a payment provider. A connector that knows it already may refuse it." + _SLOW,
        needs=Scope.BANK_ACCOUNTS_WRITE,
    )
    update_bank_account_metadata: BankAccountPayload | None = ordered_by(
        resolve.update_bank_account_metadata,
        "Adds to the notes that are kept with a bank account.",
        needs=Scope.BANK_ACCOUNTS_WRITE,
    )
