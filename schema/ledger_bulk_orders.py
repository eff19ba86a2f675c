"""Many writes to a ledger in one call of the vendor."""

import strawberry

from providers.domain import LedgerBulkAction
from resolvers import ledger_bulk_orders as resolve
from resolvers import ledger_parts, writing
from resolvers.caller import Scope
from schema.costs import Cost, load
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.ledger import Ledger
from schema.ledger_transaction import LedgerTransaction
from schema.ledger_transaction_orders import LEDGER_ID, LedgerTransactionInput
from schema.payload import IDEMPOTENCY_KEY, Payload, UserError
from schema.scalars import JSON

_TARGET = "The global id of an account or a transaction of the same ledger."


@strawberry.input(description="A transaction to be taken back by an element of a bulk.")
class LedgerBulkRevertInput:
    """GraphQL `LedgerBulkRevertInput`."""

    transaction_id: strawberry.ID = described("The global id of a transaction of the same ledger.")
    force: bool = described("Whether accounts may have less than nothing afterwards.", default=False)
    at_effective_date: bool = described(
        "Whether it counts from the time on that the transaction does, and not from now on.", default=False
    )


@strawberry.input(description="Notes to be added by an element of a bulk.")
class LedgerBulkMetadataInput:
    """GraphQL `LedgerBulkMetadataInput`."""

    target_id: strawberry.ID = described(_TARGET)
    metadata: JSON = described("Notes to add or to change: an object of strings. The other notes stay.")


@strawberry.input(description="A note to be deleted by an element of a bulk.")
class LedgerBulkMetadataRemovalInput:
    """GraphQL `LedgerBulkMetadataRemovalInput`."""

    target_id: strawberry.ID = described(_TARGET)
    metadata_key: str = described("The note's key. One that is not there is as good as deleted.")


@strawberry.input(description="One element of a bulk: exactly one of its fields is given.")
class LedgerBulkElementInput:
    """GraphQL `LedgerBulkElementInput`."""

    create_transaction: LedgerTransactionInput | None = described("A transaction to be made.", default=None)
    revert_transaction: LedgerBulkRevertInput | None = described("A transaction to be taken back.", default=None)
    add_metadata: LedgerBulkMetadataInput | None = described("Notes to be added.", default=None)
    delete_metadata: LedgerBulkMetadataRemovalInput | None = described("A note to be deleted.", default=None)


@strawberry.input(description="Many writes to one ledger.")
class ExecuteLedgerBulkInput:
    """GraphQL `ExecuteLedgerBulkInput`."""

    ledger_id: strawberry.ID = described(LEDGER_ID)
    elements: list[LedgerBulkElementInput] = described("What to do, in order, 1 to 100 elements.")
    continue_on_failure: bool = described("Whether the others are done when one is refused.", default=False)
    atomic: bool = described(
        "Whether all are done or none. Servers before 2.4 cannot do that: a `userErrors` entry of code `UNSUPPORTED`.",
        default=False,
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(description="What became of one element of a bulk.")
class LedgerBulkResult:
    """GraphQL `LedgerBulkResult`, backed by `resolvers.ledger_parts.PartResult`."""

    index: int = described("The element's place in the input, from 0 on.")
    action: LedgerBulkAction = described("What it was to do.")
    transaction: LedgerTransaction | None = resolved_by(
        ledger_parts.transaction,
        "The transaction that it made; where one was taken back, that one or the one that did, as the server tells. "
        "Null when the element was refused, and for notes.",
        needs=Scope.LEDGER_READ,
        cost=Cost(weight=2, loads=load("ledger_transactions_by_ref")),
    )
    error: UserError | None = described(
        "Why it was not done: a refusal; `NOT_TRIED` after another one's; `ROLLED_BACK` where all or none was asked "
        "for. Null when it was done."
    )


@strawberry.type(description="What `executeLedgerBulk` answers.")
class ExecuteLedgerBulkPayload(Payload):
    """GraphQL `ExecuteLedgerBulkPayload`, backed by `resolvers.ledger_bulk_orders.BulkDone`."""

    ledger: Ledger | None = resolved_by(
        writing.node,
        "The ledger as it is now. Null when the bulk was refused as a whole.",
        needs=Scope.LEDGER_READ,
    )
    results: list[LedgerBulkResult] = described(
        "What became of each element, in order. Some may be done although `userErrors` tells of others. Empty when "
        "the bulk was refused as a whole.",
        cost=Cost(assumed=resolve.MOST),
    )

    is_type_of = backed_by(resolve.BulkDone)


@strawberry.type
class LedgerBulkMutations:
    """The bulk of a ledger, a part of the root `Mutation`."""

    execute_ledger_bulk: ExecuteLedgerBulkPayload | None = ordered_by(
        resolve.execute_ledger_bulk,
        "Makes and takes back transactions and changes notes, many in one call. Without `atomic` those before a "
        "refused one stay done. Servers of the first generation cannot do this: a `userErrors` entry of code "
        "`UNSUPPORTED`.",
        needs=Scope.LEDGER_WRITE,
        is_organisations=True,
    )
