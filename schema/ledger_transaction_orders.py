"""Mutations of ledgers' transactions, and what one would be that is not made."""

from datetime import datetime

import strawberry

from resolvers import ledger_parts, writing
from resolvers import ledger_transaction_orders as resolve
from resolvers.caller import Scope
from schema.costs import Cost, load
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.ledger_transaction import LedgerTransaction
from schema.payload import IDEMPOTENCY_KEY, MoneyInput, Payload, UserError
from schema.scalars import JSON, BigInt

LEDGER_ID = "The ledger's global id."
FIRST_ALONE = "Only servers of the first generation can do this; others are a `userErrors` entry of code `UNSUPPORTED`."
_ADDRESS = "words of letters, digits, `-` and `_`, joined by colons. `world` is where money comes from and goes to."
_POSTINGS = "What moves, in order, at most 100. Either this or `script` is needed."
_SCRIPT = "A script that says what moves. Either this or `postings` is needed."
_TIMESTAMP = "When it counts from. Now when omitted."
_REFERENCE = "A name that no other transaction of the ledger has; one that is taken is refused. None when omitted."
_METADATA = "Notes to keep with it: an object of strings."
_OWN_NOTE = "This server adds one of its own, `idempotency_hash`."


@strawberry.input(description="Money to be moved from one account of a ledger to another.")
class LedgerPostingInput:
    """GraphQL `LedgerPostingInput`."""

    source: str = described(f"The address of the account that it leaves: {_ADDRESS}")
    destination: str = described("The address of the account that it reaches, which is made if it is not there.")
    money: MoneyInput = described("How much.")


@strawberry.input(description="The value of a variable of a script: exactly one of `text`, `number` and `money`.")
class LedgerScriptVariableInput:
    """GraphQL `LedgerScriptVariableInput`."""

    name: str = described("The variable's name, without the dollar sign.")
    text: str | None = described("An account's address, an asset, a portion such as `1/3`, or a string.", default=None)
    number: BigInt | None = described("A whole number.", default=None)
    money: MoneyInput | None = described("An amount of an asset.", default=None)


@strawberry.input(description="A script in Numscript.")
class LedgerScriptInput:
    """GraphQL `LedgerScriptInput`."""

    plain: str = described("The script, at most 16000 characters.")
    variables: list[LedgerScriptVariableInput] = described("The values of its variables.", default_factory=list)


@strawberry.input(description="A transaction to be made, as one of several.")
class LedgerTransactionInput:
    """GraphQL `LedgerTransactionInput`."""

    postings: list[LedgerPostingInput] | None = described(_POSTINGS, default=None)
    script: LedgerScriptInput | None = described(_SCRIPT, default=None)
    timestamp: datetime | None = described(_TIMESTAMP, default=None)
    reference: str | None = described(_REFERENCE, default=None)
    metadata: JSON | None = described(_METADATA, default=None)


@strawberry.input(description="A transaction to be made.")
class CreateLedgerTransactionInput:
    """GraphQL `CreateLedgerTransactionInput`."""

    ledger_id: strawberry.ID = described(LEDGER_ID)
    postings: list[LedgerPostingInput] | None = described(_POSTINGS, default=None)
    script: LedgerScriptInput | None = described(_SCRIPT, default=None)
    timestamp: datetime | None = described(_TIMESTAMP, default=None)
    reference: str | None = described(_REFERENCE, default=None)
    metadata: JSON | None = described(f"{_METADATA} {_OWN_NOTE}", default=None)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A transaction that could be made.")
class PreviewLedgerTransactionInput:
    """GraphQL `PreviewLedgerTransactionInput`."""

    ledger_id: strawberry.ID = described(LEDGER_ID)
    postings: list[LedgerPostingInput] | None = described(_POSTINGS, default=None)
    script: LedgerScriptInput | None = described(_SCRIPT, default=None)
    timestamp: datetime | None = described(_TIMESTAMP, default=None)
    reference: str | None = described(_REFERENCE, default=None)
    metadata: JSON | None = described(_METADATA, default=None)


@strawberry.input(description="Transactions to be made together, all or none.")
class CreateLedgerTransactionsInput:
    """GraphQL `CreateLedgerTransactionsInput`."""

    ledger_id: strawberry.ID = described(LEDGER_ID)
    transactions: list[LedgerTransactionInput] = described(
        f"The transactions, 1 to 100, of postings alone. {_OWN_NOTE} Each has that."
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A script to be run.")
class RunLedgerScriptInput:
    """GraphQL `RunLedgerScriptInput`."""

    ledger_id: strawberry.ID = described(LEDGER_ID)
    script: LedgerScriptInput = described("The script.")
    reference: str | None = described(_REFERENCE, default=None)
    metadata: JSON | None = described(f"{_METADATA} {_OWN_NOTE}", default=None)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A transaction to be taken back.")
class RevertLedgerTransactionInput:
    """GraphQL `RevertLedgerTransactionInput`."""

    transaction_id: strawberry.ID = described("The transaction's global id.")
    force: bool = described("Whether accounts may have less than nothing afterwards.", default=False)
    at_effective_date: bool = described(
        "Whether it counts from the time on that the transaction does, and not from now on. Servers of the first "
        "generation cannot do that.",
        default=False,
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What `createLedgerTransaction` and `runLedgerScript` answer.")
class CreateLedgerTransactionPayload(Payload):
    """GraphQL `CreateLedgerTransactionPayload`, backed by `resolvers.writing.Changed`."""

    transaction: LedgerTransaction | None = resolved_by(
        writing.node, "The transaction. Null when it was not made.", needs=Scope.LEDGER_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="What `createLedgerTransactions` answers.")
class CreateLedgerTransactionsPayload(Payload):
    """GraphQL `CreateLedgerTransactionsPayload`, backed by `resolvers.ledger_parts.ChangedMany`."""

    transactions: list[LedgerTransaction] | None = resolved_by(
        ledger_parts.transactions,
        "The transactions, in order. Null when none was made.",
        needs=Scope.LEDGER_READ,
        cost=Cost(
            weight=resolve.MOST_TOGETHER + 1,
            loads=load("ledger_transactions_by_ref", times=resolve.MOST_TOGETHER),
            assumed=resolve.MOST_TOGETHER,
        ),
    )

    is_type_of = backed_by(ledger_parts.ChangedMany)


@strawberry.type(description="What `revertLedgerTransaction` answers.")
class RevertLedgerTransactionPayload(Payload):
    """GraphQL `RevertLedgerTransactionPayload`, backed by `resolvers.writing.Changed`."""

    transaction: LedgerTransaction | None = resolved_by(
        writing.node,
        "The transaction that takes the other one back. Null when it was not taken back.",
        needs=Scope.LEDGER_READ,
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type(description="A transaction that was not made.")
class LedgerTransactionPreview:
    """GraphQL `LedgerTransactionPreview`, backed by `resolvers.ledger_transaction_orders.Previewed`."""

    transaction: LedgerTransaction | None = described(
        "The transaction as it would be. Its id and number may be another's by then. Null when there would be none."
    )
    user_errors: list[UserError] = described("Why there would be none. Empty when there would be one.")

    is_type_of = backed_by(resolve.Previewed)


@strawberry.type
class LedgerPreviewQueries:
    """A part of the root `Query`."""

    preview_ledger_transaction: LedgerTransactionPreview | None = resolved_by(
        resolve.preview_ledger_transaction,
        "What a transaction would be, and whether the ledger would refuse it. Nothing is made.",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("preview_ledger_transaction")),
    )


@strawberry.type
class LedgerTransactionMutations:
    """The mutations of ledgers' transactions, a part of the root `Mutation`."""

    create_ledger_transaction: CreateLedgerTransactionPayload | None = ordered_by(
        resolve.create_ledger_transaction,
        "Moves money between accounts of a ledger, by postings or by a script.",
        needs=Scope.LEDGER_WRITE,
        is_organisations=True,
    )
    create_ledger_transactions: CreateLedgerTransactionsPayload | None = ordered_by(
        resolve.create_ledger_transactions,
        f"Makes several transactions, all or none. {FIRST_ALONE} `executeLedgerBulk` does so on those.",
        needs=Scope.LEDGER_WRITE,
        is_organisations=True,
    )
    revert_ledger_transaction: RevertLedgerTransactionPayload | None = ordered_by(
        resolve.revert_ledger_transaction,
        "Takes a transaction back, by another one that moves the money the other way.",
        needs=Scope.LEDGER_WRITE,
        is_organisations=True,
    )
    run_ledger_script: CreateLedgerTransactionPayload | None = ordered_by(
        resolve.run_ledger_script,
        f"Makes a transaction by a script. {FIRST_ALONE}",
        needs=Scope.LEDGER_WRITE,
        is_organisations=True,
        deprecation_reason="Use `createLedgerTransaction`, which takes scripts on all servers.",
    )
