"""Orders to ledgers into Formance's requests, and what it says to several at once into ours."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from providers.domain import LedgerExport, LedgerPartOutcome, NodeType, Ref
from providers.formance.models import ledger as rows
from providers.formance.models import ledger_writes as models
from providers.formance.translate.ledger import ledger_log, ledger_transaction_ref
from providers.formance.translate.values import rfc3339
from providers.orders.ledger import (
    BulkPart,
    ContractOrder,
    LedgerOrder,
    LedgerTransactionOrder,
    NotesOrder,
    PostingOrder,
    RevertOrder,
    VariableOrder,
)

_NOT_TRIED = "context canceled"
_LINE = msgspec.json.Decoder(rows.LedgerLog)


def ledger_request(order: LedgerOrder) -> models.LedgerRequest:
    """A ledger."""
    return models.LedgerRequest(order.bucket, order.metadata)


def transaction_request(order: LedgerTransactionOrder, *, as_texts: bool) -> models.TransactionRequest:
    """A transaction. Newer servers take variables exactly when they are texts, older ones as JSON values."""
    script = None
    if order.script is not None:
        script = models.ScriptBody(order.script, variables(order.variables, as_texts=as_texts))
    return models.TransactionRequest(
        postings=tuple(_posting(each) for each in order.postings) or None,
        script=script,
        timestamp=rfc3339(order.timestamp) if order.timestamp else None,
        reference=order.reference,
        metadata=order.metadata,
    )


def transactions_request(bodies: tuple[models.TransactionRequest, ...]) -> models.TransactionsRequest:
    """Several transactions."""
    return models.TransactionsRequest(bodies)


def script_request(order: LedgerTransactionOrder) -> models.ScriptRequest:
    """A script for servers of the first generation."""
    return models.ScriptRequest(
        plain=order.script or "",
        vars=variables(order.variables, as_texts=False),
        reference=order.reference,
        metadata=order.metadata,
    )


def mapping_request(contracts: Sequence[ContractOrder]) -> models.MappingRequest:
    """The rules of a ledger."""
    return models.MappingRequest(tuple(models.ContractBody(each.address, each.expression) for each in contracts))


def revert_query(order: RevertOrder) -> list[tuple[str, str]]:
    """What the second API is told about a revert."""
    flags = {"force": order.force, "atEffectiveDate": order.at_effective_date}
    return [(name, "true") for name, is_set in flags.items() if is_set]


def element(part: BulkPart, key: str) -> models.Element:
    """One write of a bulk."""
    if isinstance(part, LedgerTransactionOrder):
        return models.Element("CREATE_TRANSACTION", key, transaction_request(part, as_texts=True))
    if isinstance(part, RevertOrder):
        data = models.Reverting(int(part.transaction.keys[1]), part.force, part.at_effective_date)
        return models.Element("REVERT_TRANSACTION", key, data)
    kind, identifier = _target(part.target)
    if isinstance(part, NotesOrder):
        return models.Element("ADD_METADATA", key, models.Note(kind, identifier, metadata=part.metadata))
    return models.Element("DELETE_METADATA", key, models.Note(kind, identifier, key=part.key))


def part_outcomes(raw: Sequence[models.BulkResult], parts: Sequence[BulkPart], ledger: str) -> list[LedgerPartOutcome]:
    """What became of each write. Those that a server does not speak of it did not come to."""
    told = [_outcome(each, ledger) for each in raw[: len(parts)]]
    missing = LedgerPartOutcome(is_refused=True, is_tried=False)
    return [*told, *[missing] * (len(parts) - len(told))]


def log_export(text: bytes, count: int) -> LedgerExport:
    """The lines of an export, at most `count`; one more tells that there are more. Raises `msgspec.DecodeError`."""
    lines = [line for line in text.splitlines() if line.strip()]
    wanted = lines[:count]
    return LedgerExport(
        logs=tuple(ledger_log(_LINE.decode(line)) for line in wanted),
        lines=tuple(line.decode() for line in wanted),
        is_complete=len(lines) <= count,
    )


def variables(orders: Sequence[VariableOrder], *, as_texts: bool) -> Mapping[str, Any]:
    """The values of a script's variables."""
    return {each.name: _variable(each, as_texts=as_texts) for each in orders}


def _variable(order: VariableOrder, *, as_texts: bool) -> object:
    if order.money is not None:
        asset, units = order.money.asset, order.money.minor_units
        return f"{asset} {units}" if as_texts else {"asset": asset, "amount": units}
    if order.number is not None:
        return str(order.number) if as_texts else order.number
    return order.text


def _posting(order: PostingOrder) -> rows.Posting:
    return rows.Posting(order.source, order.destination, order.money.minor_units or 0, order.money.asset)


def _outcome(raw: models.BulkResult, ledger: str) -> LedgerPartOutcome:
    if raw.response_type == "ERROR" or raw.error_code:
        is_tried = raw.error_description != _NOT_TRIED
        return LedgerPartOutcome(is_refused=True, is_tried=is_tried, vendor_code=raw.error_code if is_tried else None)
    return LedgerPartOutcome(ref=ledger_transaction_ref(ledger, raw.data.number) if raw.data else None)


def _target(ref: Ref) -> tuple[str, str | int]:
    if ref.type is NodeType.LEDGER_ACCOUNT:
        return "ACCOUNT", ref.keys[1]
    return "TRANSACTION", int(ref.keys[1])
