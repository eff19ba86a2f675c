"""What mutations do to transactions of ledgers, and what one would be that is not made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol

import msgspec
import strawberry

from providers.domain import LedgerTransaction, NodeType, Ref, Refusal, WriteOutcome
from providers.errors import NotFound
from providers.orders.ledger import LedgerTransactionOrder, RevertOrder, WritesLedgers
from resolvers.annotating import about
from resolvers.attempt import REFUSED
from resolvers.context import Info
from resolvers.ledger_parts import ChangedMany, changed_many
from resolvers.ledger_writing import (
    NOTE,
    PostingInput,
    ScriptInput,
    TransactionInput,
    ledger_of,
    note_of,
    noted_now,
    transaction_order,
    write_of,
)
from resolvers.writing import INPUT, Changed, Checks, Ordered, changed, off, ordered

MOST_TOGETHER = 100


class CreateLedgerTransactionInput(TransactionInput, Protocol):
    """The shape of the schema's input of this name."""

    ledger_id: strawberry.ID
    idempotency_key: str


class PreviewLedgerTransactionInput(TransactionInput, Protocol):
    """The shape of the schema's input of this name."""

    ledger_id: strawberry.ID


class CreateLedgerTransactionsInput(Protocol):
    """The shape of the schema's input of this name."""

    ledger_id: strawberry.ID
    transactions: list[TransactionInput]
    idempotency_key: str


class RunLedgerScriptInput(Protocol):
    """The shape of the schema's input of this name."""

    ledger_id: strawberry.ID
    script: ScriptInput
    reference: str | None
    metadata: object
    idempotency_key: str


class RevertLedgerTransactionInput(Protocol):
    """The shape of the schema's input of this name."""

    transaction_id: strawberry.ID
    force: bool
    at_effective_date: bool
    idempotency_key: str


class _Script:
    """A script in the shape of a transaction."""

    postings: list[PostingInput] | None = None
    timestamp: datetime | None = None

    def __init__(self, input: RunLedgerScriptInput) -> None:
        self.script: ScriptInput | None = input.script
        self.reference, self.metadata = input.reference, input.metadata


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
_SCHEMA = "schema.ledger_transaction_orders"
Create = Annotated[Annotated["CreateLedgerTransactionInput", strawberry.lazy(_SCHEMA)], INPUT]
Together = Annotated[Annotated["CreateLedgerTransactionsInput", strawberry.lazy(_SCHEMA)], INPUT]
Run = Annotated[Annotated["RunLedgerScriptInput", strawberry.lazy(_SCHEMA)], INPUT]
Revert = Annotated[Annotated["RevertLedgerTransactionInput", strawberry.lazy(_SCHEMA)], INPUT]
Preview = Annotated[
    Annotated["PreviewLedgerTransactionInput", strawberry.lazy(_SCHEMA)],
    strawberry.argument(description="What would be done."),
]


class Previewed(msgspec.Struct, frozen=True):
    """The transaction that would be made, or why there would be none."""

    transaction: LedgerTransaction | None
    user_errors: Sequence[Refusal] = ()


async def create_ledger_transaction(info: Info, input: Create) -> Changed:
    """Move money within a ledger."""
    checks = Checks(info)
    note = note_of(info, input.idempotency_key)
    ledger, order = ledger_of(checks, input.ledger_id), transaction_order(checks, input, note=note)
    to = ordered(info, WritesLedgers)
    if to is None or ledger is None or checks.failed:
        return checks.failed or off()
    write = write_of(
        to,
        "createLedgerTransaction",
        input.idempotency_key,
        [ledger, order],
        send=lambda: to.vendor.create_ledger_transaction(ledger, order, note, to.operation),
        find=lambda: _made(to, ledger, note),
    )
    return await changed(info, write, checks)


async def run_ledger_script(info: Info, input: Run) -> Changed:
    """Move money within a ledger by a script, on servers of the first generation."""
    checks = Checks(info)
    note = note_of(info, input.idempotency_key)
    ledger, order = ledger_of(checks, input.ledger_id), transaction_order(checks, _Script(input), note=note)
    to = ordered(info, WritesLedgers)
    if to is None or ledger is None or checks.failed:
        return checks.failed or off()
    write = write_of(
        to,
        "runLedgerScript",
        input.idempotency_key,
        [ledger, order],
        send=lambda: to.vendor.run_ledger_script(ledger, order, to.operation),
        find=lambda: _made(to, ledger, note),
    )
    return await changed(info, write, checks)


async def create_ledger_transactions(info: Info, input: Together) -> ChangedMany:
    """Make several transactions, all or none, on servers of the first generation."""
    checks = Checks(info)
    note = note_of(info, input.idempotency_key)
    ledger, orders = ledger_of(checks, input.ledger_id), _orders(checks, input.transactions, note)
    to = ordered(info, WritesLedgers)
    if to is None or ledger is None or checks.failed:
        return ChangedMany.refused(checks.failed or off())

    async def send() -> WriteOutcome:
        return WriteOutcome(
            ledger, parts=tuple(await to.vendor.create_ledger_transactions(ledger, orders, to.operation))
        )

    async def find() -> WriteOutcome | None:
        found = tuple(await to.vendor.ledger_transactions_with_note(ledger, (NOTE, note), to.operation))
        return WriteOutcome(ledger, parts=found) if len(found) == len(orders) else None

    write = write_of(to, "createLedgerTransactions", input.idempotency_key, [ledger, orders], send=send, find=find)
    return await changed_many(info, write, checks)


async def revert_ledger_transaction(info: Info, input: Revert) -> Changed:
    """Take a transaction back."""
    checks = Checks(info)
    transaction = checks.ref(input.transaction_id, "transactionId", of=[NodeType.LEDGER_TRANSACTION])
    to = ordered(info, WritesLedgers)
    if to is None or transaction is None:
        return checks.failed or off()
    order = RevertOrder(transaction=transaction, force=input.force, at_effective_date=input.at_effective_date)
    note = note_of(info, input.idempotency_key)

    async def find() -> WriteOutcome | None:
        reverting = await to.vendor.reverting_ledger_transaction(transaction, to.operation)
        if reverting is None and await noted_now(info, to, transaction) is None:
            raise NotFound(to.provider, "get_transaction")
        return WriteOutcome(reverting) if reverting else None

    write = write_of(
        to,
        "revertLedgerTransaction",
        input.idempotency_key,
        order,
        send=lambda: to.vendor.revert_ledger_transaction(order, note, to.operation),
        find=find,
        field="transactionId",
    )
    return await changed(info, write, checks)


async def preview_ledger_transaction(info: Info, input: Preview) -> Previewed:
    """The transaction that would be made. Nothing is."""
    checks = Checks(info)
    ledger, order = ledger_of(checks, input.ledger_id), transaction_order(checks, input)
    to = ordered(info, WritesLedgers)
    if to is None or ledger is None or checks.failed:
        return Previewed(None, (checks.failed or off()).user_errors)
    try:
        return Previewed(await to.vendor.preview_ledger_transaction(ledger, order, info.context.operation))
    except REFUSED as error:
        return Previewed(None, [about(error, "ledgerId")])


async def _made(to: Ordered[WritesLedgers], ledger: Ref, note: str) -> WriteOutcome | None:
    """One call: the transaction has our note."""
    found = await to.vendor.ledger_transactions_with_note(ledger, (NOTE, note), to.operation)
    return WriteOutcome(found[0]) if found else None


def _orders(checks: Checks, given: Sequence[TransactionInput], note: str) -> list[LedgerTransactionOrder]:
    if not 0 < len(given) <= MOST_TOGETHER:
        checks.refuse(f"This needs 1 to {MOST_TOGETHER} transactions.", "transactions")
    return [
        transaction_order(checks, each, "transactions", str(place), note=note)
        for place, each in enumerate(given[:MOST_TOGETHER])
    ]
