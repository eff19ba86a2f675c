"""What mutations do to the notes of accounts and transactions of ledgers."""

from typing import Annotated, Protocol

import strawberry

from providers.domain import NodeType, Ref, WriteOutcome
from providers.errors import NotFound
from providers.orders.ledger import NotesOrder, RemovalOrder, WritesLedgers
from resolvers.annotating import some
from resolvers.context import Info
from resolvers.ledger_writing import NOTE, note_of, noted_now, write_of
from resolvers.writing import INPUT, Changed, Checks, changed, off, ordered, then

_SCHEMA = "schema.ledger_note_orders"


class UpdateLedgerTransactionMetadataInput(Protocol):
    """The shape of the schema's input of this name."""

    transaction_id: strawberry.ID
    metadata: object
    idempotency_key: str


class DeleteLedgerTransactionMetadataInput(Protocol):
    """The shape of the schema's input of this name."""

    transaction_id: strawberry.ID
    metadata_key: str
    idempotency_key: str


class UpdateLedgerAccountMetadataInput(Protocol):
    """The shape of the schema's input of this name."""

    account_id: strawberry.ID
    metadata: object
    idempotency_key: str


class DeleteLedgerAccountMetadataInput(Protocol):
    """The shape of the schema's input of this name."""

    account_id: strawberry.ID
    metadata_key: str
    idempotency_key: str


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Note = Annotated[Annotated["UpdateLedgerTransactionMetadataInput", strawberry.lazy(_SCHEMA)], INPUT]
Forget = Annotated[Annotated["DeleteLedgerTransactionMetadataInput", strawberry.lazy(_SCHEMA)], INPUT]
NoteAccount = Annotated[Annotated["UpdateLedgerAccountMetadataInput", strawberry.lazy(_SCHEMA)], INPUT]
ForgetAccount = Annotated[Annotated["DeleteLedgerAccountMetadataInput", strawberry.lazy(_SCHEMA)], INPUT]


async def update_ledger_transaction_metadata(info: Info, input: Note) -> Changed:
    """Add to a transaction's notes."""
    checks = Checks(info)
    target = checks.ref(input.transaction_id, "transactionId", of=[NodeType.LEDGER_TRANSACTION])
    return await _noted(info, checks, target, input.metadata, input.idempotency_key)


async def update_ledger_account_metadata(info: Info, input: NoteAccount) -> Changed:
    """Add to an account's notes."""
    checks = Checks(info)
    target = checks.ref(input.account_id, "accountId", of=[NodeType.LEDGER_ACCOUNT])
    return await _noted(info, checks, target, input.metadata, input.idempotency_key)


async def delete_ledger_transaction_metadata(info: Info, input: Forget) -> Changed:
    """Delete one of a transaction's notes."""
    checks = Checks(info)
    target = checks.ref(input.transaction_id, "transactionId", of=[NodeType.LEDGER_TRANSACTION])
    return await _forgotten(info, checks, target, input.metadata_key, input.idempotency_key)


async def delete_ledger_account_metadata(info: Info, input: ForgetAccount) -> Changed:
    """Delete one of an account's notes."""
    checks = Checks(info)
    target = checks.ref(input.account_id, "accountId", of=[NodeType.LEDGER_ACCOUNT])
    return await _forgotten(info, checks, target, input.metadata_key, input.idempotency_key)


async def _noted(info: Info, checks: Checks, target: Ref | None, metadata: object, key: str) -> Changed:
    notes = some(checks, metadata, "metadata")
    if NOTE in notes:
        checks.refuse("This note is the server's own.", "metadata", NOTE)
    to = ordered(info, WritesLedgers)
    if to is None or target is None or checks.failed:
        return checks.failed or off()
    order, note = NotesOrder(target=target, metadata=notes), note_of(info, key)

    async def find() -> WriteOutcome | None:
        """An account need not be there before it is noted."""
        kept = await noted_now(info, to, target)
        if kept is None and target.type is not NodeType.LEDGER_ACCOUNT:
            raise NotFound(to.provider, "get_transaction")
        return WriteOutcome(target) if notes.items() <= (kept or {}).items() else None

    name = f"update{target.type.value}Metadata"
    write = write_of(
        to,
        name,
        key,
        order,
        send=lambda: then(to.vendor.add_ledger_metadata(order, note, to.operation), target),
        find=find,
        field=_field(target),
    )
    return await changed(info, write, checks)


async def _forgotten(info: Info, checks: Checks, target: Ref | None, metadata_key: str, key: str) -> Changed:
    gone = checks.text(metadata_key, "metadataKey")
    if gone == NOTE:
        checks.refuse("This note is the server's own.", "metadataKey")
    to = ordered(info, WritesLedgers)
    if to is None or target is None or checks.failed:
        return checks.failed or off()
    order, note = RemovalOrder(target=target, key=gone), note_of(info, key)

    async def find() -> WriteOutcome | None:
        kept = await noted_now(info, to, target)
        if kept is None:
            raise NotFound(to.provider, "get_transaction")
        return None if gone in kept else WriteOutcome(target)

    name = f"delete{target.type.value}Metadata"
    write = write_of(
        to,
        name,
        key,
        order,
        send=lambda: then(to.vendor.remove_ledger_metadata(order, note, to.operation), target),
        find=find,
        field=_field(target),
    )
    return await changed(info, write, checks)


def _field(target: Ref) -> str:
    return "accountId" if target.type is NodeType.LEDGER_ACCOUNT else "transactionId"
