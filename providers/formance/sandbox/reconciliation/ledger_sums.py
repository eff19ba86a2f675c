"""What a ledger's accounts held together at a time: those that a filter finds."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from providers.formance.sandbox.ledger.book import Account, Book
from providers.formance.sandbox.query import Column, Grammar, predicate
from providers.formance.sandbox.reconciliation.records import Balances

_ADDRESS = "address"


def ledger_sums(book: Book, query: dict[str, object], at: datetime) -> Balances:
    """By asset, of what was posted until then. Raises `RefusedError` for a filter that the ledger does not take."""
    wanted = predicate(_exact(query), Grammar("v2", "balances", _columns(query)))
    members = {each for each, account in book.accounts.items() if wanted is None or wanted(account)}
    sums: Balances = defaultdict(int)
    for transaction in book.transactions:
        for posting in transaction.postings if transaction.timestamp <= at else ():
            if posting.source in members:
                sums[posting.asset] -= posting.amount
            if posting.destination in members:
                sums[posting.asset] += posting.amount
    return dict(sums)


def _exact(query: dict[str, object]) -> dict[str, object]:
    """The filter with each address pattern under a key of its own, since the grammar compares values as they are."""
    return {name: _renamed(name, value) for name, value in query.items()}


def _renamed(name: str, value: object) -> object:
    if isinstance(value, list):
        return [_exact(each) if isinstance(each, dict) else each for each in value]
    if not isinstance(value, dict):
        return value
    if name == "$not":
        return _exact(value)
    return {_pattern_key(key, pattern): True if key == _ADDRESS else pattern for key, pattern in value.items()}


def _pattern_key(key: str, pattern: object) -> str:
    return f"{_ADDRESS}:{pattern}" if key == _ADDRESS else key


def _columns(query: object) -> dict[str, Column]:
    """A column for each address pattern in a filter: whether an account's address is of that form."""
    if isinstance(query, list):
        return {key: column for each in query for key, column in _columns(each).items()}
    if not isinstance(query, dict):
        return {}
    found: dict[str, Column] = {}
    for key, value in query.items():
        if key == _ADDRESS:
            found[_pattern_key(key, value)] = Column(_matching(str(value)))
        else:
            found |= _columns(value)
    return found


def _matching(pattern: str) -> Callable[[Account], bool]:
    """An empty segment of a pattern stands for any one."""
    wanted = pattern.split(":")

    def matches(account: Account) -> bool:
        found = account.address.split(":")
        return len(found) == len(wanted) and all(
            each in {"", segment} for each, segment in zip(wanted, found, strict=True)
        )

    return matches
