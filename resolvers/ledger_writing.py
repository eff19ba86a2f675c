"""What mutations of ledgers share: how their inputs are read, and the key by which the vendor knows them."""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import strawberry

from providers.domain import Ledger, LedgerAccount, LedgerTransaction, NodeType, Ref, WriteOutcome
from providers.orders.ledger import LedgerTransactionOrder, PostingOrder, VariableOrder, WritesLedgers
from providers.protocols.ledger import ReadsLedgers
from resolvers.annotating import about
from resolvers.attempt import Write
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.writing import Checks, MoneyInput, Ordered

NOTE = "idempotency_hash"
"""The metadata by which a transaction is found again."""
MOST_POSTINGS = 100
LONGEST_SCRIPT = 16_000

_ADDRESS = re.compile(r"[a-zA-Z0-9_-]+(?::[a-zA-Z0-9_-]+)*")
_VARIABLE = re.compile(r"[a-z_][a-z0-9_]*")


class PostingInput(Protocol):
    """The shape of the schema's `LedgerPostingInput`."""

    source: str
    destination: str
    money: MoneyInput


class VariableInput(Protocol):
    """The shape of the schema's `LedgerScriptVariableInput`."""

    name: str
    text: str | None
    number: int | None
    money: MoneyInput | None


class ScriptInput(Protocol):
    """The shape of the schema's `LedgerScriptInput`."""

    plain: str
    variables: list[VariableInput]


class TransactionInput(Protocol):
    """The shape of the schema's `LedgerTransactionInput`, and of the inputs that have its fields."""

    postings: list[PostingInput] | None
    script: ScriptInput | None
    timestamp: datetime | None
    reference: str | None
    metadata: object


def note_of(info: Info, key: str) -> str:
    """What no other caller and no other key has, and what tells neither."""
    return hashlib.sha256(json.dumps([info.context.caller.id, key]).encode()).hexdigest()


def write_of(
    to: Ordered[WritesLedgers],
    name: str,
    key: str,
    order: object,
    *,
    send: Callable[[], Awaitable[Ref | WriteOutcome | None]],
    find: Callable[[], Awaitable[WriteOutcome | None]],
    field: str = "ledgerId",
) -> Write:
    """A write to a ledger. `field` is the input's that names what it is about."""

    async def prepare() -> bytes:
        await to.vendor.ready_for_ledgers(to.operation)
        return b""

    return Write(
        operation=name,
        provider=to.provider,
        key=key,
        input=order,
        send=lambda _notes: send(),
        find=lambda _notes: find(),
        prepare=prepare,
        refusal=lambda error: about(error, field),
    )


def ledger_of(checks: Checks, global_id: strawberry.ID) -> Ref | None:
    """The ledger that an input names."""
    return checks.ref(global_id, "ledgerId", of=[NodeType.LEDGER])


def transaction_order(
    checks: Checks, given: TransactionInput, *field: str, note: str | None = None
) -> LedgerTransactionOrder:
    """Postings or a script, with the note by which the transaction is found again."""
    if bool(given.postings) == (given.script is not None):
        checks.refuse("Either postings or a script are needed.", *field, "postings")
    if len(given.postings or ()) > MOST_POSTINGS:
        checks.refuse(f"At most {MOST_POSTINGS} postings can be given.", *field, "postings")
    metadata = checks.notes(given.metadata, *field, "metadata")
    if NOTE in metadata:
        checks.refuse("This note is the server's own.", *field, "metadata", NOTE)
    return LedgerTransactionOrder(
        postings=_postings(checks, given.postings or (), *field, "postings"),
        script=script_of(checks, given.script, *field, "script") if given.script is not None else None,
        variables=variables_of(checks, given.script, *field, "script") if given.script is not None else (),
        timestamp=checks.time(given.timestamp, *field, "timestamp"),
        reference=checks.text(given.reference, *field, "reference") if given.reference is not None else None,
        metadata={**metadata, NOTE: note} if note else metadata,
    )


def script_of(checks: Checks, given: ScriptInput, *field: str) -> str:
    """A script that is there and not endless."""
    if not given.plain.strip() or len(given.plain) > LONGEST_SCRIPT:
        checks.refuse(f"A script needs 1 to {LONGEST_SCRIPT} characters.", *field, "plain")
    return given.plain


def variables_of(checks: Checks, given: ScriptInput, *field: str) -> tuple[VariableOrder, ...]:
    """Each with exactly one value, and no name twice."""
    found: dict[str, VariableOrder] = {}
    for place, each in enumerate(given.variables):
        path = (*field, "variables", str(place))
        if not _VARIABLE.fullmatch(each.name) or each.name in found:
            checks.refuse("A variable needs a name of its own, without the dollar sign.", *path, "name")
        if [each.text, each.number, each.money].count(None) != 2:
            checks.refuse("A variable has exactly one of `text`, `number` and `money`.", *path)
        money = checks.money(each.money, *path, "money") if each.money is not None else None
        found[each.name] = VariableOrder(name=each.name, text=each.text, number=each.number, money=money)
    return tuple(found.values())


def _postings(checks: Checks, given: Sequence[PostingInput], *field: str) -> tuple[PostingOrder, ...]:
    found = []
    for place, each in enumerate(given):
        path = (*field, str(place))
        for name, address in (("source", each.source), ("destination", each.destination)):
            if not _ADDRESS.fullmatch(address) or len(address) > 1_000:
                checks.refuse("An address is words of letters, digits, - and _, joined by colons.", *path, name)
        money = checks.money(each.money, *path, "money")
        if money is not None:
            found.append(PostingOrder(source=each.source, destination=each.destination, money=money))
    return tuple(found)


def reads_of(info: Info, to: Ordered[Any]) -> ReadsLedgers:
    """The reads of the provider that is written to."""
    return info.context.providers.able(ReadsLedgers)[to.provider]


async def ledger_now(info: Info, to: Ordered[Any], ref: Ref) -> Ledger | None:
    """A ledger as the provider has it now."""
    found = await reads_of(info, to).ledgers_by_ref([ref], to.operation)
    return value_of(found[ref]) if ref in found else None


async def noted_now(info: Info, to: Ordered[Any], ref: Ref) -> Mapping[str, str] | None:
    """The metadata of an account or a transaction as the provider has it now. None: it is not there."""
    found: LedgerAccount | LedgerTransaction | None
    if ref.type is NodeType.LEDGER_ACCOUNT:
        accounts = await reads_of(info, to).ledger_accounts_by_ref([ref], to.operation)
        found = value_of(accounts[ref]) if ref in accounts else None
    else:
        transactions = await reads_of(info, to).ledger_transactions_by_ref([ref], to.operation)
        found = value_of(transactions[ref]) if ref in transactions else None
    return None if found is None else found.metadata
