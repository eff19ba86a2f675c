"""What mutations do to ledgers as a whole."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Protocol

import msgspec
import strawberry

from providers.domain import NodeType, PageRequest, Ref, WriteOutcome
from providers.orders.ledger import ContractOrder, LedgerOrder, WritesLedgers
from resolvers.annotating import some
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.ledger_writing import ledger_now, ledger_of, reads_of, write_of
from resolvers.writing import INPUT, Changed, Checks, Ordered, changed, off, ordered, then

_LEDGER = re.compile(r"[0-9a-zA-Z_-]{1,63}")
_MOST_LINES = 1_000
_MOST_CONTRACTS = 100


class CreateLedgerInput(Protocol):
    """The shape of the schema's input of this name."""

    name: str
    bucket: str | None
    metadata: object
    idempotency_key: str


class UpdateLedgerMetadataInput(Protocol):
    """The shape of the schema's input of this name."""

    ledger_id: strawberry.ID
    metadata: object
    idempotency_key: str


class DeleteLedgerMetadataInput(Protocol):
    """The shape of the schema's input of this name."""

    ledger_id: strawberry.ID
    metadata_key: str
    idempotency_key: str


class ContractInput(Protocol):
    """The shape of the schema's `LedgerContractInput`."""

    address: str
    expression: object


class UpdateLedgerMappingInput(Protocol):
    """The shape of the schema's input of this name."""

    ledger_id: strawberry.ID
    contracts: list[ContractInput]
    idempotency_key: str


class ImportLedgerLogsInput(Protocol):
    """The shape of the schema's input of this name."""

    ledger_id: strawberry.ID
    lines: list[str]
    idempotency_key: str


class Line(msgspec.Struct):
    """What tells one entry of a log from others."""

    id: int
    hash: str | None = None


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Create = Annotated[Annotated["CreateLedgerInput", strawberry.lazy("schema.ledger_orders")], INPUT]
Annotate = Annotated[Annotated["UpdateLedgerMetadataInput", strawberry.lazy("schema.ledger_orders")], INPUT]
Forget = Annotated[Annotated["DeleteLedgerMetadataInput", strawberry.lazy("schema.ledger_orders")], INPUT]
Map = Annotated[Annotated["UpdateLedgerMappingInput", strawberry.lazy("schema.ledger_orders")], INPUT]
Import = Annotated[Annotated["ImportLedgerLogsInput", strawberry.lazy("schema.ledger_orders")], INPUT]


async def create_ledger(info: Info, input: Create) -> Changed:
    """Make a ledger."""
    checks = Checks(info)
    if not _LEDGER.fullmatch(input.name):
        checks.refuse("A ledger's name has 1 to 63 letters, digits, - and _.", "name")
    if input.bucket is not None and not _LEDGER.fullmatch(input.bucket):
        checks.refuse("A bucket's name has 1 to 63 letters, digits, - and _.", "bucket")
    order = LedgerOrder(name=input.name, bucket=input.bucket, metadata=checks.notes(input.metadata, "metadata"))
    to = ordered(info, WritesLedgers)
    if to is None or checks.failed:
        return checks.failed or off()
    ref = Ref(NodeType.LEDGER, (order.name,), to.provider)

    async def find() -> WriteOutcome | None:
        found = await ledger_now(info, to, ref)
        return WriteOutcome(ref) if found and order.metadata.items() <= (found.metadata or {}).items() else None

    write = write_of(
        to,
        "createLedger",
        input.idempotency_key,
        order,
        send=lambda: to.vendor.create_ledger(order, to.operation),
        find=find,
        field="name",
    )
    return await changed(info, write, checks)


async def update_ledger_metadata(info: Info, input: Annotate) -> Changed:
    """Add to a ledger's notes."""
    checks = Checks(info)
    ledger, notes = ledger_of(checks, input.ledger_id), some(checks, input.metadata, "metadata")
    to = ordered(info, WritesLedgers)
    if to is None or ledger is None or checks.failed:
        return checks.failed or off()

    async def find() -> WriteOutcome | None:
        found = await ledger_now(info, to, ledger)
        return WriteOutcome(ledger) if found and notes.items() <= (found.metadata or {}).items() else None

    write = write_of(
        to,
        "updateLedgerMetadata",
        input.idempotency_key,
        [ledger, notes],
        send=lambda: then(to.vendor.update_ledger_metadata(ledger, notes, to.operation), ledger),
        find=find,
    )
    return await changed(info, write, checks)


async def delete_ledger_metadata(info: Info, input: Forget) -> Changed:
    """Delete one of a ledger's notes."""
    checks = Checks(info)
    ledger, key = ledger_of(checks, input.ledger_id), checks.text(input.metadata_key, "metadataKey")
    to = ordered(info, WritesLedgers)
    if to is None or ledger is None or checks.failed:
        return checks.failed or off()

    async def find() -> WriteOutcome | None:
        found = await ledger_now(info, to, ledger)
        return WriteOutcome(ledger) if found and key not in (found.metadata or {}) else None

    write = write_of(
        to,
        "deleteLedgerMetadata",
        input.idempotency_key,
        [ledger, key],
        send=lambda: then(to.vendor.delete_ledger_metadata(ledger, key, to.operation), ledger),
        find=find,
    )
    return await changed(info, write, checks)


async def update_ledger_mapping(info: Info, input: Map) -> Changed:
    """Replace a ledger's rules."""
    checks = Checks(info)
    ledger = ledger_of(checks, input.ledger_id)
    if len(input.contracts) > _MOST_CONTRACTS:
        checks.refuse(f"At most {_MOST_CONTRACTS} rules can be given.", "contracts")
    contracts = [
        ContractOrder(address=checks.text(each.address, "contracts", str(place), "address"), expression=each.expression)
        for place, each in enumerate(input.contracts)
    ]
    to = ordered(info, WritesLedgers)
    if to is None or ledger is None or checks.failed:
        return checks.failed or off()
    wanted = [(each.address, each.expression) for each in contracts]

    async def find() -> WriteOutcome | None:
        found = value_of((await reads_of(info, to).ledger_mappings([ledger], to.operation))[ledger])
        kept = [(each.address, msgspec.json.decode(each.expression)) for each in found]
        return WriteOutcome(ledger) if kept == wanted else None

    write = write_of(
        to,
        "updateLedgerMapping",
        input.idempotency_key,
        [ledger, contracts],
        send=lambda: then(to.vendor.update_ledger_mapping(ledger, contracts, to.operation), ledger),
        find=find,
    )
    return await changed(info, write, checks)


async def import_ledger_logs(info: Info, input: Import) -> Changed:
    """Fill a new ledger with a log."""
    checks = Checks(info)
    ledger, last = ledger_of(checks, input.ledger_id), _last(checks, input.lines)
    to = ordered(info, WritesLedgers)
    if to is None or ledger is None or last is None or checks.failed:
        return checks.failed or off()
    lines = "\n".join(input.lines).encode()
    write = write_of(
        to,
        "importLedgerLogs",
        input.idempotency_key,
        [ledger, input.lines],
        send=lambda: then(to.vendor.import_ledger_logs(ledger, lines, to.operation), ledger),
        find=lambda: _imported(info, to, ledger, last),
    )
    return await changed(info, write, checks)


async def _imported(info: Info, to: Ordered[Any], ledger: Ref, last: Line) -> WriteOutcome | None:
    """The newest entry of the log is the last one that was sent."""
    page = await reads_of(info, to).list_ledger_logs(ledger, None, None, PageRequest(size=1), to.operation)
    newest = page.items[0] if page.items else None
    is_it = newest is not None and newest.number == last.id and last.hash in {None, newest.hash}
    return WriteOutcome(ledger) if is_it else None


def _last(checks: Checks, lines: Sequence[str]) -> Line | None:
    """The last entry of a log that can be read."""
    found = None
    if not 0 < len(lines) <= _MOST_LINES:
        checks.refuse(f"This needs 1 to {_MOST_LINES} lines.", "lines")
    for place, line in enumerate(lines[:_MOST_LINES]):
        try:
            found = msgspec.json.decode(line, type=Line)
        except (msgspec.DecodeError, UnicodeEncodeError):
            checks.refuse("This is no entry of a log.", "lines", str(place))
        if "\n" in line or "\r" in line:
            checks.refuse("This is more than one line.", "lines", str(place))
    return found
