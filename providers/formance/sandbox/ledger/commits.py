"""Writes to ledgers, the same for both APIs, bulks and other services: into the books, and told of."""

from collections.abc import Mapping, MutableMapping
from typing import Any

from providers.formance.sandbox.announcing import Announcer
from providers.formance.sandbox.errors import RefusedError
from providers.formance.sandbox.ledger import scripts, wire
from providers.formance.sandbox.ledger.bodies import (
    LEDGER_NAME,
    NewLedger,
    NewTransaction,
    check_address,
    check_postings,
)
from providers.formance.sandbox.ledger.book import REVERTED, Book
from providers.formance.sandbox.ledger.records import Account, Posting, Transaction, Version
from providers.formance.sandbox.ledger.refusals import invalid, no_ledger, not_found, told
from providers.formance.sandbox.moments import Moments


class Commits:
    """The books of one server of a version."""

    def __init__(
        self, books: MutableMapping[str, Book], moments: Moments, announce: Announcer, version: Version
    ) -> None:
        self.books, self.moments, self.version = books, moments, version
        self._announce = announce

    def book(self, name: str) -> Book:
        """A ledger that is there. Raises LEDGER_NOT_FOUND."""
        if name not in self.books:
            raise no_ledger(name)
        return self.books[name]

    def opened(self, name: str) -> Book:
        """A ledger, made if it is not there: the first API does so with any call. Raises VALIDATION."""
        if name not in self.books:
            self.open(name, NewLedger())
        return self.books[name]

    def open(self, name: str, wanted: NewLedger) -> Book:
        """Make a ledger. Raises for a name that is none or is taken."""
        if not LEDGER_NAME.fullmatch(name):
            raise invalid(f"invalid ledger name '{name}'")
        if name in self.books:
            code = "LEDGER_ALREADY_EXISTS" if self.version == "v2.4" else "VALIDATION"
            raise RefusedError(400, code, f"ledger {name} already exists")
        self.books[name] = Book(
            name,
            self.moments.now(),
            bucket=wanted.bucket or "_default",
            metadata=dict(wanted.metadata or {}),
            first_id=1 if self.version == "v2.4" else 0,
        )
        return self.books[name]

    def transaction(self, book: Book, number: int | str) -> Transaction:
        """A transaction that is there. Raises NOT_FOUND, and VALIDATION for what is no number."""
        if isinstance(number, str) and not (number.isascii() and number.isdigit()):
            raise invalid(f"invalid transaction id {number}")
        found = book.transaction(int(number))
        if found is None:
            raise not_found("transaction")
        return found

    def account(self, book: Book, address: str) -> Account:
        """An account to write to, made if it is not there. Raises VALIDATION."""
        check_address(address)
        return book.account(address, self.moments.now())

    def create(self, book: Book, wanted: NewTransaction, *, is_dry: bool = False) -> Transaction:
        """Commit a transaction, or only say what it would be."""
        now = self.moments.now()
        with told(self.version):
            ran = self._ran(book, wanted)
            metadata = _merged(wanted.metadata or {}, ran.metadata)
            draft: dict[str, Any] = {
                "now": now,
                "timestamp": wanted.timestamp or now,
                "reference": wanted.reference or "",
                "metadata": metadata,
                "unlimited": ran.unlimited,
            }
            if is_dry:
                return book.drafted(ran.postings, **draft)
            notes = {**ran.accounts, **(wanted.account_metadata or {})}
            for address in notes:
                check_address(address)
            made = book.post(ran.postings, **draft, account_metadata=notes)
        payload = {"transactions": [wire.logged(made)], "accountMetadata": notes}
        self._announce("ledger", "COMMITTED_TRANSACTIONS", {"ledger": book.name, **payload})
        return made

    def revert(
        self,
        book: Book,
        original: Transaction,
        *,
        force: bool = False,
        at_effective_date: bool = False,
        is_dry: bool = False,
    ) -> Transaction:
        """Commit the opposite of a transaction."""
        with told(self.version):
            made = book.undo(
                original, now=self.moments.now(), force=force, at_effective_date=at_effective_date, is_dry=is_dry
            )
        if not is_dry and self.version == "v1":
            original.metadata = {**original.metadata, REVERTED: f'{{"by":"{made.id}"}}'}
        if not is_dry:
            told_of = {
                "revertedTransaction": wire.transaction(original, "v2.1"),
                "revertTransaction": wire.logged(made),
            }
            self._announce("ledger", "REVERTED_TRANSACTION", {"ledger": book.name, **told_of})
        return made

    def note(self, book: Book, target: Account | Transaction, metadata: Mapping[str, Any]) -> None:
        """Add metadata."""
        book.note(target, metadata, self.moments.now())
        payload = {"ledger": book.name, **wire.target(target), "metadata": dict(metadata)}
        self._announce("ledger", "SAVED_METADATA", payload)

    def forget(self, book: Book, target: Account | Transaction, key: str) -> None:
        """Delete metadata."""
        book.forget(target, key, self.moments.now())
        self._announce("ledger", "DELETED_METADATA", {"ledger": book.name, **wire.target(target), "key": key})

    def _ran(self, book: Book, wanted: NewTransaction) -> scripts.Ran:
        plain = wanted.script.plain if wanted.script else ""
        if wanted.postings and plain:
            raise invalid("cannot pass postings and numscript in the same request")
        if wanted.script is not None and plain:
            ran = scripts.run(book, plain, wanted.script.vars or {})
        else:
            ran = scripts.Ran(list(wanted.postings or []), {}, {}, set())
        if not ran.postings:
            raise RefusedError(400, "NO_POSTINGS", "you need to pass either a posting array or a numscript script")
        check_postings(ran.postings)
        if wanted.force:
            ran.unlimited |= _sources(ran.postings)
        return ran


def _sources(postings: list[Posting]) -> set[str]:
    return {each.source for each in postings}


def _merged(given: Mapping[str, Any], scripted: Mapping[str, str]) -> dict[str, Any]:
    for key in scripted:
        if key in given:
            raise RefusedError(400, "METADATA_OVERRIDE", f"cannot override metadata '{key}'")
    return {**given, **scripted}
