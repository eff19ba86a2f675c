"""Mutations of ledgers as a whole."""

import strawberry

from resolvers import ledger_orders as resolve
from resolvers import writing
from resolvers.caller import Scope
from schema.fields import backed_by, described, ordered_by, resolved_by
from schema.ledger import Ledger
from schema.ledger_transaction_orders import FIRST_ALONE, LEDGER_ID
from schema.payload import IDEMPOTENCY_KEY, Payload
from schema.scalars import JSON

_SECOND = "Servers of the first generation cannot do this: a `userErrors` entry of code `UNSUPPORTED`."


@strawberry.input(description="A ledger to be made.")
class CreateLedgerInput:
    """GraphQL `CreateLedgerInput`."""

    name: str = described("Its name, unique at the provider: 1 to 63 letters, digits, `-` and `_`.")
    bucket: str | None = described("Where the server stores it. The server's usual place when omitted.", default=None)
    metadata: JSON | None = described("Notes to keep with it: an object of strings.", default=None)
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="Notes to be added to a ledger.")
class UpdateLedgerMetadataInput:
    """GraphQL `UpdateLedgerMetadataInput`."""

    ledger_id: strawberry.ID = described(LEDGER_ID)
    metadata: JSON = described("Notes to add or to change: an object of strings. The other notes stay.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A note to be deleted from a ledger.")
class DeleteLedgerMetadataInput:
    """GraphQL `DeleteLedgerMetadataInput`."""

    ledger_id: strawberry.ID = described(LEDGER_ID)
    metadata_key: str = described("The note's key. One that is not there is as good as deleted.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A rule of a ledger's mapping.")
class LedgerContractInput:
    """GraphQL `LedgerContractInput`."""

    address: str = described("The accounts that it is for.")
    expression: JSON = described("The rule in the server's own form.")


@strawberry.input(description="All rules of a ledger.")
class UpdateLedgerMappingInput:
    """GraphQL `UpdateLedgerMappingInput`."""

    ledger_id: strawberry.ID = described(LEDGER_ID)
    contracts: list[LedgerContractInput] = described("The rules, at most 100. Those that were there before are gone.")
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.input(description="A log to be put into a ledger that is new.")
class ImportLedgerLogsInput:
    """GraphQL `ImportLedgerLogsInput`."""

    ledger_id: strawberry.ID = described(f"{LEDGER_ID} Nothing may have happened to it but earlier imports.")
    lines: list[str] = described(
        "The log, or its next part: an entry of JSON in each, from the oldest on, as `Ledger.exportedLogs` gives them; "
        "1 to 1000."
    )
    idempotency_key: str = described(IDEMPOTENCY_KEY)


@strawberry.type(
    description="What `createLedger`, `updateLedgerMetadata`, `deleteLedgerMetadata`, `updateLedgerMapping` and "
    "`importLedgerLogs` answer."
)
class LedgerPayload(Payload):
    """GraphQL `LedgerPayload`, backed by `resolvers.writing.Changed`."""

    ledger: Ledger | None = resolved_by(
        writing.node, "The ledger as it is now. Null when it was not changed.", needs=Scope.LEDGER_READ
    )

    is_type_of = backed_by(writing.Changed)


@strawberry.type
class LedgerMutations:
    """The mutations of ledgers, a part of the root `Mutation`."""

    create_ledger: LedgerPayload | None = ordered_by(
        resolve.create_ledger,
        f"Makes a ledger. {_SECOND} They make one when it is first asked about.",
        needs=Scope.LEDGER_WRITE,
        is_organisations=True,
    )
    update_ledger_metadata: LedgerPayload | None = ordered_by(
        resolve.update_ledger_metadata,
        f"Adds to a ledger's notes. {_SECOND}",
        needs=Scope.LEDGER_WRITE,
        is_organisations=True,
    )
    delete_ledger_metadata: LedgerPayload | None = ordered_by(
        resolve.delete_ledger_metadata,
        f"Deletes one of a ledger's notes. {_SECOND}",
        needs=Scope.LEDGER_WRITE,
        is_organisations=True,
    )
    update_ledger_mapping: LedgerPayload | None = ordered_by(
        resolve.update_ledger_mapping,
        f"Replaces a ledger's rules. {FIRST_ALONE}",
        needs=Scope.LEDGER_WRITE,
        is_organisations=True,
        deprecation_reason="Only servers of the first generation have it.",
    )
    import_ledger_logs: LedgerPayload | None = ordered_by(
        resolve.import_ledger_logs,
        f"Fills a ledger that is new with the log of another one. {_SECOND}",
        needs=Scope.LEDGER_WRITE,
        is_organisations=True,
    )
