"""Many writes to a ledger in one call of the vendor."""

from collections.abc import Sequence
from typing import Annotated, Protocol

import strawberry

from providers.domain import LedgerBulkAction, LedgerPartOutcome, NodeType, Ref, Refusal, WriteOutcome
from providers.errors import Rejected
from providers.orders.ledger import (
    BulkOrder,
    BulkPart,
    LedgerTransactionOrder,
    NotesOrder,
    RemovalOrder,
    RevertOrder,
    WritesLedgers,
)
from resolvers.annotating import some
from resolvers.attempt import REFUSED
from resolvers.context import Info
from resolvers.ledger_parts import ChangedMany, PartResult, changed_many, results
from resolvers.ledger_writing import TransactionInput, ledger_of, note_of, transaction_order, write_of
from resolvers.writing import INPUT, Checks, off, ordered

MOST = 100
_TARGETS = (NodeType.LEDGER_ACCOUNT, NodeType.LEDGER_TRANSACTION)
_NOT_TRIED = Refusal("NOT_TRIED", "The provider did not come to this: one before it was refused.")
_UNDONE = Refusal("ROLLED_BACK", "This was undone: all or none was asked for, and one was refused.")


class BulkRevertInput(Protocol):
    """The shape of the schema's `LedgerBulkRevertInput`."""

    transaction_id: strawberry.ID
    force: bool
    at_effective_date: bool


class BulkMetadataInput(Protocol):
    """The shape of the schema's `LedgerBulkMetadataInput`."""

    target_id: strawberry.ID
    metadata: object


class BulkRemovalInput(Protocol):
    """The shape of the schema's `LedgerBulkMetadataRemovalInput`."""

    target_id: strawberry.ID
    metadata_key: str


class ElementInput(Protocol):
    """The shape of the schema's `LedgerBulkElementInput`."""

    create_transaction: TransactionInput | None
    revert_transaction: BulkRevertInput | None
    add_metadata: BulkMetadataInput | None
    delete_metadata: BulkRemovalInput | None


class ExecuteLedgerBulkInput(Protocol):
    """The shape of the schema's input of this name."""

    ledger_id: strawberry.ID
    elements: list[ElementInput]
    continue_on_failure: bool
    atomic: bool
    idempotency_key: str


class BulkDone(ChangedMany, frozen=True):
    """What `executeLedgerBulk` answers."""

    results: Sequence[PartResult] = ()


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Bulk = Annotated[Annotated["ExecuteLedgerBulkInput", strawberry.lazy("schema.ledger_bulk_orders")], INPUT]


async def execute_ledger_bulk(info: Info, input: Bulk) -> BulkDone:
    """Do many writes to one ledger."""
    checks = Checks(info)
    ledger = ledger_of(checks, input.ledger_id)
    if not 0 < len(input.elements) <= MOST:
        checks.refuse(f"This needs 1 to {MOST} elements.", "elements")
    if input.atomic and input.continue_on_failure:
        checks.refuse("All or none cannot go on after a failure.", "continueOnFailure")
    parts = [_part(checks, each, ledger, "elements", str(place)) for place, each in enumerate(input.elements[:MOST])]
    to = ordered(info, WritesLedgers)
    known = tuple(part for part in parts if part is not None)
    if to is None or ledger is None or checks.failed:
        return BulkDone.refused(checks.failed or off())
    order = BulkOrder(ledger=ledger, parts=known, goes_on=input.continue_on_failure, is_atomic=input.atomic)
    key = note_of(info, input.idempotency_key)

    async def send() -> WriteOutcome:
        return _outcome(order, await to.vendor.execute_ledger_bulk(order, key, to.operation))

    async def find() -> WriteOutcome | None:
        """Sent again under the same keys: what was done answers as before, and what was not is done now.

        A refusal may be of what was done meanwhile, so it does not count yet.
        """
        try:
            outcome = await send()
        except REFUSED:
            return None
        return None if outcome.refusals else outcome

    write = write_of(to, "executeLedgerBulk", input.idempotency_key, order, send=send, find=find)
    done = await changed_many(info, write, checks)
    told = results([_ACTIONS[type(part)] for part in known], done, "elements")
    return BulkDone(done.ref, done.node, done.user_errors, done.parts, told)


_ACTIONS: dict[type, LedgerBulkAction] = {
    LedgerTransactionOrder: LedgerBulkAction.CREATE_TRANSACTION,
    NotesOrder: LedgerBulkAction.ADD_METADATA,
    RemovalOrder: LedgerBulkAction.DELETE_METADATA,
    RevertOrder: LedgerBulkAction.REVERT_TRANSACTION,
}


def _part(checks: Checks, given: ElementInput, ledger: Ref | None, *field: str) -> BulkPart | None:
    told = [given.create_transaction, given.revert_transaction, given.add_metadata, given.delete_metadata]
    if told.count(None) != len(told) - 1:
        checks.refuse("An element has exactly one of its fields.", *field)
        return None
    if given.create_transaction is not None:
        return transaction_order(checks, given.create_transaction, *field, "createTransaction")
    if given.revert_transaction is not None:
        return _revert(checks, given.revert_transaction, ledger, *field, "revertTransaction")
    if given.add_metadata is not None:
        path = (*field, "addMetadata")
        target = _within(checks, given.add_metadata.target_id, ledger, *path, "targetId", of=_TARGETS)
        notes = some(checks, given.add_metadata.metadata, *path, "metadata")
        return NotesOrder(target=target, metadata=notes) if target else None
    assert given.delete_metadata is not None  # noqa: S101 - one of the four is there
    path = (*field, "deleteMetadata")
    target = _within(checks, given.delete_metadata.target_id, ledger, *path, "targetId", of=_TARGETS)
    key = checks.text(given.delete_metadata.metadata_key, *path, "metadataKey")
    return RemovalOrder(target=target, key=key) if target else None


def _revert(checks: Checks, given: BulkRevertInput, ledger: Ref | None, *field: str) -> RevertOrder | None:
    of = (NodeType.LEDGER_TRANSACTION,)
    target = _within(checks, given.transaction_id, ledger, *field, "transactionId", of=of)
    if target is None:
        return None
    return RevertOrder(transaction=target, force=given.force, at_effective_date=given.at_effective_date)


def _within(checks: Checks, global_id: str, ledger: Ref | None, *field: str, of: Sequence[NodeType]) -> Ref | None:
    """An object of the bulk's own ledger."""
    ref = checks.ref(global_id, *field, of=of)
    if ref is None or ledger is None:
        return ref
    if ref.keys[0] != ledger.keys[0] or (ref.type is NodeType.LEDGER_TRANSACTION and not ref.keys[1].isdecimal()):
        checks.refuse("This is not of the ledger that `ledgerId` names.", *field)
        return None
    return ref


def _outcome(order: BulkOrder, told: Sequence[LedgerPartOutcome]) -> WriteOutcome:
    """Of all or none, where one was refused, the others were not done either."""
    is_undone = order.is_atomic and any(each.is_refused for each in told)
    refusals = [
        Refusal(each.code, each.message, ("elements", str(place)), each.vendor_code)
        for place, each in enumerate(_refusal(part, is_undone=is_undone) for part in told)
        if each is not None
    ]
    parts = tuple(None if is_undone or part.is_refused else part.ref for part in told)
    return WriteOutcome(order.ledger, tuple(refusals), parts)


def _refusal(part: LedgerPartOutcome, *, is_undone: bool) -> Refusal | None:
    if not part.is_tried:
        return _NOT_TRIED
    if part.is_refused:
        return Refusal(Rejected.code, Rejected.summary, vendor_code=part.vendor_code)
    return _UNDONE if is_undone else None
