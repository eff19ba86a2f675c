"""What a ledger was at a point in time, worked out from its transactions and its log."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from providers.formance.sandbox.ledger.book import Book
from providers.formance.sandbox.ledger.records import Account, Transaction, Volumes

Held = dict[str, dict[str, Volumes]]


def volumes(
    book: Book, *, until: datetime | None = None, since: datetime | None = None, by_insertion: bool = False
) -> Held:
    """Volumes by address and asset. Counts transactions by when they took effect, or were entered."""
    held: Held = {}
    for each in book.transactions:
        moment = each.inserted_at if by_insertion else each.timestamp
        if (until is None or moment <= until) and (since is None or moment >= since):
            _apply(held, each)
    return held


def committed(
    transactions: Iterable[Transaction], wanted: Callable[[Transaction], bool]
) -> Iterator[tuple[int, Held, Held]]:
    """Id, volumes before and volumes after of each wanted transaction, for the accounts that it moved money of."""
    held: Held = {}
    for each in transactions:
        before = _part(held, each) if wanted(each) else {}
        _apply(held, each)
        if wanted(each):
            yield each.id, before, _part(held, each)


def accounts(book: Book, at: datetime | None) -> list[Account]:
    """All accounts by address; at a point in time those that had been there, with what they had and were noted."""
    if at is None:
        return [book.accounts[address] for address in sorted(book.accounts)]
    held, notes = volumes(book, until=at, by_insertion=True), _notes(book, "ACCOUNT", at)
    return [
        Account(
            address,
            metadata=notes.get(address, {}),
            volumes=held.get(address, {}),
            first_usage=book.accounts[address].first_usage,
            inserted_at=book.accounts[address].inserted_at,
            updated_at=book.accounts[address].updated_at,
        )
        for address in sorted(held.keys() | notes.keys())
        if address in book.accounts
    ]


def transactions(book: Book, at: datetime | None) -> list[Transaction]:
    """All transactions by id; at a point in time those that had taken effect."""
    if at is None:
        return book.transactions
    return [_before(each, at) for each in book.transactions if each.timestamp <= at]


def _before(transaction: Transaction, at: datetime) -> Transaction:
    if transaction.reverted_at is None or transaction.reverted_at <= at:
        return transaction
    return Transaction(
        id=transaction.id,
        postings=transaction.postings,
        timestamp=transaction.timestamp,
        inserted_at=transaction.inserted_at,
        reference=transaction.reference,
        metadata=transaction.metadata,
        updated_at=transaction.updated_at,
    )


def _apply(held: Held, transaction: Transaction) -> None:
    for each in transaction.postings:
        held.setdefault(each.source, {}).setdefault(each.asset, Volumes()).output += each.amount
        held.setdefault(each.destination, {}).setdefault(each.asset, Volumes()).input += each.amount


def _part(held: Held, transaction: Transaction) -> Held:
    """A copy of what the transaction's accounts have of its assets."""
    part: Held = {}
    for each in transaction.postings:
        for address in (each.source, each.destination):
            now = held.get(address, {}).get(each.asset, Volumes())
            part.setdefault(address, {})[each.asset] = Volumes(now.input, now.output)
    return part


def _notes(book: Book, kind: str, at: datetime) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for entry in book.logs:
        if entry.date > at:
            continue
        for address, noted in (entry.data.get("accountMetadata") or {}).items():
            found.setdefault(address, {}).update(noted)
        if entry.data.get("targetType") != kind:
            continue
        target = found.setdefault(entry.data["targetId"], {})
        if entry.type == "SET_METADATA":
            target.update(entry.data["metadata"])
        else:
            target.pop(entry.data["key"], None)
    return found
